extension PlanEntry {
    /// The same entry beside the policy of the whole registry, whose Deny wins over what the repository's policy gives.
    ///
    /// A Deny of a grant among `wanted` is a warning, and so is an Allow by which somebody may keep what he loses, or
    /// that may open the repository to strangers. Who would gain access that the registry policy denies, or may deny,
    /// gains it only if that changes: the entry of ``Change/access`` has it as a doubt.
    package func beside(_ registry: RegistryPolicy, wanted: [WantedGrant]) -> PlanEntry {
        guard case .repository(let repository) = subject, let policy = registry.evaluator(on: repository.name) else {
            return self
        }
        var warnings = StatementWarning.all(of: policy.foreignDenials(of: wanted.map(\.grant)))
        if policy.mayBeOpen { warnings += StatementWarning.all(of: policy.openAccess) }
        switch self {
        case .change(let change):
            warnings += StatementWarning.all(of: policy.keptGrants(among: change.access.lost.compactMap(\.grant)))
            let access = change.access.doubting(policy.foreignDenials(of: change.access.gained.compactMap(\.grant)))
            return .change(
                Change(
                    repository: change.repository, before: change.before, after: change.after, grants: change.grants,
                    access: access, warnings: change.warnings + warnings, replaced: change.replaced))
        case .unchanged(let unchanged):
            return .unchanged(Unchanged(repository: repository, warnings: unchanged.warnings + warnings))
        case .problem, .orphan: return self
        }
    }
}

extension PolicyEvaluator {
    /// Whether a statement that may allow something names everybody, or cannot be read.
    fileprivate var mayBeOpen: Bool {
        statements.contains { $0.effect != .deny && $0.principals.map { $0.everyone || $0.isNegated } ?? true }
    }
}

extension AccessChange {
    fileprivate static let registryDenies = "the registry policy, which denies it by "
    fileprivate static let registryMayDeny = "the registry policy, which may deny it by "

    /// The same, where gains that the registry policy defeats, or may defeat, depend on it.
    fileprivate func doubting(_ denied: [DeniedGrant]) -> AccessChange {
        if denied.isEmpty { return self }
        let certain = denied.filter(\.isCertain) + denied.filter { !$0.isCertain }
        let denials = Dictionary(certain.map { ($0.grant, $0) }) { first, _ in first }
        return AccessChange(
            gained: gained.map { entry in
                guard let denial = entry.grant.flatMap({ denials[$0] }) else { return entry }
                let doubt = denial.isCertain ? AccessChange.registryDenies : AccessChange.registryMayDeny
                return entry.with(
                    doubts: entry.doubts + [doubt + denial.statement.label],
                    entry.doubts.isEmpty ? .depends : entry.afterwards)
            }.sorted(), lost: lost, kept: kept)
    }

    /// The same by the repository's own policies alone, whatever a registry policy denies.
    var withoutRegistry: AccessChange {
        AccessChange(
            gained: gained.map { entry in
                let own = entry.doubts.filter { !Entry.isOfRegistry($0) }
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

    /// What becomes of a gain with doubts when the registry policy is asked too: nothing where it denies it, else
    /// ``afterwards``.
    var afterRegistry: AccessChange.Afterwards {
        if doubts.contains(where: { $0.hasPrefix(AccessChange.registryDenies) }) { return .notAllowed }
        return doubts.contains(where: Self.isOfRegistry) ? .depends : afterwards
    }

    fileprivate static func isOfRegistry(_ doubt: String) -> Bool {
        doubt.hasPrefix(AccessChange.registryDenies) || doubt.hasPrefix(AccessChange.registryMayDeny)
    }

    fileprivate func with(doubts: [String], _ afterwards: AccessChange.Afterwards) -> AccessChange.Entry {
        AccessChange.Entry(
            kind: kind, principal: principal, region: region, function: function, extent: extent, through: through,
            doubts: doubts, afterwards: afterwards)
    }
}
