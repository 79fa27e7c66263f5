import AWSValues
import Testing

@testable import AWSClient

@Suite struct STSClientTests {
    static func assumeRoleAnswer(
        account: String = "111122223333",
        expiration: String = "2026-11-23T23:14:10Z"
    ) -> String {
        """
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
          <Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>se/cret</SecretAccessKey>
            <SessionToken>to+ken==</SessionToken><Expiration>\(expiration)</Expiration></Credentials>
          <AssumedRoleUser><AssumedRoleId>AROAX:s</AssumedRoleId>
            <Arn>arn:aws:sts::\(account):assumed-role/Operator/s</Arn></AssumedRoleUser>
          <PackedPolicySize>6</PackedPolicySize>
        </AssumeRoleResult><ResponseMetadata><RequestId>req-1</RequestId></ResponseMetadata></AssumeRoleResponse>
        """
    }

    static let identityAnswer = """
        <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
          <Arn>arn:aws-cn:iam::999988887777:user/ops</Arn><UserId>AIDAX</UserId><Account>999988887777</Account>
        </GetCallerIdentityResult><ResponseMetadata><RequestId>req-2</RequestId></ResponseMetadata>
        </GetCallerIdentityResponse>
        """

    static func errorAnswer(_ code: String, _ message: String = "because") -> String {
        """
        <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
        <Code>\(code)</Code><Message>\(message)</Message></Error><RequestId>req-3</RequestId></ErrorResponse>
        """
    }

    private func withSTS<Value>(
        _ handler: @escaping LoopbackServer.Handler,
        _ body: (STSClient, LoopbackServer) async throws -> Value
    ) async throws -> Value {
        try await withLoopbackServer(handler) { server in
            try await withCaller { caller in
                let endpoint = Endpoint(url: try server.url, signingRegion: "eu-west-1")
                return try await body(STSClient(caller: caller, endpoint: endpoint, credentials: .fixed()), server)
            }
        }
    }

    @Test(arguments: ["2026-11-23T23:14:10Z", "2026-11-23T23:14:10.000000Z", "2026-11-24T00:14:10+01:00"])
    func `AssumeRole sends what it was given and reads the session`(expiration: String) async throws {
        try await withSTS { _ in
            .answer(body: Self.assumeRoleAnswer(expiration: expiration))
        } _: { sts, server in
            let request = AssumeRoleRequest(
                roleARN: "arn:aws:iam::111122223333:role/Operator",
                sessionName: "ecr-share",
                duration: .seconds(3_600),
                externalID: "id+with space",
                policy: #"{"a":"~ü"}"#,
                mfa: .init(serialNumber: "arn:aws:iam::1:mfa/x", tokenCode: "123456")
            )
            let session = try await sts.assumeRole(request)
            #expect(session.credentials.accessKeyID == "ASIAEXAMPLE")
            #expect(session.credentials.secretAccessKey == "se/cret")
            #expect(session.credentials.sessionToken == "to+ken==")
            #expect(
                session.expiration
                    == Timestamp(CivilDate(year: 2026, month: 11, day: 23, hour: 23, minute: 14, second: 10)))
            #expect(session.account == "111122223333")
            let received = try #require(server.requests.first)
            #expect(
                received.text
                    == "Action=AssumeRole&Version=2011-06-15"
                    + "&RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2FOperator&RoleSessionName=ecr-share"
                    + "&DurationSeconds=3600&ExternalId=id%2Bwith%20space&Policy=%7B%22a%22%3A%22~%C3%BC%22%7D"
                    + "&SerialNumber=arn%3Aaws%3Aiam%3A%3A1%3Amfa%2Fx&TokenCode=123456"
            )
            #expect(received.headers["content-type"] == "application/x-www-form-urlencoded; charset=utf-8")
            #expect(received.headers["authorization"]?.contains("/eu-west-1/sts/aws4_request") == true)
            #expect(received.headers["x-amz-security-token"] == "TOKEN+/=")
        }
    }

    @Test func `GetCallerIdentity is read`() async throws {
        try await withSTS { _ in
            .answer(body: Self.identityAnswer)
        } _: { sts, _ in
            let identity = try await sts.callerIdentity()
            #expect(identity.account == "999988887777")
            #expect(identity.arn == "arn:aws-cn:iam::999988887777:user/ops")
            #expect(identity.partition == "aws-cn")
        }
    }

    @Test func `A web identity is exchanged without a signature, and the token is in no error`() async throws {
        let token = "eyJhbGciOiJSUzI1NiJ9.the-token"
        try await withSTS { _ in
            .answer(status: 400, body: Self.errorAnswer("InvalidIdentityToken", "token \(token) is bad"))
        } _: { sts, server in
            let request = AssumeRoleRequest(roleARN: "arn:aws:iam::111122223333:role/R", sessionName: "s")
            let failure = await error { () async throws(AWSError) in
                try await sts.assumeRoleWithWebIdentity(request, token: token)
            }
            #expect(failure?.code == "InvalidIdentityToken")
            #expect(failure?.description.contains(token) == false)
            #expect(server.requests.first?.headers["authorization"] == nil)
            #expect(server.requests.first?.text.contains("WebIdentityToken=\(token)") == true)
        }
    }

    @Test(arguments: [
        "", "{}", "<html></html>", "<AssumeRoleResponse/>", identityAnswer,
        assumeRoleAnswer().replacing("<SecretAccessKey>se/cret</SecretAccessKey>", with: ""),
        assumeRoleAnswer().replacing("<SessionToken>to+ken==</SessionToken>", with: "<SessionToken/>"),
        assumeRoleAnswer(expiration: "tomorrow"),
        String(assumeRoleAnswer().dropLast(10)),
        "<!DOCTYPE a [<!ENTITY x 'y'>]>" + assumeRoleAnswer(),
    ]) func `A success that does not hold a whole session is an error`(body: String) async throws {
        try await withSTS { _ in
            .answer(headers: ["x-amzn-RequestId": "req-9"], body: body)
        } _: { sts, _ in
            let failure = await error { () async throws(AWSError) in
                try await sts.assumeRole(AssumeRoleRequest(roleARN: "r", sessionName: "s"))
            }
            #expect(failure?.code == "unreadable-answer")
            #expect(failure?.requestID == "req-9")
            #expect(failure?.description.contains("se/cret") == false)
        }
    }

    @Test func `An error document gives its code, message and request id`() async throws {
        try await withSTS { _ in
            .answer(status: 403, body: Self.errorAnswer("AccessDenied", "User &amp; role"))
        } _: {
            sts, _ in
            let failure = await error { () async throws(AWSError) in try await sts.callerIdentity() }
            #expect(failure?.code == "AccessDenied")
            #expect(failure?.message == "User & role")
            #expect(failure?.requestID == "req-3")
            #expect(failure?.isAccessDenied == true)
        }
    }
}
