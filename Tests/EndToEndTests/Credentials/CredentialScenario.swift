/// A place in which base credentials are looked for, as botocore and the program both meet it.
struct CredentialScenario: Codable, Sendable {
    var name: String
    /// `{server}`, `{home}` and the like are replaced, see resolve-with-botocore.py.
    var environment: [String: String] = [:]
    /// By path below the home folder; `sso:NAME` is the token of that login.
    var files: [String: String] = [:]
    /// As `--profile` names it.
    var profile: String?
    /// What the services on loopback do beside STS.
    var serves: [String] = []
    /// Why the program differs from botocore here on purpose; docs/credentials.md says the same.
    var difference: String?

    /// How the program ends when it differs.
    var ours: Outcome?

    enum Outcome: Codable, Equatable, Sendable {
        case key(String)
        case failure
    }

    /// A config file's text.
    func config(_ text: String) -> CredentialScenario { file(".aws/config", text) }

    /// A credentials file's text.
    func credentials(_ text: String) -> CredentialScenario { file(".aws/credentials", text) }

    func file(_ path: String, _ text: String) -> CredentialScenario {
        var copy = self
        copy.files[path] = text
        return copy
    }

    func variables(_ variables: [String: String]) -> CredentialScenario {
        var copy = self
        copy.environment.merge(variables) { $1 }
        return copy
    }

    func named(_ profile: String) -> CredentialScenario {
        var copy = self
        copy.profile = profile
        return copy
    }

    func serving(_ services: String...) -> CredentialScenario {
        var copy = self
        copy.serves = services
        return copy
    }

    /// Says that the program differs, how, and why.
    func differing(_ outcome: Outcome, because reason: String) -> CredentialScenario {
        var copy = self
        copy.ours = outcome
        copy.difference = reason
        return copy
    }

    init(_ name: String) { self.name = name }
}
