package import AWSValues
import OrderedJSON

/// An organization as DescribeOrganization describes it.
package struct OrganizationSummary: Hashable, Sendable {
    /// `o-…`
    package let id: String
    /// The account that pays for the others and may ask everything.
    package let managementAccount: String
}

/// An account of an organization.
///
/// Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html
package struct OrganizationAccount: Hashable, Sendable {
    package let id: AccountID
    /// What people call it; empty when AWS does not say.
    package let name: String
    /// `ACTIVE`, `SUSPENDED`, `PENDING_ACTIVATION`, `PENDING_CLOSURE` or `CLOSED`.
    package let state: String

    /// Whether it can use what is granted to it. ECR refuses a policy that names a closed account.
    package var isActive: Bool { state == "ACTIVE" }

    /// Reads an element of a list. `Status` is the older name of `State`, which AWS retires.
    init(_ element: JSONValue, _ answer: JSONAnswer) throws(AWSError) {
        guard let id = element["Id"]?.string.flatMap({ AccountID($0) }),
            let state = (element["State"] ?? element["Status"])?.string
        else { throw answer.unreadable("an account has no id or state") }
        self.id = id
        self.state = state
        name = element["Name"]?.string ?? ""
    }
}
