extension PlanEntry {
    /// The same entry beside the policy of the whole registry, whose Deny wins over what the repository's policy gives.
    ///
    /// Who gains, loses and keeps what is worked out with the statements of both policies; that an Allow of the
    /// registry is enough is not certain. A Deny of a grant among `wanted` is a warning, and so is an Allow by which
    /// somebody may keep what they lose, or that may open the repository to strangers. In mode `remove` `wanted` is
    /// what is to go.
    /// `recent` spares working out again what is known; it must be of this registry's day and rules alone.
    package func beside(
        _ registry: RegistryPolicy, wanted: [WantedGrant], mode: MergeMode = .match,
        recent: RecentAnswers<PolicyQuestion, AccessChange>? = nil
    ) -> PlanEntry {
        guard case .repository(let repository) = subject, let policy = registry.evaluator(on: repository.name) else {
            return self
        }
        let grants = wanted.map(\.grant)
        var warnings = mode == .remove ? [] : StatementWarning.all(of: policy.foreignDenials(of: grants))
        if policy.statements.contains(where: \.mayBeOpen) { warnings += StatementWarning.all(of: policy.openAccess) }
        func kept(_ removed: [Grant]) -> [String] { StatementWarning.all(of: policy.keptGrants(among: removed)) }
        switch self {
        case .change(let change):
            let text = registry.policy(on: repository.name)
            let question = PolicyQuestion(
                repository, policies: [change.before?.text, change.after?.text, text?.text],
                grants: [change.grants.added, change.grants.removed])
            func judge() throws(PolicyError) -> AccessChange {
                try change.beside(registry: text, change.access, warnings: []).judged(on: registry.today).access
            }
            let found = try? recent?.answer(to: question, orElse: judge) ?? judge()
            let access = found ?? change.access
            warnings += kept(mode == .remove ? grants : access.lost.compactMap(\.grant))
            return .change(
                change.beside(
                    registry: access == change.access ? nil : text, access, warnings: change.warnings + warnings))
        case .unchanged(let unchanged):
            if mode == .remove { warnings += kept(grants) }
            return .unchanged(Unchanged(repository: repository, warnings: unchanged.warnings + warnings))
        case .problem, .orphan: return self
        }
    }
}

extension AccessChange.Entry {
    /// The grant of the same access; nil when a matrix cannot name it.
    var grant: Grant? {
        guard let consumer, case .access(let access) = extent else { return nil }
        return Grant(consumer: consumer, access: access, consumerRegion: region.flatMap { Region($0) })
    }
}
