/// The places to look for base credentials, in their order. The first one that is configured wins.
///
/// The order is that of the AWS SDKs where they agree: with `--profile` only that profile; else the environment; else,
/// with `AWS_PROFILE`, only that profile; else a web identity, the default profile, the container and the instance.
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
package struct CredentialChain: Sendable {
    package let sources: [any CredentialSource]

    package init(_ sources: [any CredentialSource]) {
        self.sources = sources
    }

    /// The standard chain; `profile` is the one that was named with `--profile`.
    package init(_ environment: Environment, profile: String?) {
        if let profile {
            sources = [ProfileSource(profile: profile, namedBy: "--profile")]
        } else if let profile = environment.profile {
            let variable = environment["AWS_PROFILE"] == nil ? "AWS_DEFAULT_PROFILE" : "AWS_PROFILE"
            sources = [EnvironmentSource(), ProfileSource(profile: profile, namedBy: variable)]
        } else {
            sources = [
                EnvironmentSource(),
                WebIdentitySource(),
                ProfileSource(profile: "default", namedBy: nil),
                ContainerSource(),
                InstanceSource(),
            ]
        }
    }

    /// Credentials of the first source that is configured.
    package func credentials(_ context: CredentialContext) async throws(CredentialsError) -> SessionCredentials {
        var attempts: [CredentialsError.Attempt] = []
        for source in sources {
            switch try await source.look(context) {
            case .found(let credentials): return credentials
            case .notConfigured(let reason):
                attempts.append(CredentialsError.Attempt(source: source.name, reason: reason))
            }
        }
        throw .nothingFound(attempts)
    }
}
