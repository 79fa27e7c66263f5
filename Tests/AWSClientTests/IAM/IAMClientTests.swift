import Testing

@testable import AWSClient

@Suite struct IAMClientTests {
    private static func answer(_ results: String, more: String = "<IsTruncated>false</IsTruncated>") -> String {
        """
        <SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
        <SimulatePrincipalPolicyResult>\(more)<EvaluationResults>\(results)</EvaluationResults>
        </SimulatePrincipalPolicyResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>
        </SimulatePrincipalPolicyResponse>
        """
    }

    private static func member(_ action: String, _ decision: String, _ more: String = "") -> String {
        "<member><EvalActionName>\(action)</EvalActionName><EvalResourceName>r</EvalResourceName>"
            + "<EvalDecision>\(decision)</EvalDecision>\(more)</member>"
    }

    private func withIAM<Value>(
        _ handler: @escaping LoopbackServer.Handler,
        _ body: (IAMClient, LoopbackServer) async throws -> Value
    ) async throws -> Value {
        try await withLoopbackServer(handler) { server in
            try await withCaller { caller in
                let endpoint = Endpoint(url: try server.url, signingRegion: "us-east-1")
                let iam = IAMClient(caller: caller, account: "111122223333", endpoint: endpoint, credentials: .fixed())
                return try await body(iam, server)
            }
        }
    }

    @Test func `Decisions are read over all pages`() async throws {
        try await withIAM { request in
            request.text.contains("Marker=next")
                ? .answer(
                    body: Self.answer(
                        Self.member(
                            "b", "explicitDeny",
                            "<OrganizationsDecisionDetail><AllowedByOrganizations>false</AllowedByOrganizations>"
                                + "</OrganizationsDecisionDetail>")))
                : .answer(
                    body: Self.answer(
                        Self.member("a", "allowed"), more: "<IsTruncated>true</IsTruncated><Marker>next</Marker>"))
        } _: { iam, server in
            let decisions = try await iam.simulate(["a", "b"], on: ["r"], as: "arn:aws:iam::1:role/x y")
            #expect(decisions.map(\.isAllowed) == [true, false])
            #expect(decisions.map(\.isDenied) == [false, true])
            #expect(decisions.map(\.isStoppedByOrganization) == [false, true])
            let first = try #require(server.requests.first?.text)
            #expect(
                first.hasPrefix(
                    "Action=SimulatePrincipalPolicy&Version=2010-05-08&PolicySourceArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fx%20y"
                        + "&ActionNames.member.1=a&ActionNames.member.2=b&ResourceArns.member.1=r"))
        }
    }

    @Test func `An answer that leaves a question open is not taken for a yes`() async throws {
        try await withIAM { _ in
            .answer(body: Self.answer(Self.member("a", "allowed")))
        } _: { iam, _ in
            let problem = await error { () throws(AWSError) in try await iam.simulate(["a", "b"], on: ["r"], as: "x") }
            #expect(problem?.code == "unreadable-answer")
        }
    }
}
