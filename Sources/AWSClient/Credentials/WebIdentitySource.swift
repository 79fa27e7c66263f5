/// A token of an identity provider in a file, as Kubernetes and CI systems leave it, exchanged for a role's session.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
struct WebIdentitySource: CredentialSource {
    let name = "web identity"

    func look(_ context: CredentialContext) async throws(CredentialsError) -> CredentialLookup {
        let environment = context.environment
        guard let path = environment["AWS_WEB_IDENTITY_TOKEN_FILE"] else {
            return .notConfigured(reason: "AWS_WEB_IDENTITY_TOKEN_FILE is not set")
        }
        guard let roleARN = environment["AWS_ROLE_ARN"] else {
            throw broken("AWS_WEB_IDENTITY_TOKEN_FILE is set, AWS_ROLE_ARN is not")
        }
        let session = try await exchange(
            tokenFile: path,
            AssumeRoleRequest(
                roleARN: roleARN,
                sessionName: environment["AWS_ROLE_SESSION_NAME"] ?? context.generatedSessionName
            ),
            region: nil,
            context
        )
        return .found(session)
    }
}

extension CredentialSource {
    /// Exchanges the token in a file. The file is read each time, since its owner replaces it before the token expires.
    func exchange(
        tokenFile: String,
        _ request: AssumeRoleRequest,
        region: String?,
        _ context: CredentialContext
    ) async throws(CredentialsError) -> SessionCredentials {
        let path = context.environment.expanded(tokenFile)
        let bytes: [UInt8]?
        do throws(FileAccessError) {
            bytes = try context.environment.readFile(path)
        } catch {
            throw broken(error.description)
        }
        guard let bytes else { throw broken("the token file \(path) does not exist") }
        let token = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        guard !token.isEmpty else { throw broken("the token file \(path) is empty") }
        do throws(AWSError) {
            let sts = try context.sts(for: request.roleARN, region: region, credentials: nil)
            let session = try await sts.assumeRoleWithWebIdentity(request, token: token)
            return SessionCredentials(session.credentials, expiration: session.expiration, account: session.account)
        } catch {
            throw broken(error)
        }
    }
}

extension ProfileSource {
    /// A session for the token that the profile names.
    func webIdentity(
        _ values: SharedConfiguration.Profile,
        _ context: CredentialContext
    ) async throws(CredentialsError) -> SessionCredentials {
        guard let path = values["web_identity_token_file"], let roleARN = values["role_arn"] else {
            throw broken("web_identity_token_file needs role_arn beside it")
        }
        let request = AssumeRoleRequest(
            roleARN: roleARN,
            sessionName: values["role_session_name"] ?? context.generatedSessionName
        )
        return try await exchange(tokenFile: path, request, region: values["region"], context)
    }
}
