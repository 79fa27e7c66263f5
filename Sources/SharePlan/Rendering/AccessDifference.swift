/// Who gains and loses what, said so that repositories in different regions can be compared.
package struct AccessDifference: Hashable, Sendable {
    /// One grant, with a Lambda region only where it is not the repository's own.
    package struct Item: Hashable, Sendable {
        package let consumer: Consumer
        package let access: Access
        package let region: Region?

        fileprivate init(_ grant: Grant, in repository: RepositoryID) {
            self.consumer = grant.consumer
            self.access = grant.access
            self.region = grant.consumerRegion == repository.region ? nil : grant.consumerRegion
        }
    }

    package let removed: [Item]
    package let added: [Item]

    /// What `change` gives and takes away.
    package init(_ change: Change) {
        removed = change.grants.removed.map { Item($0.grant, in: change.repository) }
        added = change.grants.added.map { Item($0.grant, in: change.repository) }
    }

    package var isEmpty: Bool { removed.isEmpty && added.isEmpty }
}
