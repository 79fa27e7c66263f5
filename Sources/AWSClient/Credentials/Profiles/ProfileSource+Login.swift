import AWSValues
import Crypto
import OrderedCollections
import OrderedJSON

extension ProfileSource {
    /// Credentials of a login with `aws login`, renewed where they are about to expire.
    ///
    /// Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html; the shape of the file and
    /// of the renewal is in `LoginCredentialFetcher` of botocore 1.43.
    func login(_ session: String, _ context: CredentialContext) async throws(CredentialsError) -> SessionCredentials {
        let environment = context.environment
        let folder = environment["AWS_LOGIN_CACHE_DIRECTORY"].map(environment.substituted) ?? "~/.aws/login/cache"
        let name = SHA256.hash(data: Array(session.utf8)).hexadecimal
        let path = "\(environment.expanded(folder))/\(name).json"
        let advice = "run: aws login --profile \(profile)"
        guard let login = try readLogin(path, environment) else {
            throw broken("there is no login of \(session) in \(path); \(advice)")
        }
        let now = context.clock.wall()
        if let session = login.session, login.isFresh(at: now) { return session }
        let problem: String
        do throws(FileAccessError) {
            let renewed = try await login.renewed(context)
            // The new credentials work even if they cannot be kept.
            try? environment.writeFile(path, renewed.bytes)
            if let session = renewed.session { return session }
            problem = "AWS Sign-In returned incomplete credentials"
        } catch {
            problem = error.description
        }
        guard !Task.isCancelled else { throw .cancelled }
        // Another process may have renewed them meanwhile; and the old ones may still be good for some minutes.
        let last = try readLogin(path, environment) ?? login
        if let session = last.session, session.expiration.map({ $0 > now }) ?? false { return session }
        throw broken("the login of \(session) has expired and cannot be renewed (\(problem)); \(advice)")
    }

    private func readLogin(_ path: String, _ environment: Environment) throws(CredentialsError) -> Login? {
        do throws(FileAccessError) {
            guard let bytes = try environment.readFile(path) else { return nil }
            guard let json = try? JSONValue(lenient: bytes), let login = Login(json) else {
                throw FileAccessError("\(path) is not a login of the AWS CLI")
            }
            return login
        } catch {
            throw broken(error.description)
        }
    }
}

/// What `aws login` leaves in its cache: credentials for some minutes, and what it takes to renew them.
private struct Login {
    private let members: JSONObject
    private var json: JSONValue { .object(members) }

    /// They are renewed when less than this is left.
    private static let renewalMargin: Duration = .seconds(5 * 60)

    init?(_ json: JSONValue) {
        guard let members = json.object else { return nil }
        self.members = members
    }

    var bytes: [UInt8] { json.utf8 }

    /// Nil when the file lacks a part of them.
    var session: SessionCredentials? {
        let token = json["accessToken"]
        guard let keyID = token?["accessKeyId"]?.string, let secret = token?["secretAccessKey"]?.string,
            let sessionToken = token?["sessionToken"]?.string, let expiration = token?.time("expiresAt")
        else { return nil }
        return SessionCredentials(
            Credentials(accessKeyID: keyID, secretAccessKey: secret, sessionToken: sessionToken),
            expiration: expiration,
            account: token?["accountId"]?.string.flatMap { AccountID($0) }
        )
    }

    func isFresh(at now: Timestamp) -> Bool {
        session?.expiration.map { $0 - now > Login.renewalMargin } ?? false
    }

