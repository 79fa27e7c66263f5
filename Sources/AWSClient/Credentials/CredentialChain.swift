/// The places to look for base credentials, in their order. The first one that is configured wins.
///
/// The order is botocore's, and with it the AWS CLI's. Source: `create_credential_resolver` in botocore 1.43;
/// https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-authentication.html
package struct CredentialChain: Sendable {
    package let sources: [any CredentialSource]

    package init(_ sources: [any CredentialSource]) {
        self.sources = sources
    }

    /// The standard chain; `profile` is the one that was named with `--profile`, which leaves out the keys and the web
    /// identity of the environment.
    package init(_ environment: Environment, profile: String?) {
        let variable = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].first { environment[$0] != nil }
        let name = profile ?? environment.profile ?? "default"
        let inEnvironment: [any CredentialSource] = profile == nil ? [EnvironmentSource()] : []
        sources =
            inEnvironment + [
                RoleSource(profile: name, namedBy: profile == nil ? variable : "--profile"),
                WebIdentitySource(profile: name, readsVariables: profile == nil),
                ProfileSource(profile: name),
                ContainerSource(),
                InstanceSource(),
            ]
    }

    /// Credentials of the first source that is configured.
    package func credentials(_ context: CredentialContext) async throws(CredentialsError) -> SessionCredentials {
        var attempts: [CredentialsError.Attempt] = []
        for source in sources {
            switch try await source.look(context) {
            case .found(let credentials): return credentials
            case .notConfigured(let reason?):
                attempts.append(CredentialsError.Attempt(source: source.name, reason: reason))
            case .notConfigured(nil): break
            }
        }
        throw .nothingFound(attempts)
    }
}
