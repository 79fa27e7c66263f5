import AWSValues
import OrderedJSON
import Testing

@testable import AWSClient

/// Credentials of IAM Identity Center.
extension CredentialChainTests {
    private static let config = """
        [profile s]
        sso_session = corp
        sso_account_id = 111122223333
        sso_role_name = Admin Role
        [profile old]
        sso_start_url = https://corp.example.com/start
        sso_region = eu-west-1
        sso_account_id = 111122223333
        sso_role_name = Admin Role
        [sso-session corp]
        sso_start_url = https://corp.example.com/start
        sso_region = eu-west-1
        """
    /// SHA-1 of `corp` and of the start URL.
    private static let newCache = "/home/me/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json"
    private static let oldCache = "/home/me/.aws/sso/cache/320c065519a2fc37b0f28a1bd477dc924a630080.json"

    private func cacheFile(expires: String, canRenew: Bool = true) -> String {
        let renewal =
            canRenew
            ? #","refreshToken":"refresh-1","clientId":"id","clientSecret":"client-secret","#
                + #""registrationExpiresAt":"2026-06-01T00:00:00Z""# : ""
        return #"{"startUrl":"https://corp.example.com/start","region":"eu-west-1","accessToken":"access-1","#
            + #""expiresAt":"\#(expires)"\#(renewal)}"#
    }

    private static let portal: LoopbackServer.Handler = { request in
        switch request.target {
        case "/federation/credentials?role_name=Admin%20Role&account_id=111122223333":
            let token = request.headers["x-amz-sso_bearer_token"]
            guard token == "access-1" || token == "access-2" else { return .answer(status: 401) }
            return .answer(
                body: #"{"roleCredentials":{"accessKeyId":"SKEY","secretAccessKey":"s","sessionToken":"t","#
                    + #""expiration":1777640400000}}"#
            )
        case "/token":
            return .answer(body: #"{"accessToken":"access-2","expiresIn":28800,"refreshToken":"refresh-2"}"#)
        default: return .answer(status: 404)
        }
    }

    @Test func `A login's token is exchanged for credentials`() async throws {
        let files = TestFiles([
            "/home/me/.aws/config": Self.config, Self.newCache: cacheFile(expires: "2026-05-01T20:00:00Z"),
        ])
        let found = try await find([:], files, profile: "s", handler: Self.portal)
        #expect(found.session?.credentials.accessKeyID == "SKEY", "\(String(describing: found.error))")
        // Milliseconds.
        #expect(found.session?.expiration == Self.now + .seconds(3_600))
        #expect(found.requests.count == 1)
        #expect(found.requests.first?.headers["authorization"] == nil)
    }

    @Test func `A token that is about to expire is renewed and kept`() async throws {
        let files = TestFiles([
            "/home/me/.aws/config": Self.config, Self.newCache: cacheFile(expires: "2026-05-01T12:10:00Z"),
        ])
        let found = try await find([:], files, profile: "s", handler: Self.portal)
        #expect(found.session?.credentials.accessKeyID == "SKEY", "\(String(describing: found.error))")
        let kept = try JSONValue(lenient: Array(try #require(files[Self.newCache]).utf8))
        #expect(kept["accessToken"]?.string == "access-2")
        #expect(kept["refreshToken"]?.string == "refresh-2")
        #expect(kept["expiresAt"]?.string == "2026-05-01T20:00:00Z")
        #expect(kept["clientId"]?.string == "id")
        #expect(kept["startUrl"]?.string == "https://corp.example.com/start")
    }

    @Test func `An expired login says how to sign in again`() async throws {
        for (profile, advice) in [("s", "aws sso login --profile s"), ("old", "aws sso login --profile old")] {
            let expired = cacheFile(expires: "2026-05-01T11:00:00Z", canRenew: false)
            for files in [[Self.newCache: expired], [:]] {
                let all = files.merging(["/home/me/.aws/config": Self.config]) { $1 }
                let found = try await find([:], TestFiles(all), profile: profile, handler: Self.portal)
                #expect(found.error?.description.contains(advice) == true, "\(String(describing: found.error))")
            }
        }
    }

    @Test func `A login that the portal refuses says how to sign in again`() async throws {
        let file = cacheFile(expires: "2026-05-01T20:00:00Z").replacing("access-1", with: "access-0")
        let files = TestFiles(["/home/me/.aws/config": Self.config, Self.newCache: file])
        let found = try await find([:], files, profile: "s", handler: Self.portal)
        #expect(found.error?.description.contains("aws sso login") == true)
        #expect(found.error?.description.contains("access-0") == false)
    }

    @Test func `Settings of profile and session must agree`() async throws {
        let config = Self.config.replacing("sso_session = corp", with: "sso_session = corp\nsso_region = us-east-1")
        let found = try await find([:], TestFiles(["/home/me/.aws/config": config]), profile: "s")
        #expect(found.error?.description.contains("sso_region") == true)
    }
}
