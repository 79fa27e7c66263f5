/// How sessions in the owner accounts are opened.
package struct SignInRules: Hashable, Sendable {
    /// Nil uses the base credentials as they are (`--role none`). A session policy cannot narrow those.
    package var role: RoleTemplate? = .standard
    /// The ARN of a role to assume first, with which the operator roles are then assumed.
    package var via: String?
    package var externalID: String?
    package var sessionName = "ecr-share"
    /// At most one hour when the base credentials or the hub are themselves a role.
    package var duration: Duration = .seconds(3_600)

    package init() {}
}
