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
    package let id: String
    /// What people call it; empty when AWS does not say.
    package let name: String
    /// `ACTIVE`, `SUSPENDED`, `PENDING_ACTIVATION`, `PENDING_CLOSURE` or `CLOSED`.
    package let state: String

    /// Whether it can use what is granted to it. ECR refuses a policy that names a closed account.
    package var isActive: Bool { state == "ACTIVE" }

    /// Reads an element of a list. `Status` is the older name of `State`, which AWS retires.
    init(_ element: JSONValue, _ answer: JSONAnswer) throws(AWSError) {
        guard let id = element["Id"]?.string, let state = (element["State"] ?? element["Status"])?.string,
            id.utf8.count == 12, id.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { throw answer.unreadable("an account has no id or state") }
        self.id = id
        self.state = state
        name = element["Name"]?.string ?? ""
    }
}
