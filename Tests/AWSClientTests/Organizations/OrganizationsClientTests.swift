import AWSValues
import OrderedJSON
import Synchronization
import Testing

@testable import AWSClient

@Suite struct OrganizationsClientTests {
    private func withOrganizations<Value>(
        _ handler: @escaping LoopbackServer.Handler,
        _ body: (OrganizationsClient, LoopbackServer) async throws -> Value
    ) async throws -> Value {
        try await withLoopbackServer(handler) { server in
            try await withCaller { caller in
                let endpoint = Endpoint(url: try server.url, signingRegion: "us-east-1")
                let client = OrganizationsClient(caller: caller, endpoint: endpoint, credentials: .fixed())
                return try await body(client, server)
            }
        }
    }

    /// `digit` is the last of the account's id.
    private static func account(_ digit: String, _ members: String) -> String {
        #"{"Id":"00000000000\#(digit)","Name":"n\#(digit)",\#(members)}"#
    }

    @Test func `Pages are read until there is no token, empty ones too`() async throws {
        let pages = [
            "": #"{"Accounts":[],"NextToken":"a"}"#,
            "a": #"{"Accounts":[\#(Self.account("1", #""State":"ACTIVE""#))],"NextToken":"b"}"#,
            "b": #"{"Accounts":[],"NextToken":"c"}"#,
            "c": #"{"Accounts":[\#(Self.account("2", #""State":"CLOSED""#))]}"#,
        ]
        try await withOrganizations { request in
            let token = (try? JSONValue(lenient: request.body))?["NextToken"]?.string ?? ""
            return .answer(body: pages[token] ?? "{}")
        } _: { organizations, server in
            let accounts = try await organizations.accounts()
            #expect(accounts.map { String($0.id.description.suffix(1)) } == ["1", "2"])
            #expect(accounts.map(\.isActive) == [true, false])
            #expect(
                server.requests.allSatisfy { $0.headers["x-amz-target"] == "AWSOrganizationsV20161128.ListAccounts" })
            #expect(server.mostBusy == 1, "Organizations is asked one question at a time")
        }
    }

    @Test func `A token that comes back ends the reading with an error`() async throws {
        try await withOrganizations { _ in
            .answer(body: #"{"Accounts":[],"NextToken":"again"}"#)
        } _: { organizations, _ in
            let problem = await error { () throws(AWSError) in try await organizations.accounts() }
            #expect(problem?.code == "unreadable-answer")
        }
    }

    @Test(arguments: [
        (#""State":"ACTIVE","Status":"SUSPENDED""#, "ACTIVE"), (#""Status":"SUSPENDED""#, "SUSPENDED"),
        (#""State":"PENDING_CLOSURE""#, "PENDING_CLOSURE"),
    ]) func `State counts before Status, which AWS retires`(members: String, state: String) async throws {
        try await withOrganizations { _ in
            .answer(body: #"{"Accounts":[\#(Self.account("1", members))]}"#)
        } _: { organizations, _ in
            let accounts = try await organizations.accounts()
            #expect(accounts.first?.state == state)
        }
    }

    @Test(arguments: [
        #"{"Accounts":[{"Id":"111122223333"}]}"#, #"{"Accounts":[{"Id":"1","State":"ACTIVE"}]}"#,
        #"{"Accounts":[],"NextToken":7}"#, #"{"Accounts":null}"#,
    ]) func `A list that lacks something is an error, never a shorter list`(body: String) async throws {
        try await withOrganizations { _ in
            .answer(body: body)
        } _: { organizations, _ in
            let problem = await error { () throws(AWSError) in try await organizations.accounts() }
            #expect(problem?.code == "unreadable-answer")
        }
    }

    @Test func `TooManyRequestsException is tried again`() async throws {
        let calls = Atomic(0)
        try await withOrganizations { _ in
            guard calls.add(1, ordering: .relaxed).newValue > 2 else {
                return .answer(status: 400, body: #"{"__type":"TooManyRequestsException","Message":"slow"}"#)
            }
            return .answer(body: #"{"Roots":[{"Id":"r-ab12"}]}"#)
        } _: { organizations, server in
            let roots = try await organizations.roots()
            #expect(roots == ["r-ab12"])
            #expect(server.requests.count == 3)
        }
    }

    @Test func `Accounts of nested units are found once, and a loop of units ends`() async throws {
        let units = [
            "ou-1": #"[{"Id":"ou-2"},{"Id":"ou-3"}]"#, "ou-2": #"[{"Id":"ou-3"}]"#, "ou-3": #"[{"Id":"ou-1"}]"#,
        ]
        try await withOrganizations { request in
            let parent = (try? JSONValue(lenient: request.body))?["ParentId"]?.string ?? ""
            if request.operation == "ListAccountsForParent" {
                return .answer(
                    body: #"{"Accounts":[\#(Self.account("\(parent.suffix(1))", #""State":"ACTIVE""#)),"#
                        + #"\#(Self.account("9", #""State":"ACTIVE""#))]}"#)
            }
            return .answer(body: #"{"OrganizationalUnits":\#(units[parent] ?? "[]")}"#)
        } _: { organizations, server in
            let accounts = try await organizations.accounts(below: "ou-1")
            #expect(accounts.map { String($0.id.description.suffix(1)) } == ["1", "2", "3", "9"])
            #expect(server.requests.count == 6)
        }
    }

    @Test(arguments: [
        ("AccessDeniedException", "You don't have permissions to access this resource."),
        ("AWSOrganizationsNotInUseException", "Your account is not a member of an organization."),
    ]) func `A refusal says who may ask`(code: String, message: String) async throws {
        try await withOrganizations { _ in
            .answer(status: 400, body: #"{"__type":"\#(code)","Message":"\#(message)"}"#)
        } _: { organizations, _ in
            let problem = await error { () throws(AWSError) in try await organizations.organization() }
            for words in [code, message, "management account", "--via"] {
                #expect(problem?.description.contains(words) == true, "\(String(describing: problem))")
            }
        }
    }
}
