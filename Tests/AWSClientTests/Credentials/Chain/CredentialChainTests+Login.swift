import AWSValues
import OrderedJSON
import Testing

@testable import AWSClient

/// Credentials of `aws login`.
extension CredentialChainTests {
    private static let loginConfig = "[profile l]\nlogin_session = arn:aws:iam::111122223333:user/me\n"
    /// SHA-256 of the session.
    private static let loginCache =
        "/home/me/.aws/login/cache/6eeec053fe13079aaf7fd81065ec5ecbdb93674f20700e51842d0c769b240c8a.json"

    private func login(
        expiresAt: String, refreshToken: String = "fresh",
        handler: @escaping LoopbackServer.Handler = PretendServices.handler
    ) async throws -> (
        session: SessionCredentials?, error: CredentialsError?, requests: [LoopbackServer.Request], kept: String
    ) {
        let files = TestFiles([
            "/home/me/.aws/config": Self.loginConfig,
            Self.loginCache: LoginFile.text(expiresAt: expiresAt, refreshToken: refreshToken),
        ])
        let found = try await find([:], files, profile: "l", handler: handler)
        return (found.session, found.error, found.requests, files[Self.loginCache] ?? "")
    }

    @Test func `Credentials of aws login are used while they are good`() async throws {
        let found = try await login(expiresAt: "2026-05-01T12:06:00Z")
        #expect(found.session?.credentials.accessKeyID == "LOGINCACHED", "\(String(describing: found.error))")
        #expect(found.session?.account == "111122223333")
        #expect(found.session?.expiration == Self.now + .seconds(360))
        #expect(found.requests.isEmpty)
    }

    @Test func `Credentials of aws login are renewed in time, and kept`() async throws {
        let found = try await login(expiresAt: "2026-05-01T12:04:00Z")
        #expect(found.session?.credentials.accessKeyID.hasPrefix("LOGIN") == true, "\(String(describing: found.error))")
        #expect(found.session?.expiration == Self.now + .seconds(900))
        let request = try #require(found.requests.first)
        #expect(request.target == "/v1/token")
        #expect(request.headers["authorization"] == nil)
        #expect(
            request.text == #"{"clientId":"arn:aws:signin:::devtools/same-device","grantType":"refresh_token","#
                + #""refreshToken":"fresh"}"#)
        let kept = try JSONValue(lenient: Array(found.kept.utf8))
        #expect(kept["accessToken"]?["expiresAt"]?.string == "2026-05-01T12:15:00Z")
        #expect(kept["accessToken"]?["accountId"]?.string == "111122223333")
        #expect(kept["refreshToken"]?.string == "next")
        #expect(kept["dpopKey"]?.string?.contains("BEGIN EC PRIVATE KEY") == true)
        #expect(kept["clientId"]?.string == "arn:aws:signin:::devtools/same-device")
    }

    @Test func `A login that cannot be renewed is used to its end, and then says how to sign in again`() async throws {
        let last = try await login(expiresAt: "2026-05-01T12:00:30Z", refreshToken: "stale")
        #expect(last.session?.credentials.accessKeyID == "LOGINCACHED", "\(String(describing: last.error))")
        let over = try await login(expiresAt: "2026-05-01T11:59:00Z", refreshToken: "stale")
        #expect(over.error?.description.contains("aws login --profile l") == true)
        #expect(over.error?.description.contains("stale") == false)
        let files = TestFiles(["/home/me/.aws/config": Self.loginConfig])
        let missing = try await find([:], files, profile: "l")
        #expect(missing.error?.description.contains("aws login --profile l") == true)
    }
}
