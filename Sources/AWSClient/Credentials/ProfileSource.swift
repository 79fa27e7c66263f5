/// A profile of the shared files, whatever it gets its credentials from.
///
/// Within a profile the order is: a role with a source, a web identity, IAM Identity Center, keys, a program.
struct ProfileSource: CredentialSource {
    let profile: String
    /// How the user named it, `--profile` or `AWS_PROFILE`; nil for the default profile, which nobody named.
    let namedBy: String?
    /// The profiles whose roles wait for this one's credentials.
    var dependents: [String] = []

    var name: String { "profile \(profile)" }

    func look(_ context: CredentialContext) async throws(CredentialsError) -> CredentialLookup {
        let files = context.files
        guard let values = files.profile(profile) else {
            let place = "\(files.configPath) or \(files.credentialsPath)"
            guard let namedBy else { return .notConfigured(reason: "there is none in \(place)") }
            let others = files.profileNames.joined(separator: ", ")
            let hint = others.isEmpty ? "there are no profiles there" : "profiles there: \(others)"
            throw broken("\(namedBy) names it, but it is not in \(place); \(hint)")
        }
        return try await look(values, context)
    }

    private func look(
        _ values: SharedConfiguration.Profile,
        _ context: CredentialContext
    ) async throws(CredentialsError) -> CredentialLookup {
        // A profile further down a chain that has keys of its own is where the chain ends.
        if !dependents.isEmpty, let keys = try keys(values) { return .found(keys) }
        if values["role_arn"] != nil, values["web_identity_token_file"] == nil {
            return .found(try await assumedRole(values, context))
        }
        if values["web_identity_token_file"] != nil {
            return .found(try await webIdentity(values, context))
        }
        if values["sso_session"] != nil || values["sso_account_id"] != nil || values["sso_start_url"] != nil {
            return .found(try await singleSignOn(values, context))
        }
        if let keys = try keys(values) { return .found(keys) }
        if let command = values["credential_process"] {
            return .found(try await program(command, context))
        }
        let reason = "it holds no keys, role, web identity, SSO login or credential_process"
        guard namedBy == nil, dependents.isEmpty else { throw broken(reason) }
        return .notConfigured(reason: reason)
    }

    private func keys(_ values: SharedConfiguration.Profile) throws(CredentialsError) -> SessionCredentials? {
        let keyID = values["aws_access_key_id"]
        let secret = values["aws_secret_access_key"]
        guard keyID != nil || secret != nil else { return nil }
        guard let keyID else { throw broken("aws_secret_access_key is set, aws_access_key_id is not") }
        guard let secret else { throw broken("aws_access_key_id is set, aws_secret_access_key is not") }
        let token = values["aws_session_token"] ?? values["aws_security_token"]
        let credentials = Credentials(accessKeyID: keyID, secretAccessKey: secret, sessionToken: token)
        return SessionCredentials(credentials, account: values["aws_account_id"])
    }
}
