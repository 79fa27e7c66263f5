extension PlanEntry {
    /// The same entry beside the policy of the whole registry, in which a Deny wins over what the repository's policy gives.
    ///
    /// A Deny of a grant among `wanted` is a warning. Who would gain access that the registry policy denies, or may deny,
    /// gains it only if that changes: the entry of ``Change/access`` has it as a doubt.
    package func beside(_ registry: RegistryPolicy, wanted: [WantedGrant]) -> PlanEntry {
        switch self {
        case .change(let change):
            let denied = registry.deniedGrants(among: wanted.map(\.grant), on: change.repository.name)
            let gained = change.access.gained.compactMap(\.grant)
            let defeated = registry.deniedGrants(among: gained, on: change.repository.name)
            if denied.isEmpty, defeated.isEmpty { return self }
            return .change(
                Change(
                    repository: change.repository, before: change.before, after: change.after, grants: change.grants,
                    access: change.access.doubting(defeated),
                    warnings: change.warnings + StatementWarning.all(ofRegistry: denied), replaced: change.replaced))
        case .unchanged(let unchanged):
            let denied = registry.deniedGrants(among: wanted.map(\.grant), on: unchanged.repository.name)
            if denied.isEmpty { return self }
            return .unchanged(
                Unchanged(
                    repository: unchanged.repository,
                    warnings: unchanged.warnings + StatementWarning.all(ofRegistry: denied)))
        case .problem, .orphan: return self
        }
    }
}

extension AccessChange {
    private static let registryDoubt = "the registry policy, which denies it by "

    /// The same, where gains that the registry policy defeats depend on it.
    fileprivate func doubting(_ denied: [DeniedGrant]) -> AccessChange {
        let statements = Dictionary(denied.map { ($0.grant, $0.statement.description) }) { first, _ in first }
        return AccessChange(
            gained: gained.map { entry in
                guard let statement = entry.grant.flatMap({ statements[$0] }) else { return entry }
                return entry.with(
                    doubts: entry.doubts + [AccessChange.registryDoubt + statement],
                    entry.doubts.isEmpty ? .depends : entry.afterwards)
            }.sorted(), lost: lost, kept: kept)
    }

    /// The same by the repository's own policies alone, whatever a registry policy denies.
    var withoutRegistry: AccessChange {
        AccessChange(
            gained: gained.map { entry in
                let own = entry.doubts.filter { !$0.hasPrefix(AccessChange.registryDoubt) }
                return entry.with(doubts: own, own.isEmpty ? .allowed : entry.afterwards)
            }.sorted(), lost: lost, kept: kept)
    }
}

extension AccessChange.Entry {
    /// The grant of the same access; nil when a matrix cannot name it.
    var grant: Grant? {
        guard let consumer, case .access(let access) = extent else { return nil }
        return Grant(consumer: consumer, access: access, consumerRegion: region.flatMap { Region($0) })
    }

    fileprivate func with(doubts: [String], _ afterwards: AccessChange.Afterwards) -> AccessChange.Entry {
        AccessChange.Entry(
            kind: kind, principal: principal, region: region, function: function, extent: extent, through: through,
            doubts: doubts, afterwards: afterwards)
    }
}
