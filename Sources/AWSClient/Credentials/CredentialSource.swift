/// A place where base credentials may come from.
package protocol CredentialSource: Sendable {
    /// For messages, for example `environment variables`.
    var name: String { get }

    /// Looks there. A place that is not configured says so; one that is configured and does not work throws, since
    /// falling back to other credentials could mean another account.
    func look(_ context: CredentialContext) async throws(CredentialsError) -> CredentialLookup
}

/// What a source of credentials has found.
package enum CredentialLookup: Sendable {
    case found(SessionCredentials)
    /// Without a reason where a later source looks into the same place and gives one.
    case notConfigured(reason: String?)
}

/// What sources work with.
package struct CredentialContext: Sendable {
    package let environment: Environment
    package let files: SharedConfiguration
    /// For sources that ask a service.
    package let caller: AWSCaller
    package let http: HTTPClient
    package let endpoints: EndpointResolver
    /// Where STS is asked.
    package let region: String?
    /// The name of the profile in use. Its settings hold for the whole run, those of a source profile do not.
    package var profile = "default"
    package var clock: AWSClock { caller.clock }

    /// A setting that a variable gives, or else the profile in use; an empty one is none.
    func setting(_ variable: String, _ key: String) -> String? {
        if let value = environment.variables[variable] { return value.isEmpty ? nil : value }
        guard let value = files.profile(profile)?[key], !value.isEmpty else { return nil }
        return value
    }
}

extension CredentialSource {
    func broken(_ problem: String) -> CredentialsError {
        .broken(source: name, problem: problem)
    }

    /// A key's value, which may be empty; nil when the section does not have the key.
    func text(_ key: String, of section: ProfileFile.Section) throws(CredentialsError) -> String? {
        switch section[key] {
        case nil: return nil
        case .text(let text): return text
        case .nested: throw broken("\(key) has no value, only indented lines below it")
        }
    }

    /// A service's failure as this source's own.
    func broken(_ error: AWSError) -> CredentialsError {
        error.isCancelled ? .cancelled : broken(error.description)
    }
}
