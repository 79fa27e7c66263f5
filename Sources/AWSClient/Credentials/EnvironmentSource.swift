/// Keys in environment variables.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html
struct EnvironmentSource: CredentialSource {
    let name = "environment variables"

    func look(_ context: CredentialContext) async throws(CredentialsError) -> CredentialLookup {
        let environment = context.environment
        let keyID = environment["AWS_ACCESS_KEY_ID"]
        let secret = environment["AWS_SECRET_ACCESS_KEY"]
        guard keyID != nil || secret != nil else {
            return .notConfigured(reason: "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set")
        }
        guard let keyID else { throw broken("AWS_SECRET_ACCESS_KEY is set, AWS_ACCESS_KEY_ID is not") }
        guard let secret else { throw broken("AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not") }
        var expiration: Timestamp?
        if let text = environment["AWS_CREDENTIAL_EXPIRATION"] {
            guard let time = Timestamp(iso8601: text) else {
                throw broken("AWS_CREDENTIAL_EXPIRATION must be a time such as 2026-01-31T12:00:00Z")
            }
            guard time > context.clock.wall() else {
                throw broken("they expired at \(time.iso8601) (AWS_CREDENTIAL_EXPIRATION); sign in again")
            }
            expiration = time
        }
        let token = environment["AWS_SESSION_TOKEN"] ?? environment["AWS_SECURITY_TOKEN"]
        return .found(
            SessionCredentials(
                Credentials(accessKeyID: keyID, secretAccessKey: secret, sessionToken: token),
                expiration: expiration,
                account: environment["AWS_ACCOUNT_ID"]
            )
        )
    }
}
