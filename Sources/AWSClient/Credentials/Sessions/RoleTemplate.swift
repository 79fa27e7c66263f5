package import AWSValues

/// The role to assume in each owner account, as `--role` gives it.
package struct RoleTemplate: Hashable, Sendable {
    /// The role that is assumed where no other is named, as text.
    package static let standardText = "arn:{partition}:iam::{account}:role/EcrShareOperator"
    package static let standard = RoleTemplate(standardText)

    private let text: String

    /// A role ARN, in which `{partition}` and `{account}` are replaced.
    package init(_ text: String) {
        self.text = text
    }

    /// Whether a text is `none` or has the form of a role's ARN, with or without `{partition}` and `{account}`.
    package static func isRole(_ text: String) -> Bool {
        let fields = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        return text == "none"
            || (fields.count == 6 && fields[0] == "arn" && fields[2] == "iam" && fields[5].hasPrefix("role/"))
    }

    /// The role's ARN in one account.
    package func arn(account: AccountID, partition: Partition) -> String {
        text.replacing("{partition}", with: partition.id).replacing("{account}", with: account.description)
    }
}
