/// A token of an identity provider in a file, as Kubernetes and CI systems leave it, exchanged for a role's session.
/// Variables name it, or a profile; where both have a setting, the variable wins.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
struct WebIdentitySource: CredentialSource {
    let name = "web identity"
    let profile: String
    /// Whether the variables count; with a profile from the command line they do not.
    let readsVariables: Bool

    func look(_ context: CredentialContext) async throws(CredentialsError) -> CredentialLookup {
        let values = context.files.profile(profile)?.values ?? [:]
        /// A variable that is set to nothing hides the profile's setting.
        func setting(_ variable: String, _ key: String) throws(CredentialsError) -> String? {
            let variable = readsVariables ? context.environment.variables[variable] : nil
            let value = try variable == nil ? text(key, of: values) : variable
            return value?.isEmpty == true ? nil : value
        }
        guard let path = try setting("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file") else {
            return .notConfigured(reason: readsVariables ? "AWS_WEB_IDENTITY_TOKEN_FILE is not set" : nil)
        }
        guard let roleARN = try setting("AWS_ROLE_ARN", "role_arn") else {
            throw broken(
                "the token file \(path) is set without a role: set AWS_ROLE_ARN, or role_arn in the profile \(profile)")
        }
        let request = AssumeRoleRequest(
            roleARN: roleARN,
            sessionName: try setting("AWS_ROLE_SESSION_NAME", "role_session_name") ?? context.generatedSessionName
        )
        return .found(try await exchange(tokenFile: path, request, context))
    }

    /// Exchanges the token in a file. The file is read each time, since its owner replaces it before the token expires.
    private func exchange(
        tokenFile: String,
        _ request: AssumeRoleRequest,
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
            let sts = try context.sts(for: request.roleARN, credentials: nil)
            let session = try await sts.assumeRoleWithWebIdentity(request, token: token)
            return SessionCredentials(session.credentials, expiration: session.expiration, account: session.account)
        } catch {
            throw broken(error)
        }
    }
}
