import Rollout
import SharePlan

/// A source's targets, narrowed to some repositories.
struct ChosenTargets<Source: TargetSource>: TargetSource {
    private let source: Source
    private let isChosen: @Sendable (RepositoryID) -> Bool

    init(_ source: Source, _ isChosen: @escaping @Sendable (RepositoryID) -> Bool) {
        self.source = source
        self.isChosen = isChosen
    }

    var registries: [Registry] { source.registries }

    func needsListing(of registry: Registry) -> Bool { source.needsListing(of: registry) }

    func targets(in registry: Registry, live: [RepositoryName]?) -> [RepositoryID] {
        source.targets(in: registry, live: live).filter(isChosen)
    }

    func wantedGrants(for repository: RepositoryID) -> [WantedGrant] { source.wantedGrants(for: repository) }
}

/// Every repository of some registries, with nothing wanted there.
struct WholeRegistries: TargetSource {
    let registries: [Registry]

    init(_ registries: [Registry]) {
        self.registries = registries
    }

    func needsListing(of registry: Registry) -> Bool { true }

    func targets(in registry: Registry, live: [RepositoryName]?) -> [RepositoryID] {
        (live ?? []).map { RepositoryID(registry: registry, name: $0) }
    }

    func wantedGrants(for repository: RepositoryID) -> [WantedGrant] { [] }
}
