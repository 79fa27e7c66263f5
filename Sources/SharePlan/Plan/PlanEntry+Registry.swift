import AWSValues

extension PlanEntry {
    /// The same entry beside the policy of the whole registry, whose Deny wins over what the repository's policy gives.
    ///
    /// Who gains, loses and keeps what is worked out with the statements of both policies; that an Allow of the
    /// registry is enough is not certain. A Deny of a grant among `wanted` is a warning, and so is an Allow by which
    /// somebody may keep what they lose, or that may open the repository to strangers. In mode `remove` `wanted` is
    /// what is to go.
    /// `book` knows the cases of the same plan.
    package func beside(
        _ registry: RegistryPolicy, wanted: [WantedGrant], mode: MergeMode = .match,
        in book: CaseBook = CaseBook()
    ) -> PlanEntry {
        guard case .repository(let repository) = subject, let text = registry.policy(on: repository.name),
            let policy = registry.evaluator(on: repository.name)
        else { return self }
        let grants = wanted.map(\.grant)
        func warnings() -> [String] {
            let denials = mode == .remove ? [] : StatementWarning.all(of: policy.foreignDenials(of: grants))
            return policy.statements.contains(where: \.mayBeOpen)
                ? denials + StatementWarning.all(of: policy.openAccess) : denials
        }
        func kept(_ removed: [Grant]) -> [String] { StatementWarning.all(of: policy.keptGrants(among: removed)) }
        switch self {
        case .change(let change):
            func judge() -> Case {
                let judged = try? change.beside(registry: text, change.access, warnings: []).judged(on: registry.today)
                let access = judged?.access ?? change.access
                return change.beside(
                    registry: access == change.access ? nil : text, access,
                    warnings: change.warnings + warnings()
                        + kept(mode == .remove ? grants : access.lost.compactMap(\.grant))
                ).case
            }
            let pair = CaseBook.Pair(own: SameCase(change.case), registry: text)
            return .change(
                Change(repository, book.pairs.value(for: pair, size: change.case.size, orElse: judge)))
        case .unchanged(let unchanged):
            let more = warnings() + (mode == .remove ? kept(grants) : [])
            return .unchanged(Unchanged(repository: repository, warnings: unchanged.warnings + more))
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
