import AWSValues
import Testing

@testable import AWSClient

@Suite struct SessionProviderTests {
    /// Answers AssumeRole with a session in the role's account, and GetCallerIdentity by the access key.
    private static let sts: LoopbackServer.Handler = { request in
        if request.text.hasPrefix("Action=GetCallerIdentity") {
            let isBase = request.headers["authorization"]?.contains("Credential=BASEKEY/") == true
            let arn =
                isBase
                ? "arn:aws:sts::999988887777:assumed-role/Deploy/ci" : "arn:aws:sts::222233334444:assumed-role/Hub/x"
            return .answer(
                body: """
                    <GetCallerIdentityResponse><GetCallerIdentityResult><Arn>\(arn)</Arn><UserId>A:ci</UserId>
                    <Account>\(isBase ? "999988887777" : "222233334444")</Account></GetCallerIdentityResult>
                    </GetCallerIdentityResponse>
                    """
            )
        }
        let account = request.text.firstRange(of: "iam%3A%3A").map { request.text[$0.upperBound...].prefix(12) } ?? ""
        return .answer(
            body: STSClientTests.assumeRoleAnswer(account: String(account), expiration: "2099-01-01T00:00:00Z"))
    }

    private func withSessions<Value>(
        _ handler: @escaping LoopbackServer.Handler = sts,
        change: (inout AWSConfiguration) -> Void = { _ in },
        _ body: (AWS, LoopbackServer) async throws -> Value
    ) async throws -> Value {
        try await withLoopbackServer(handler) { server in
            let environment = TestFiles().environment([
                "AWS_ACCESS_KEY_ID": "BASEKEY", "AWS_SECRET_ACCESS_KEY": "base-secret",
                "AWS_ENDPOINT_URL": try server.url.description, "AWS_REGION": "eu-west-1",
            ])
            var configuration = try AWSConfiguration(environment)
            configuration.clock = .impatient
            change(&configuration)
            return try await withAWS(configuration) { (aws) async throws in try await body(aws, server) }
        }
    }

    private func failure(_ cache: CredentialCache) async -> SignInError? {
        let failure = await error { () async throws(CredentialFailure) in try await cache.credentials() }
        guard case .signIn(let error) = failure else { return nil }
        return error
    }

