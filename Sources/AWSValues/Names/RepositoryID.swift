/// One repository, anywhere: its owner account, region and name. Ordered by account, then region, then name.
package struct RepositoryID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let registry: Registry
    package let name: RepositoryName

    package init(registry: Registry, name: RepositoryName) {
        self.registry = registry
        self.name = name
    }

    package var account: AccountID { registry.account }
    package var region: Region { registry.region }

    /// `ACCOUNT REGION NAME`, as people read it.
    package var description: String { "\(registry) \(name)" }

    package static func < (left: RepositoryID, right: RepositoryID) -> Bool {
        left.registry == right.registry ? left.name < right.name : left.registry < right.registry
    }
}
