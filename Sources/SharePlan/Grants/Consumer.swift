package import AWSValues

/// Who is granted access. Ordered by kind, then by id.
package enum Consumer: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Every identity of an account that the account's own policies allow.
    case account(AccountID)
    /// One IAM role or user.
    case principal(PrincipalARN)
    /// Every account of an organization.
    case organization(OrganizationID)
    /// The accounts of one organizational unit, by its path.
    case organizationPath(OrganizationPath)

    /// As written in a matrix.
    package var description: String {
        switch self {
        case .account(let id): id.description
        case .principal(let arn): arn.text
        case .organization(let id): id.text
        case .organizationPath(let path): path.text
        }
    }

    /// The consumer that `text` spells as a matrix has it, or nil. Groups and bare unit ids are not consumers yet.
    package init?(_ text: some StringProtocol) {
        if let id = AccountID(text) {
            self = .account(id)
        } else if let arn = PrincipalARN(text) {
            self = .principal(arn)
        } else if let id = OrganizationID(text) {
            self = .organization(id)
        } else if let path = OrganizationPath(text) {
            self = .organizationPath(path)
        } else {
            return nil
        }
    }
}
