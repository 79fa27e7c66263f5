package import AWSValues
package import SharePlan

/// What is to be shared, as the planner asks for it. A matrix is one.
package protocol TargetSource: Sendable {
    /// Every registry that the source names.
    var registries: [Registry] { get }

    /// Whether the names in this registry depend on what is there: a glob, or a search for what is no longer named.
    func needsListing(of registry: Registry) -> Bool

    /// The repositories to plan. `live` is nil when the registry was not listed; then only those that are named.
    func targets(in registry: Registry, live: [RepositoryName]?) -> [RepositoryID]

    /// What is granted on one of the targets, in any order.
    func wantedGrants(for repository: RepositoryID) -> [WantedGrant]

    /// What only expired rows grant on one of the targets: a plan that takes it away says so.
    func endedGrants(for repository: RepositoryID) -> [WantedGrant]

    /// Whether the source names a repository, itself or by a glob; one that is only pruned is not covered.
    func covers(_ repository: RepositoryID) -> Bool

    /// Whether repositories that the source does not name lose their grants.
    var prunes: Bool { get }

    /// The groups and units whose accounts a target is shared with, the largest first.
    func crowds(on repository: RepositoryID) -> [Matrix.Crowd]

    /// What a plan has to say of the source, once the targets of every registry are known; in any order.
    var notes: [PlanHeader.Note] { get }
}

extension TargetSource {
    package func endedGrants(for repository: RepositoryID) -> [WantedGrant] { [] }
    package func covers(_ repository: RepositoryID) -> Bool { true }
    package var prunes: Bool { false }
    package func crowds(on repository: RepositoryID) -> [Matrix.Crowd] { [] }
    package var notes: [PlanHeader.Note] { [] }
}
