package import AWSValues
package import SharePlan

/// A source's targets, narrowed to some repositories.
package struct ChosenTargets<Source: TargetSource>: TargetSource {
    private let source: Source
    private let isChosen: @Sendable (RepositoryID) -> Bool

    package init(_ source: Source, _ isChosen: @escaping @Sendable (RepositoryID) -> Bool) {
        self.source = source
        self.isChosen = isChosen
    }

    package var registries: [Registry] { source.registries }

    package func needsListing(of registry: Registry) -> Bool { source.needsListing(of: registry) }

    package func targets(in registry: Registry, live: [RepositoryName]?) -> [RepositoryID] {
        source.targets(in: registry, live: live).filter(isChosen)
    }

    package func wantedGrants(for repository: RepositoryID) -> [WantedGrant] { source.wantedGrants(for: repository) }
}

/// Every repository of some registries, with nothing wanted there.
package struct WholeRegistries: TargetSource {
    package let registries: [Registry]

    package init(_ registries: [Registry]) {
        self.registries = registries
    }

    package func needsListing(of registry: Registry) -> Bool { true }

    package func targets(in registry: Registry, live: [RepositoryName]?) -> [RepositoryID] {
        (live ?? []).map { RepositoryID(registry: registry, name: $0) }
    }

    package func wantedGrants(for repository: RepositoryID) -> [WantedGrant] { [] }
}