    /// Asks AWS Sign-In for new credentials.
    func renewed(_ context: CredentialContext) async throws(FileAccessError) -> Login {
        guard let clientID = json["clientId"]?.string, let refreshToken = json["refreshToken"]?.string,
            let pem = json["dpopKey"]?.string, let key = Login.key(pem)
        else { throw FileAccessError("the file lacks the values needed to renew it") }
        let answer: HTTPResponse
        do throws(AWSError) {
            answer = try await context.caller.answer(to: try call(clientID, refreshToken, key, context))
        } catch {
            throw FileAccessError(error.description)
        }
        let body = try? JSONValue(lenient: answer.body)
        guard let token = body?["accessToken"], let keyID = token["accessKeyId"], let secret = token["secretAccessKey"],
            let sessionToken = token["sessionToken"], let seconds = body?["expiresIn"]?.number
        else { throw FileAccessError("AWS Sign-In returned incomplete credentials") }
        let expiration = context.clock.wall() + .seconds(seconds)
        var renewed: JSONObject = [
            "accessToken": [
                "accessKeyId": keyID, "secretAccessKey": secret, "sessionToken": sessionToken,
                "accountId": json["accessToken"]?["accountId"] ?? .null, "expiresAt": .string(expiration.rfc3339),
            ]
        ]
        renewed["refreshToken"] = body?["refreshToken"]
        renewed.merge(members) { renewed, _ in renewed }
        guard let login = Login(.object(renewed)) else { throw FileAccessError("the login cannot be renewed") }
        return login
    }

    /// The key of a PEM text, whose lines may have any length.
    private static func key(_ pem: String) -> P256.Signing.PrivateKey? {
        let lines = pem.split(whereSeparator: \.isNewline)
        guard let first = lines.first, let last = lines.last, lines.count > 2 else { return nil }
        var rest = lines.dropFirst().dropLast().joined()[...]
        var text = [first]
        while !rest.isEmpty {
            text.append(rest.prefix(64))
            rest = rest.dropFirst(64)
        }
        return try? P256.Signing.PrivateKey(pemRepresentation: (text + [last]).joined(separator: "\n"))
    }

    private func call(
        _ clientID: String,
        _ refreshToken: String,
        _ key: P256.Signing.PrivateKey,
        _ context: CredentialContext
    ) throws(AWSError) -> AWSCall {
        let operation = "CreateOAuth2Token"
        let endpoint = try context.endpoints.endpoint(
            for: .signIn, operation, region: context.region ?? "us-east-1", configured: context.region, isSigned: false)
        var call = AWSCall(
            service: .signIn,
            operation: operation,
            endpoint: endpoint,
            headers: ["Content-Type": "application/json"],
            body: ([
                "clientId": .string(clientID), "grantType": "refresh_token", "refreshToken": .string(refreshToken),
            ] as JSONValue).utf8,
            credentials: nil
        )
        call.path = "/v1/token"
        call.secrets = [refreshToken]
        let proof = Login.proof(
            of: key, for: call.request.url.description, at: Int(context.clock.wall().secondsSinceEpoch))
        call.headers["DPoP"] = proof
        call.secrets += [proof].compactMap { $0 }
        return call
    }

    /// A proof that the caller holds the key that the login is bound to.
    ///
    /// Source: RFC 9449, section 4.2, https://www.rfc-editor.org/rfc/rfc9449#section-4.2
    private static func proof(of key: P256.Signing.PrivateKey, for url: String, at time: Int) -> String? {
        let point = Array(key.publicKey.rawRepresentation)
        let header: JSONValue = [
            "typ": "dpop+jwt", "alg": "ES256",
            "jwk": [
                "kty": "EC", "x": .string(base64URL(point.prefix(32))), "y": .string(base64URL(point.suffix(32))),
                "crv": "P-256",
            ],
        ]
        let id = (0..<16).map { _ in UInt8.random(in: 0...255) }
        let payload: JSONValue = [
            "htm": "POST", "htu": .string(url), "iat": JSONValue(time), "jti": .string(id.hexadecimal),
        ]
        let text = "\(base64URL(header.utf8)).\(base64URL(payload.utf8))"
        guard let signature = try? key.signature(for: Array(text.utf8)) else { return nil }
        return "\(text).\(base64URL(signature.rawRepresentation))"
    }

    /// Base64 for URLs, without padding: RFC 4648, section 5.
    private static func base64URL(_ bytes: some Sequence<UInt8>) -> String {
        Array(bytes).base64.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
