import AWSValues

/// Keys in environment variables.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html
struct EnvironmentSource: CredentialSource {
    let name = "environment variables"

    func look(_ context: CredentialContext) async throws(CredentialsError) -> CredentialLookup {
        let environment = context.environment
        guard let keyID = environment["AWS_ACCESS_KEY_ID"] else {
            let isHalf = environment["AWS_SECRET_ACCESS_KEY"] != nil
            return .notConfigured(
                reason: isHalf
                    ? "AWS_SECRET_ACCESS_KEY is set, AWS_ACCESS_KEY_ID is not"
                    : "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set"
            )
        }
        guard let secret = environment["AWS_SECRET_ACCESS_KEY"] else {
            throw broken("AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not")
        }
        // The older name comes first, as in botocore.
        let tokenName = ["AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"].first { environment[$0] != nil }
        for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] + [tokenName].compactMap({ $0 }) {
            // AWS would answer that the signature is wrong, which sends people to their clock.
            guard environment[name]?.contains(where: \.isWhitespace) == false else {
                throw broken("\(name) contains a space or a line break")
            }
        }
        var expiration: Timestamp?
        if let text = environment["AWS_CREDENTIAL_EXPIRATION"] {
            guard let time = Timestamp(expiration: text) else {
                throw broken("AWS_CREDENTIAL_EXPIRATION must be a time such as 2026-01-31T12:00:00Z")
            }
            guard time > context.clock.wall() else {
                throw broken("they expired at \(time.rfc3339) (AWS_CREDENTIAL_EXPIRATION); sign in again")
            }
            expiration = time
        }
        let token = tokenName.flatMap { environment[$0] }
        return .found(
            SessionCredentials(
                Credentials(accessKeyID: keyID, secretAccessKey: secret, sessionToken: token),
                expiration: expiration,
                account: environment["AWS_ACCOUNT_ID"].flatMap { AccountID($0) }
            )
        )
    }
}
