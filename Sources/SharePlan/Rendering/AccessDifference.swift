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
    /// Who loses `push` and may still pull, as the document says without a look at conditions; sorted.
    package let keepingPull: [Consumer]
    /// Hand-edited statements of ours that are replaced, with what else goes with them.
    package let replaced: [ReplacedStatement]

    /// What `change` gives and takes away.
    package init(_ change: Change) {
        removed = change.grants.removed.map { Item($0.grant, in: change.repository) }
        added = change.grants.added.map { Item($0.grant, in: change.repository) }
        replaced = change.replaced
        let losers = change.grants.removed.map(\.grant).filter { $0.access == .push }.map(\.consumer)
        guard !losers.isEmpty, change.after != nil else {
            keepingPull = []
            return
        }
        let marks = PolicyReach(change.after, sidPrefix: "").marks
        keepingPull = losers.filter { consumer in
            guard let marks = marks[consumer.description] else { return false }
            return marks.contains(.pull) && !marks.contains(.denied)
        }
    }

    /// Whether somebody loses access, or may.
    package var takesAway: Bool { !removed.isEmpty || !replaced.isEmpty }

    package var isEmpty: Bool { !takesAway && added.isEmpty }
}
