import AWSValues
import OrderedCollections
import OrderedJSON

/// Calls AWS Organizations, which answers only the management account and the delegated administrators of an
/// organization.
///
/// Its limits on calls are low and shared by the whole organization, so calls are made one after the other.
/// Source: https://docs.aws.amazon.com/organizations/latest/APIReference/Welcome.html (the protocol is AWS JSON 1.1)
package struct OrganizationsClient: Sendable {
    let caller: AWSCaller
    let endpoint: Endpoint
    let credentials: CredentialCache

    /// The organization that the caller's account belongs to. Any of its accounts may ask this.
    package func organization() async throws(AWSError) -> OrganizationSummary {
        let answer = try await call("DescribeOrganization", [:])
        let members = answer.body["Organization"]
        guard let id = members?["Id"]?.string, let management = members?["MasterAccountId"]?.string else {
            throw answer.unreadable("it has no organization")
        }
        return OrganizationSummary(id: id, managementAccount: management)
    }

    /// The ids of the roots; there is one today.
    package func roots() async throws(AWSError) -> [String] {
        try await pages("ListRoots", list: "Roots") { element, answer throws(AWSError) in
            guard let id = element["Id"]?.string else { throw answer.unreadable("a root has no id") }
            return id
        }
    }

    /// Every account of the organization, whatever its state.
    package func accounts() async throws(AWSError) -> [OrganizationAccount] {
        try await pages("ListAccounts", list: "Accounts", OrganizationAccount.init)
    }

    /// The accounts directly in a root or unit.
    package func accounts(in parent: String) async throws(AWSError) -> [OrganizationAccount] {
        try await pages("ListAccountsForParent", parent, list: "Accounts", OrganizationAccount.init)
    }

    /// The ids of the units directly in a root or unit.
    package func units(in parent: String) async throws(AWSError) -> [String] {
        try await pages("ListOrganizationalUnitsForParent", parent, list: "OrganizationalUnits") {
            element, answer throws(AWSError) in
            guard let id = element["Id"]?.string else { throw answer.unreadable("a unit has no id") }
            return id
        }
    }

    /// The accounts of a root or unit and of all units in it, each once, whatever their state; sorted by id.
    package func accounts(below parent: String) async throws(AWSError) -> [OrganizationAccount] {
        var found: [AccountID: OrganizationAccount] = [:]
        var open = [parent]
        var seen: Set<String> = [parent]
        while let next = open.popLast() {
            for account in try await accounts(in: next) { found[account.id] = account }
            // A unit that is moved meanwhile may turn up twice.
            for unit in try await units(in: next) where seen.insert(unit).inserted { open.append(unit) }
        }
        return found.values.sorted { $0.id < $1.id }
    }

    /// All elements of a list, page by page.
    private func pages<Element>(
        _ operation: String,
        _ parent: String? = nil,
        list: String,
        _ read: (JSONValue, JSONAnswer) throws(AWSError) -> Element
    ) async throws(AWSError) -> [Element] {
        var all: [Element] = []
        var pages = PageTokens(emptyIsEnd: true)
        repeat {
            var members: JSONObject = [:]
            members["ParentId"] = parent.map(JSONValue.string)
            members["NextToken"] = pages.next.map(JSONValue.string)
            let answer = try await call(operation, members)
            for element in try answer.elements(of: list) { all.append(try read(element, answer)) }
            try pages.take("NextToken", of: answer)
        } while pages.next != nil
        return all
    }

    private func call(_ operation: String, _ members: JSONObject) async throws(AWSError) -> JSONAnswer {
        let call = AWSCall(
            json: members, to: .organizations, "AWSOrganizationsV20161128", operation, endpoint, credentials)
        return try JSONAnswer(try await caller.answer(to: call), to: call)
    }
}
