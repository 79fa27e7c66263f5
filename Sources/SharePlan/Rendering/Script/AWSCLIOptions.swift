import AWSValues

/// How a plan becomes a script of AWS CLI commands.
package struct AWSCLIOptions: Hashable, Sendable {
    /// The role that the reader is asked to assume; `{partition}` and `{account}` are filled in. nil: none, the base
    /// credentials are used as they are.
    package var role: String? = "arn:{partition}:iam::{account}:role/EcrShareOperator"
    /// The folder for the policies as they were, relative to where the script runs.
    package var backup: String = "backup"

    func role(in registry: Registry) -> String? {
        role?.replacing("{partition}", with: registry.region.partition.id)
            .replacing("{account}", with: registry.account.description)
    }
}
