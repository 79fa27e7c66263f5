import AWSValues

/// Who gains, loses and keeps what, worded so that repositories in different regions can be compared.
package struct AccessDifference: Hashable, Sendable {
    /// One entry of a change's access, with a Lambda region only where it is not the repository's own.
    package struct Item: Hashable, Sendable {
        package let consumer: Consumer?
        /// Who it is, in words; what comes out of policies is as written there.
        package let who: String
        package let extent: AccessEntry.Extent
        /// Whether `push` comes or goes together with `pull`, of which nothing else is said.
        let includesPull: Bool
        /// Whether ``who`` is a plural.
        let isPlural: Bool
        package let region: String?
        /// The statements that give it; only of what is kept.
        package let through: [String]
        /// What it depends on; empty when it is certain.
        package let doubts: [String]
        package let afterwards: AccessChange.Afterwards

        fileprivate init(
            _ entry: AccessChange.Entry, in repository: RepositoryID, isKept: Bool = false, includesPull: Bool = false
        ) {
            self.includesPull = includesPull
            // The Lambda service of a consumer in one region is a part of what matrices grant to it.
            let isGrant =
                entry.kind != .lambda
                || entry.extent == .access(.lambdaOnly) && entry.function == nil
                    && entry.region.flatMap { Region($0) } != nil
            consumer = isGrant ? entry.consumer : nil
            who = consumer?.inWords ?? entry.holder
            isPlural = consumer == nil && (entry.kind == .lambda || entry.kind == .anyOrganization)
            extent = entry.extent
            region = consumer == nil || entry.region == repository.region.name ? nil : entry.region
            through = isKept ? entry.through : []
            doubts = entry.doubts
            afterwards = entry.afterwards
        }
    }

    package let lost: [Item]
    package let gained: [Item]
    /// What those keep who neither gain nor lose something that covers it.
    package let kept: [Item]
    /// Hand-edited statements of ours that are replaced.
    package let replaced: [ReplacedStatement]

    /// What `change` gives and takes away.
    package init(_ change: Change) {
        let all = change.access.lost + change.access.gained + change.access.kept
        let pulling = Set(all.lazy.filter { $0.extent == .access(.pull) }.map(Holding.init))
        func items(_ entries: [AccessChange.Entry]) -> [Item] {
            entries.map { entry in
                Item(
                    entry, in: change.repository,
                    includesPull: entry.extent == .access(.push) && !pulling.contains(Holding(entry)))
            }
        }
        lost = items(change.access.lost)
        gained = items(change.access.gained)
        self.kept = AccessDifference.kept(of: change).map { Item($0, in: change.repository, isKept: true) }
        replaced = change.replaced
    }

    /// Who holds something, whatever it is.
    private struct Holding: Hashable {
        let kind: AccessEntry.Kind
        let principal: String

        init(_ entry: AccessChange.Entry) { (kind, principal) = (entry.kind, entry.principal) }
    }

    /// What a change keeps, as far as it is reported: for who gains push, pull is not reported.
    static func kept(of change: Change) -> [AccessChange.Entry] {
        guard !change.access.kept.isEmpty else { return [] }
        let gaining = Set(change.access.gained.filter { $0.doubts.isEmpty && $0.kind != .lambda }.map(\.principal))
        return change.access.kept.filter { $0.kind == .lambda || !gaining.contains($0.principal) }
    }

    /// Whether somebody loses access, or may.
    package var takesAway: Bool { !lost.isEmpty || !replaced.isEmpty }

    /// Whether nobody gains or loses anything.
    package var isEmpty: Bool { !takesAway && gained.isEmpty }
}
