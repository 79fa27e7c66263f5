extension AccountID {
    /// The account as a principal: `arn:PARTITION:iam::ID:root`, which means the account and not its root user.
    ///
    /// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    package func rootARN(in partition: Partition) -> String {
        "arn:\(partition.id):iam::\(description):root"
    }

    /// The account that a principal of a policy names, as twelve digits or as root ARN of `partition`; nil for any
    /// other principal.
    package init?(principal: String, in partition: Partition) {
        if let id = AccountID(principal) {
            self = id
            return
        }
        let head = "arn:\(partition.id):iam::"
        guard principal.hasPrefix(head), principal.hasSuffix(":root"),
            let id = AccountID(principal.dropFirst(head.count).dropLast(":root".count))
        else { return nil }
        self = id
    }
}
