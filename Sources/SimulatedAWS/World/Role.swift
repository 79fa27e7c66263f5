/// A role that can be assumed, and by whom.
package struct Role: Hashable, Sendable {
    package var account: String
    /// The name with its path and without a leading slash, such as `EcrShareOperator` or `teams/Operator`.
    package var name: String
    /// Account ids, user or role ARNs, or `*`.
    package var trusts: [String]
    package var externalID: String?
    /// Refuses everybody, as a permission boundary or a service control policy would.
    package var isDenied = false
    /// The longest session in seconds.
    package var maximumDuration = 3600
    /// What sessions of the role may do; nil for everything in their account.
    package var permissions: PermissionPolicy?
    package var partition = "aws"

    /// A role that may do everything in its account.
    package init(account: String, name: String, trusts: [String], externalID: String? = nil) {
        self.account = account
        self.name = name
        self.trusts = trusts
        self.externalID = externalID
    }

    package var arn: String { "arn:\(partition):iam::\(account):role/\(name)" }
}
