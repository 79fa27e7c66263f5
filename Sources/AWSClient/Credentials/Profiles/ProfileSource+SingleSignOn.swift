import AWSValues
import Crypto
import OrderedCollections
import OrderedJSON

extension ProfileSource {
    /// Credentials for a login with IAM Identity Center (`aws sso login`).
    ///
    /// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
    func singleSignOn(
        _ values: SharedConfiguration.Profile,
        _ context: CredentialContext
    ) async throws(CredentialsError) -> SessionCredentials {
        let login = try SingleSignOnLogin(values, context.files, self)
        guard let account = try text("sso_account_id", of: values.values),
            let role = try text("sso_role_name", of: values.values), !account.isEmpty,
            !role.isEmpty
        else { throw broken("an SSO profile needs sso_account_id and sso_role_name") }
        let token = try await login.token(context, self)
        let answer: HTTPResponse
        do throws(AWSError) {
            answer = try await context.caller.answer(to: try login.credentialsCall(account, role, token, context))
        } catch {
            guard error.httpStatus != 401 else { throw broken("the SSO login is no longer valid; \(login.advice)") }
            throw broken(error)
        }
        let json = (try? JSONValue(lenient: answer.body))?["roleCredentials"]
        guard let keyID = json?["accessKeyId"]?.string, let secret = json?["secretAccessKey"]?.string,
            let sessionToken = json?["sessionToken"]?.string, let milliseconds = json?["expiration"]?.number
        else { throw broken("IAM Identity Center returned incomplete credentials") }
        return SessionCredentials(
            Credentials(accessKeyID: keyID, secretAccessKey: secret, sessionToken: sessionToken),
            expiration: Timestamp(secondsSinceEpoch: milliseconds / 1_000),
            account: AccountID(account)
        )
    }
}

/// A login of IAM Identity Center as a profile names it, and the token that `aws sso login` left for it.
struct SingleSignOnLogin {
    private let startURL: String
    private let region: String
    /// Nil for the older form without a session.
    private let session: String?
    private let profile: String

    /// Tokens of a session are renewed when less than this is left.
    private static let renewalMargin: Duration = .seconds(15 * 60)

    init(
        _ values: SharedConfiguration.Profile,
        _ files: SharedConfiguration,
        _ source: ProfileSource
    ) throws(CredentialsError) {
        profile = values.name
        session = values["sso_session"]
        var settings = values.values
        if let session {
            guard let found = files.ssoSession(session) else {
                throw source.broken("there is no [sso-session \(session)] in \(files.configPath)")
            }
            for (key, value) in found.sorted(by: { $0.key < $1.key }) {
                if let own = settings[key], own != value {
                    throw source.broken("\(key) in the profile and in [sso-session \(session)] differ")
                }
                settings[key] = value
            }
        }
        guard let startURL = settings.text("sso_start_url"), let region = settings.text("sso_region") else {
            throw source.broken("an SSO profile needs sso_start_url and sso_region, or an sso_session with both")
        }
        self.startURL = startURL
        self.region = region
    }

    var advice: String { "run: aws sso login --profile \(profile)" }

    /// The access token, renewed first when it is about to expire and can be.
    func token(_ context: CredentialContext, _ source: ProfileSource) async throws(CredentialsError) -> String {
        let name = Insecure.SHA1.hash(data: Array((session ?? startURL).utf8)).hexadecimal
        let path = context.environment.expanded("~/.aws/sso/cache/\(name).json")
        var json: JSONValue
        do throws(FileAccessError) {
            guard let bytes = try context.environment.readFile(path), let found = try? JSONValue(lenient: bytes) else {
                throw FileAccessError("there is no SSO login in \(path); \(advice)")
            }
            json = found
        } catch {
            throw source.broken(error.description)
        }
        let now = context.clock.wall()
        var timeLeft = json.time("expiresAt").map { $0 - now } ?? .zero
        if timeLeft < SingleSignOnLogin.renewalMargin, let renewed = await renew(json, path, context) {
            json = renewed
            timeLeft = json.time("expiresAt").map { $0 - now } ?? .zero
        }
        guard let token = json["accessToken"]?.string, timeLeft > .zero else {
            throw source.broken("the SSO login has expired; \(advice)")
        }
        return token
    }

    /// Asks for a new token and keeps it where the other AWS tools look for it. Nil when that cannot be done; the old
    /// token then decides.
    private func renew(_ json: JSONValue, _ path: String, _ context: CredentialContext) async -> JSONValue? {
        let now = context.clock.wall()
        guard session != nil, let members = json.object, let refreshToken = json["refreshToken"]?.string,
            let clientID = json["clientId"]?.string, let clientSecret = json["clientSecret"]?.string,
            let registrationEnd = json.time("registrationExpiresAt"), registrationEnd > now,
            let endpoint = try? context.endpoints.endpoint(for: .ssoOIDC, region: region)
        else { return nil }
        var call = AWSCall(
            service: .ssoOIDC,
            operation: "CreateToken",
            endpoint: endpoint,
            headers: ["Content-Type": "application/json"],
            body: ([
                "clientId": .string(clientID), "clientSecret": .string(clientSecret), "grantType": "refresh_token",
                "refreshToken": .string(refreshToken),
            ] as JSONValue).utf8,
            credentials: nil
        )
        call.path = "/token"
        call.isWrite = true
        call.secrets = [refreshToken, clientSecret]
        guard let answer = try? await context.caller.answer(to: call), let body = try? JSONValue(lenient: answer.body),
            let accessToken = body["accessToken"]?.string, let seconds = body["expiresIn"]?.number
        else { return nil }
        var changes: JSONObject = [
            "accessToken": .string(accessToken), "expiresAt": .string((now + .seconds(seconds)).rfc3339),
        ]
        changes["refreshToken"] = (body["refreshToken"]?.string).map(JSONValue.string)
        let renewed = JSONValue.object(members.filter { changes[$0.key] == nil }.merging(changes) { $1 })
        // The new token works even if it cannot be kept.
        try? context.environment.writeFile(path, renewed.utf8)
        return renewed
    }

    func credentialsCall(
        _ account: String,
        _ role: String,
        _ token: String,
        _ context: CredentialContext
    ) throws(AWSError) -> AWSCall {
        let operation = "GetRoleCredentials"
        let endpoint = try context.endpoints.endpoint(for: .ssoPortal, operation, region: region, configured: region)
        var call = AWSCall(
            service: .ssoPortal,
            operation: operation,
            endpoint: endpoint,
            headers: ["x-amz-sso_bearer_token": token],
            body: [],
            credentials: nil
        )
        call.method = .get
        call.path = "/federation/credentials"
        call.query = "role_name=\(PercentEncoding.encode(role))&account_id=\(PercentEncoding.encode(account))"
        call.secrets = [token]
        return call
    }
}

extension JSONValue {
    /// A time in a file of another AWS tool.
    func time(_ name: String) -> Timestamp? {
        self[name]?.string.flatMap { Timestamp(expiration: $0) }
    }
}
