import AWSValues
import Synchronization
import Testing

@testable import AWSClient

/// Credentials of a container and of an instance.
extension CredentialChainTests {
    // MARK: Container

    @Test func `A container's service is asked with the token of its file`() async throws {
        let variables = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "SERVER/creds?x=1",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/token",
        ]
        let found = try await find(variables, TestFiles(["/token": "Basic abc\n"])) { request in
            .answer(
                body: #"{"AccessKeyId":"CKEY","SecretAccessKey":"s","Token":"t","Expiration":"2026-05-01T13:00:00Z"}"#
            )
        }
        #expect(found.session?.credentials.accessKeyID == "CKEY", "\(String(describing: found.error))")
        #expect(found.session?.credentials.sessionToken == "t")
        #expect(found.requests.first?.target == "/creds?x=1")
        #expect(found.requests.first?.headers["authorization"] == "Basic abc")
    }

    @Test func `A container's service that fails is asked three times`() async throws {
        let found = try await find(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "SERVER/"]) { _ in .answer(status: 500) }
        #expect(found.error?.description.contains("status 500") == true)
        #expect(found.requests.count == 3)
    }

    @Test(arguments: [
        ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/creds"],
        ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.1.1/creds"],
        ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "SERVER/", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "a\r\nX: y"],
        ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "SERVER/", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/missing"],
    ]) func `An unsafe container setting is refused and nothing is sent`(variables: [String: String]) async throws {
        let found = try await find(variables)
        guard case .broken("container", _) = found.error else {
            Issue.record("\(String(describing: found.error))")
            return
        }
        #expect(found.requests.isEmpty)
    }

    // MARK: Instance

    private static let instance: LoopbackServer.Handler = { request in
        let path = "/latest/meta-data/iam/security-credentials/"
        switch (request.method, request.target) {
        case ("PUT", "/latest/api/token"):
            return request.headers["x-aws-ec2-metadata-token-ttl-seconds"] == "21600"
                ? .answer(body: "metadata-token") : .answer(status: 400)
        case _ where request.headers["x-aws-ec2-metadata-token"] != "metadata-token": return .answer(status: 401)
        case ("GET", path): return .answer(body: "my-role\n")
        case ("GET", path + "my-role"):
            return .answer(
                body: #"{"Code":"Success","AccessKeyId":"IKEY","SecretAccessKey":"s","Token":"t","#
                    + #""Expiration":"2026-05-01T18:00:00Z"}"#
            )
        default: return .answer(status: 404)
        }
    }

    @Test func `An instance's role is found through its metadata service`() async throws {
        let found = try await find(handler: Self.instance)
        #expect(found.session?.credentials.accessKeyID == "IKEY", "\(String(describing: found.error))")
        #expect(found.session?.expiration == Self.now + .seconds(6 * 3_600))
    }

    @Test func `The metadata service can be switched off`() async throws {
        let found = try await find(["AWS_EC2_METADATA_DISABLED": "TRUE"], handler: Self.instance)
        #expect(found.requests.isEmpty)
        #expect(found.error?.description.contains("AWS_EC2_METADATA_DISABLED") == true)
    }

    @Test func `Expired credentials of an instance are used on for a while`() async throws {
        let found = try await find { request in
            guard case .answer(let status, let headers, let body) = Self.instance(request) else { return .reset }
            return .answer(status: status, headers: headers, body: body.replacing("18:00", with: "11:00"))
        }
        let left = try #require(found.session?.expiration) - Self.now
        #expect((17 * 60.0...25 * 60.0).contains(left.inSeconds))
    }

    @Test func `The metadata service is asked as long and as often as the settings say`() async throws {
        let slow: LoopbackServer.Handler = { request in
            request.method == "PUT" ? .delayed(seconds: 1.3, Self.instance(request)) : Self.instance(request)
        }
        #expect(try await find(handler: slow).session == nil)
        let variables = ["AWS_METADATA_SERVICE_TIMEOUT": "5"]
        #expect(try await find(variables, handler: slow).session?.credentials.accessKeyID == "IKEY")

        let config = TestFiles(["/home/me/.aws/config": "[default]\nmetadata_service_num_attempts = 3"])
        let counter = Mutex(0)
        let busy: LoopbackServer.Handler = { request in
            let count = counter.withLock { count in
                count += 1
                return count
            }
            return count % 3 == 0 ? Self.instance(request) : .answer(status: 503)
        }
        #expect(try await find([:], config, handler: busy).session?.credentials.accessKeyID == "IKEY")
        let once = try await find { _ in .answer(status: 503) }
        #expect(once.requests.count == 1)
        let wrong = try await find(["AWS_METADATA_SERVICE_TIMEOUT": "soon"])
        #expect(wrong.error?.description.contains("AWS_METADATA_SERVICE_TIMEOUT") == true)
    }

    @Test func `An instance without a role has no credentials`() async throws {
        let found = try await find { request in
            request.method == "PUT" ? .answer(body: "metadata-token") : .answer(status: 404)
        }
        #expect(found.error?.description.contains("no role") == true)
    }
}
