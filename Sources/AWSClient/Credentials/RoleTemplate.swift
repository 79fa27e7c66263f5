/// The role to assume in each owner account, as `--role` gives it.
package struct RoleTemplate: Hashable, Sendable {
    package static let standard = RoleTemplate("arn:{partition}:iam::{account}:role/EcrShareOperator")

    private let text: String

    /// A role ARN, in which `{partition}` and `{account}` are replaced.
    package init(_ text: String) {
        self.text = text
    }

    /// The role's ARN in one account.
    package func arn(account: String, partition: String) -> String {
        text.replacing("{partition}", with: partition).replacing("{account}", with: account)
    }
}
