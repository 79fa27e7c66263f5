/// A place where base credentials may come from.
package protocol CredentialSource: Sendable {
    /// For messages, for example `environment variables`.
    var name: String { get }

    /// Looks there. A place that is not configured says so; one that is configured and does not work throws, since
    /// falling back to other credentials could mean another account.
    func look(_ context: CredentialContext) async throws(CredentialsError) -> CredentialLookup
}

package enum CredentialLookup: Sendable {
    case found(SessionCredentials)
    case notConfigured(reason: String)
}

/// What sources work with.
package struct CredentialContext: Sendable {
    package let environment: Environment
    package let files: SharedConfiguration
    /// For sources that ask a service.
    package let caller: AWSCaller
    package let http: HTTPClient
    package let endpoints: EndpointResolver
    /// Where STS is asked, unless a profile says otherwise.
    package let region: String?
    package var clock: AWSClock { caller.clock }
}

extension CredentialSource {
    func broken(_ problem: String) -> CredentialsError {
        .broken(source: name, problem: problem)
    }

    /// A service's failure as this source's own.
    func broken(_ error: AWSError) -> CredentialsError {
        error.isCancelled ? .cancelled : broken(error.description)
    }
}
