package import AWSValues
package import SharePlan

/// A source's targets, narrowed to the repositories that one of some patterns matches.
package struct ChosenTargets<Source: TargetSource>: TargetSource {
    private let source: Source
    private let patterns: [RepositoryPattern]

    /// Without patterns all are chosen.
    package init(_ source: Source, _ patterns: [RepositoryPattern]) {
        self.source = source
        self.patterns = patterns
    }

    package var registries: [Registry] { source.registries }

    package func needsListing(of registry: Registry) -> Bool { source.needsListing(of: registry) }

    package func targets(in registry: Registry, live: [RepositoryName]?) -> [RepositoryID] {
        source.targets(in: registry, live: live).filter { patterns.choose($0.name) }
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

extension [RepositoryPattern] {
    /// Whether one of them matches; without patterns all are chosen.
    func choose(_ name: RepositoryName) -> Bool { isEmpty || contains { $0.matches(name) } }
}
