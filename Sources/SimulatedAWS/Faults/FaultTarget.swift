/// Which calls a fault is meant for. An empty list means all.
package struct FaultTarget: Hashable, Sendable {
    /// `ecr`, `sts`, `organizations`, `iam` or `s3`.
    package var services: [String] = []
    /// The account of the caller, or the account of the role to be assumed.
    package var accounts: [String] = []
    package var regions: [String] = []
    /// Names of operations, such as `SetRepositoryPolicy`.
    package var operations: [String] = []
    /// Patterns for the repository's name; a call that names no repository does not match any.
    package var repositories: [String] = []
    /// Patterns for `BUCKET/KEY`; a call that names no object does not match any.
    package var objects: [String] = []

    /// What all of the lists allow.
    package init(
        services: [String] = [], accounts: [String] = [], regions: [String] = [], operations: [String] = [],
        repositories: [String] = [], objects: [String] = []
    ) {
        self.services = services
        self.accounts = accounts
        self.regions = regions
        self.operations = operations
        self.repositories = repositories
        self.objects = objects
    }

    func includes(_ call: Call) -> Bool {
        (services.isEmpty || services.contains(call.service.rawValue))
            && (accounts.isEmpty || accounts.contains(call.caller.account)
                || call.roleAccount.map(accounts.contains) == true)
            && (regions.isEmpty || regions.contains(call.region))
            && (operations.isEmpty || operations.contains(call.operation))
            && (repositories.isEmpty || call.repository.map { FaultTarget.isMatch($0, repositories) } == true)
            && (objects.isEmpty || call.object.map { FaultTarget.isMatch($0, objects) } == true)
    }

    private static func isMatch(_ name: String, _ patterns: [String]) -> Bool {
        patterns.contains { WildcardPattern($0).matches(name) }
    }
}