    @Test func `A session is opened once for an account and policy, with all that was asked for`() async throws {
        try await withSessions(change: {
            $0.signIn.externalID = "ext"
            $0.signIn.duration = .seconds(900)
        }) { aws, server in
            for _ in 0..<3 {
                let session = aws.session(account: "111122223333", partition: .aws, policy: "{}")
                let credentials = try await session.credentials()
                #expect(credentials.accessKeyID == "ASIAEXAMPLE")
            }
            #expect(server.requests.count == 1)
            let text = try #require(server.requests.first?.text)
            #expect(
                text.contains("role%2FEcrShareOperator&RoleSessionName=ecr-share&DurationSeconds=900&ExternalId=ext"))
            #expect(text.hasSuffix("&Policy=%7B%7D"))
            _ = try await aws.session(account: "111122223333", partition: .aws, policy: "{ }").credentials()
            _ = try await aws.session(account: "555566667777", partition: .aws, policy: "{}").credentials()
            #expect(server.requests.count == 3)
        }
    }

    @Test func `A hub role is assumed first, once, and may do nothing but assume roles`() async throws {
        try await withSessions(change: { $0.signIn.via = "arn:aws:iam::222233334444:role/Hub" }) { aws, server in
            _ = try await aws.session(account: "111122223333", partition: .aws, policy: nil).credentials()
            _ = try await aws.session(account: "555566667777", partition: .aws, policy: nil).credentials()
            let requests = server.requests
            try #require(requests.count == 3)
            #expect(requests[0].text.contains("role%2FHub"))
            #expect(requests[0].text.contains("sts%3AAssumeRole"))
            #expect(requests[0].headers["authorization"]?.contains("BASEKEY") == true)
            #expect(requests[1].headers["authorization"]?.contains("ASIAEXAMPLE") == true)
            #expect(requests[2].headers["authorization"]?.contains("ASIAEXAMPLE") == true)
        }
    }

    @Test func `A session in another account is refused`() async throws {
        let wrong: LoopbackServer.Handler = { _ in
            .answer(body: STSClientTests.assumeRoleAnswer(account: "999900001111"))
        }
        try await withSessions(wrong) { aws, _ in
            let error = await failure(aws.session(account: "111122223333", partition: .aws, policy: nil))
            #expect(error?.code == "wrong-account")
            #expect(error?.description.contains("999900001111") == true)
        }
    }

    @Test func `A role that is not in the account is refused before STS is asked`() async throws {
        try await withSessions(change: { $0.signIn.role = RoleTemplate("arn:aws:iam::999900001111:role/R") }) {
            aws, server in
            let error = await failure(aws.session(account: "111122223333", partition: .aws, policy: nil))
            #expect(error?.description.contains("{account}") == true)
            #expect(server.requests.isEmpty)
        }
    }

    @Test func `Without a role the base credentials are used, if they are in the account`() async throws {
        try await withSessions(change: { $0.signIn.role = nil }) { aws, _ in
            let session = aws.session(account: "999988887777", partition: .aws, policy: nil)
            let credentials = try await session.credentials()
            #expect(credentials.accessKeyID == "BASEKEY")
            let error = await failure(aws.session(account: "111122223333", partition: .aws, policy: nil))
            #expect(error?.code == "wrong-account")
        }
    }

    @Test func `A refused role is explained: account, role, caller, and the statement that is missing`() async throws {
        let refusing: LoopbackServer.Handler = { request in
            request.text.hasPrefix("Action=AssumeRole")
                ? .answer(status: 403, body: STSClientTests.errorAnswer("AccessDenied", "not authorized"))
                : Self.sts(request)
        }
        try await withSessions(refusing, change: { $0.signIn.externalID = "ext-1" }) { aws, _ in
            let error = try #require(
                await failure(aws.session(account: "111122223333", partition: .aws, policy: nil))
            )
            for words in [
                "arn:aws:sts::999988887777:assumed-role/Deploy/ci", "arn:aws:iam::111122223333:role/EcrShareOperator",
                "AccessDenied: not authorized", "req-3",
                #"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999988887777:role/Deploy"},"#
                    + #""Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"ext-1"}}}"#,
            ] {
                #expect(error.description.contains(words), "\(error)")
            }
            #expect(!error.description.contains("base-secret"))
        }
    }

    /// What is reported when STS refuses with that message, with a hub role or without.
    private func refusal(_ message: String, code: String = "AccessDenied", hub: Bool = false) async throws -> String {
        let refusing: LoopbackServer.Handler = { request in
            request.text.hasPrefix("Action=AssumeRole") && !request.text.contains("role%2FHub")
                ? .answer(status: 403, body: STSClientTests.errorAnswer(code, message)) : Self.sts(request)
        }
        let via = "arn:aws:iam::222233334444:role/Hub"
        return try await withSessions(refusing, change: { $0.signIn.via = hub ? via : nil }) { aws, _ in
            let session = aws.session(account: "111122223333", partition: .aws, policy: nil)
            return try #require(await failure(session)).description
        }
    }

    private static let denied =
        "User: arn:aws:sts::999988887777:assumed-role/Deploy/ci is not authorized to perform: ACTION on resource: "
        + "arn:aws:iam::111122223333:role/EcrShareOperator"

    @Test(arguments: [
        ("sts:AssumeRole", "with an explicit deny in a service control policy", "service control policy", "needs"),
        ("sts:AssumeRole", "because no permissions boundary allows the sts:AssumeRole action", "boundary", "needs"),
        (
            "sts:AssumeRole", "because no identity-based policy allows the sts:AssumeRole action", "own policy needs",
            "trust"
        ),
        (
            "sts:AssumeRole", "because no resource-based policy allows the sts:AssumeRole action", "trust policy needs",
            "own"
        ),
        ("sts:TagSession", "", #""Action":["sts:AssumeRole","sts:TagSession"]"#, "MFA"),
    ]) func `The advice follows what AWS says of the layer that refused`(
        action: String, end: String, wanted: String, unwanted: String
    ) async throws {
        let text = try await refusal("\(Self.denied.replacing("ACTION", with: action)) \(end)")
        #expect(text.contains(wanted), "\(text)")
        #expect(!text.contains(unwanted), "\(text)")
    }

    @Test func `A failure of the hub's session names the hub`() async throws {
        let limit = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
        let text = try await refusal(limit, code: "ValidationError", hub: true)
        #expect(
            text.hasPrefix("the session of the hub role arn:aws:iam::222233334444:role/Hub could not assume"), "\(text)"
        )
        #expect(text.contains("--session-duration"))
    }

    @Test func `Base credentials that are refused are not described as assuming themselves`() async throws {
        let refusing: LoopbackServer.Handler = { _ in
            .answer(status: 403, body: STSClientTests.errorAnswer("AccessDenied", "no"))
        }
        try await withSessions(refusing, change: { $0.signIn.role = nil }) { aws, _ in
            let error = try #require(await failure(aws.session(account: "111122223333", partition: .aws, policy: nil)))
            #expect(
                error.description.hasPrefix("the base credentials cannot be used in account 111122223333: "), "\(error)"
            )
        }
    }

    @Test func `An ECR call whose session cannot be opened fails as a sign-in failure`() async throws {
        let refusing: LoopbackServer.Handler = { _ in
            .answer(status: 403, body: STSClientTests.errorAnswer("AccessDenied"))
        }
        try await withSessions(refusing) { aws, server in
            let ecr = try aws.ecr(try .sample(), policy: nil)
            let error = await error { () async throws(AWSError) in try await ecr.repositoryPolicy(of: "team/app") }
            #expect(error?.isSignInFailure == true)
            #expect(error?.code == "AccessDenied")
            #expect(error?.outcomeIsUnknown == false)
            #expect(!server.requests.contains { $0.operation == "GetRepositoryPolicy" })
        }
    }

    @Test func `Without base credentials every call says what was tried`() async throws {
        try await withSessions(change: { configuration in
            for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
                configuration.environment.variables[name] = nil
            }
            configuration.environment.variables["AWS_EC2_METADATA_DISABLED"] = "true"
        }) { aws, server in
            let error = await error { () async throws(AWSError) in try await aws.baseIdentity() }
            #expect(error?.code == "no-credentials")
            #expect(error?.description.contains("AWS_EC2_METADATA_DISABLED") == true)
            #expect(server.requests.isEmpty)
        }
    }

    @Test func `The base identity is asked in the configured region`() async throws {
        try await withSessions { aws, server in
            let identity = try await aws.baseIdentity()
            #expect(identity.account == "999988887777")
            #expect(server.requests.first?.headers["authorization"]?.contains("/eu-west-1/sts/") == true)
        }
    }

    @Test(arguments: [
        ("arn:aws:iam::1:user/a", "arn:aws:iam::1:user/a"),
        ("arn:aws-cn:sts::1:assumed-role/R/s", "arn:aws-cn:iam::1:role/R"),
        ("arn:aws:sts::1:federated-user/f", "arn:aws:sts::1:federated-user/f"),
        ("arn:aws:iam::1:root", "arn:aws:iam::1:root"),
    ]) func `A trust policy names the role behind a session`(caller: String, principal: String) {
        #expect(SignInError.trustPrincipal(caller) == principal)
    }
}
