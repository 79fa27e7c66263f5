package import AWSValues

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

    /// What is different in some owner accounts, by account. The role and external id of an account that is listed
    /// here are these, whatever the general ones are.
    package var accounts: [AccountID: Account] = [:]

    /// How one owner account is signed in to.
    package struct Account: Hashable, Sendable {
        /// Nil uses the base credentials as they are.
        package var role: RoleTemplate?
        package var externalID: String?

        package init(role: RoleTemplate?, externalID: String?) {
            self.role = role
            self.externalID = externalID
        }
    }

    /// What holds for one owner account.
    package func account(_ id: AccountID) -> Account {
        accounts[id] ?? Account(role: role, externalID: externalID)
    }
}
