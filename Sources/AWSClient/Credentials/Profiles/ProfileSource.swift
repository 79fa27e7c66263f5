import AWSValues

/// What a profile of the shared files holds beside a role and a web identity, which come before it: a login with IAM
/// Identity Center, keys in the credentials file, a login with `aws login`, a program, keys in the config file.
struct ProfileSource: CredentialSource {
    let profile: String

    var name: String { "profile \(profile)" }

    func look(_ context: CredentialContext) async throws(CredentialsError) -> CredentialLookup {
        guard let values = context.files.profile(profile) else {
            return .notConfigured(reason: "there is none in \(context.files.place)")
        }
        if values.has("sso_account_id") || values.has("sso_role_name") {
            return .found(try await singleSignOn(values, context))
        }
        if let keys = try keys(values.credentials) { return .found(keys) }
        if let session = try text("login_session", of: values.values) {
            return .found(try await login(session, context))
        }
        if let command = try text("credential_process", of: values.values) {
            return .found(try await program(command, context))
        }
        if let keys = try keys(values.config) { return .found(keys) }
        return .notConfigured(reason: "it has no keys, role, web identity, login or credential_process")
    }

    /// The key pair of one file, with the token of the same file.
    private func keys(_ section: ProfileFile.Section) throws(CredentialsError) -> SessionCredentials? {
        guard let keyID = try text("aws_access_key_id", of: section) else { return nil }
        guard let secret = try text("aws_secret_access_key", of: section) else {
            throw broken("aws_access_key_id is set, aws_secret_access_key is not")
        }
        guard !keyID.isEmpty, !secret.isEmpty else {
            throw broken("aws_access_key_id or aws_secret_access_key is empty")
        }
        // The older name comes first, as in botocore.
        let (older, newer) = try (text("aws_security_token", of: section), text("aws_session_token", of: section))
        let token = older ?? newer
        // A line that is too far to the right belongs to the value before it, and AWS would only say that it is wrong.
        guard ![keyID, secret, token ?? ""].contains(where: { $0.contains(where: \.isWhitespace) }) else {
            throw broken("a key, secret or token contains a space or a line break; check the indentation")
        }
        let credentials = Credentials(
            accessKeyID: keyID, secretAccessKey: secret, sessionToken: token?.isEmpty == true ? nil : token)
        return SessionCredentials(credentials, account: section.text("aws_account_id").flatMap { AccountID($0) })
    }
}
