package import AWSValues
package import SharePlan

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
