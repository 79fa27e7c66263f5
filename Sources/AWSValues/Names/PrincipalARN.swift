/// The ARN of an IAM role or user, as it may appear in a repository policy.
///
/// Roots are not among them: an account is an ``AccountID``. Nor are role sessions, groups and wildcards: ECR refuses
/// them or they would not last. Paths are kept. The text is compared as it is: role and user names differ by case.
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
package struct PrincipalARN: TextValue {
    package let text: String
    package let partition: Partition
    package let account: AccountID

    /// The role or user that `text` names, or nil for anything else.
    package init?(_ text: some StringProtocol) {
        let colon = UInt8(ascii: ":")
        let fields = text.utf8.split(separator: colon, maxSplits: 5, omittingEmptySubsequences: false)
        guard fields.count == 6, fields[0].elementsEqual("arn".utf8), fields[2].elementsEqual("iam".utf8),
            fields[3].isEmpty,
            let partition = Partition(rawValue: String(decoding: fields[1], as: UTF8.self)),
            let account = AccountID(String(decoding: fields[4], as: UTF8.self))
        else { return nil }
        let path = fields[5].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard path.count >= 2, path[0].elementsEqual("role".utf8) || path[0].elementsEqual("user".utf8),
            path.dropFirst().allSatisfy({ !$0.isEmpty && $0.allSatisfy(PrincipalARN.isNameByte) })
        else { return nil }
        self.text = String(text)
        self.partition = partition
        self.account = account
    }

    /// Letters, digits and `+=,.@_-`: what IAM allows in names.
    private static func isNameByte(_ byte: UInt8) -> Bool { byte.isLetterOrDigit || "+=,.@_-".utf8.contains(byte) }
}
