import Foundation
import OrderedJSON

@testable import AWSClient

/// STS, IAM Identity Center, AWS Sign-In, a container's service and an instance's, whose keys show what was asked for
/// and with whose credentials: equal keys mean that the same roles were assumed in the same way.
/// resolve-many-with-botocore.py plays the same for botocore.
enum PretendServices {
    static let handler: LoopbackServer.Handler = { request in
        let path = String(request.target.prefix { $0 != "?" })
        switch path {
        case "/container": return document("CONTAINER" + digest(request.headers["authorization"] ?? ""))
        case "/latest/api/token": return .answer(body: "metadata-token")
        case "/latest/meta-data/iam/security-credentials/": return .answer(body: "webserver")
        case "/latest/meta-data/iam/security-credentials/webserver": return document("INSTANCE")
        case "/federation/credentials": return singleSignOn(request)
        case "/token":
            let token = json(request)?["refreshToken"]?.string ?? ""
            guard token != "stale" else { return .answer(status: 400, body: #"{"error":"invalid_grant"}"#) }
            return .answer(body: #"{"accessToken":"renewed-\#(token)","expiresIn":28800}"#)
        case "/v1/token": return signIn(request)
        default: return securityTokens(request)
        }
    }

    /// FNV-1a over the parts.
    private static func digest(_ parts: String...) -> String {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in parts.joined(separator: "|").utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: 16 - text.count) + text
    }

    private static func json(_ request: LoopbackServer.Request) -> JSONValue? { try? JSONValue(lenient: request.body) }

    private static func form(_ text: some StringProtocol) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            fields[String(parts[0])] = (parts.count > 1 ? String(parts[1]) : "").removingPercentEncoding ?? ""
        }
        return fields
    }

    private static func document(_ key: String) -> LoopbackServer.Reply {
        .answer(
            body: #"{"Code":"Success","AccessKeyId":"\#(key)","SecretAccessKey":"s-\#(key)","Token":"t-\#(key)","#
                + #""Expiration":"2099-01-01T00:00:00Z"}"#)
    }

    private static func singleSignOn(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
        let query = form(request.target.split(separator: "?").last ?? "")
        let token = request.headers["x-amz-sso_bearer_token"] ?? ""
        guard token != "revoked" else { return .answer(status: 401, body: #"{"message":"no"}"#) }
        let key = "SSO" + digest(token, query["role_name"] ?? "", query["account_id"] ?? "")
        return .answer(
            body: #"{"roleCredentials":{"accessKeyId":"\#(key)","secretAccessKey":"s-\#(key)","#
                + #""sessionToken":"t-\#(key)","expiration":4070908800000}}"#)
    }

    private static func signIn(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
        let fields = json(request)
        let refreshToken = fields?["refreshToken"]?.string ?? ""
        guard refreshToken != "stale", request.headers["dpop"]?.split(separator: ".").count == 3 else {
            return .answer(status: 401, body: #"{"error":"TOKEN_EXPIRED","message":"no"}"#)
        }
        let key = "LOGIN" + digest(refreshToken, fields?["clientId"]?.string ?? "")
        return .answer(
            body: #"{"accessToken":{"accessKeyId":"\#(key)","secretAccessKey":"s-\#(key)","sessionToken":"t-\#(key)"},"#
                + #""tokenType":"aws_sigv4","expiresIn":900,"refreshToken":"next"}"#)
    }

    private static func securityTokens(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
        let fields = form(request.text)
        let action = fields["Action"] ?? ""
        var name = fields["RoleSessionName"] ?? ""
        if name.hasPrefix("ecr-share-") { name = "" }
        let given = [fields["RoleArn"] ?? "", name, fields["ExternalId"] ?? "", fields["DurationSeconds"] ?? ""]
            .joined(separator: "|")
        if action == "AssumeRole", !given.contains("denied") {
            let authorization = request.headers["authorization"] ?? ""
            let scope = (authorization.split(separator: "Credential=").last ?? "").split(separator: "/")
            let token = request.headers["x-amz-security-token"] ?? ""
            guard scope.count > 2 else { return .answer(status: 400) }
            return session(action, "ROLE" + digest(given, String(scope[0]), String(scope[2]), token))
        }
        if action == "AssumeRoleWithWebIdentity" {
            return session(action, "WEB" + digest(given, fields["WebIdentityToken"] ?? ""))
        }
        return .answer(status: 403, body: STSClientTests.errorAnswer("AccessDenied", "no"))
    }

    private static func session(_ action: String, _ key: String) -> LoopbackServer.Reply {
        .answer(
            body: """
                <\(action)Response><\(action)Result><Credentials><AccessKeyId>\(key)</AccessKeyId>\
                <SecretAccessKey>s-\(key)</SecretAccessKey><SessionToken>t-\(key)</SessionToken>\
                <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials><AssumedRoleUser>\
                <AssumedRoleId>A:s</AssumedRoleId><Arn>arn:aws:sts::111122223333:assumed-role/R/s</Arn>\
                </AssumedRoleUser></\(action)Result></\(action)Response>
                """)
    }
}
