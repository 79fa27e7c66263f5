/// A long-lived key pair: the base credentials from which a run starts.
package struct AccessKey: Hashable, Sendable {
    package var id: String
    package var secret: String
    package var account: String
    /// Who the key belongs to, such as `arn:aws:iam::999900001111:user/platform`.
    package var arn: String

    /// The key of the platform team's user in every world that does not set another. It opens nothing anywhere else.
    package static let platform = AccessKey(
        id: "AKIASANDBOXEXAMPLE00",
        secret: "sandbox/secret+that/opens/nothing/anywhere",
        account: "999900001111",
        arn: "arn:aws:iam::999900001111:user/platform"
    )
}
