import AWSValues
import OrderedCollections
import OrderedJSON

/// Calls AWS Organizations, which answers only the management account and the delegated administrators of an
/// organization.
///
/// Its limits on calls are low and shared by the whole organization, so calls are made one after the other.
/// Source: https://docs.aws.amazon.com/organizations/latest/APIReference/Welcome.html (the protocol is AWS JSON 1.1)
package struct OrganizationsClient: Sendable {
    private let caller: AWSCaller
    private let endpoint: Endpoint
    private let credentials: CredentialCache

    package init(_ caller: AWSCaller, endpoint: Endpoint, credentials: CredentialCache) {
        self.caller = caller
        self.endpoint = endpoint
        self.credentials = credentials
    }

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

    /// All elements of a list, page by page. A page without elements is not the last one as long as it has a token.
    private func pages<Element>(
        _ operation: String,
        _ parent: String? = nil,
        list: String,
        _ read: (JSONValue, JSONAnswer) throws(AWSError) -> Element
    ) async throws(AWSError) -> [Element] {
        var all: [Element] = []
        var seen: Set<String> = []
        var token: String?
        repeat {
            var members: JSONObject = [:]
            members["ParentId"] = parent.map(JSONValue.string)
            members["NextToken"] = token.map(JSONValue.string)
            let answer = try await call(operation, members)
            guard let elements = answer.body[list]?.array else { throw answer.unreadable("it has no \(list)") }
            for element in elements { all.append(try read(element, answer)) }
            switch answer.body["NextToken"] {
            case nil, .null: token = nil
            case .string(let text): token = text.isEmpty ? nil : text
            // Taken for the end, it would make the list shorter than it is.
            default: throw answer.unreadable("the page token is not a string")
            }
            // Answering with a token that was answered before, the service would keep us forever.
            if let token, !seen.insert(token).inserted { throw answer.unreadable("the page token is repeated") }
        } while token != nil
        return all
    }

    private func call(_ operation: String, _ members: JSONObject) async throws(AWSError) -> JSONAnswer {
        let call = AWSCall(
            json: members, to: .organizations, "AWSOrganizationsV20161128", operation, endpoint, credentials)
        return try JSONAnswer(try await caller.answer(to: call), to: call)
    }
}
