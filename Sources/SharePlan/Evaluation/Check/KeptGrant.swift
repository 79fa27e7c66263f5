/// A grant whose consumer can still do what it says, wholly or in part, by one statement.
package struct KeptGrant: Hashable, Sendable {
    package let grant: Grant
    /// The statement that allows it.
    package let statement: StatementReference
    /// Why it is not certain, sorted; empty when the statement allows it whatever else is the case.
    package let doubts: [Doubt]
    /// The actions that it allows of those that are removed, sorted; empty when it allows all of them.
    package let actions: [String]
}

extension PolicyEvaluator {
    /// The grants among `removed` that some statement still allows or may allow, in the order of `removed`, then of the
    /// document. Each pair of grant and statement occurs once.
    package func keptGrants(among removed: some Sequence<Grant>) -> [KeptGrant] {
        let allows = statements.filter { $0.effect != .deny }.map { ($0, ActionSet(possiblyIn: $0)) }
        let denies = statements.filter { $0.effect == .deny }
        return removed.flatMap { grant -> [KeptGrant] in
            var context = Holder(of: grant, partition: partition).context(in: partition)
            // Whatever organization the account may be in.
            if case .none = context.organization { context.organization = .unknown }
            let lost = grant.access == .push ? ActionSet.push.subtracting(.pull) : ActionSet(grant.access)
            let open = lost.subtracting(denied(to: context, by: denies))
            return allows.compactMap { statement, actions in
                actions.isDisjoint(with: open)
                    ? nil : keeping(grant, context, by: statement, actions.intersection(open), of: lost)
            }
        }
    }

    /// What Deny statements surely keep from a requester.
    private func denied(to context: RequestContext, by denies: [EvaluatedStatement]) -> ActionSet {
        var actions: ActionSet = []
        for statement in denies {
            var doubts: Set<Doubt> = []
            guard statement.fit(context, doubts: &doubts) == .yes else { continue }
            for (bit, name) in ActionSet.foldedNames.enumerated() where statement.fit(action: name) == .yes {
                actions.insert(ActionSet(rawValue: 1 << UInt16(bit)))
            }
        }
        return actions
    }

    private func keeping(
        _ grant: Grant, _ context: RequestContext, by statement: EvaluatedStatement, _ actions: ActionSet,
        of lost: ActionSet
    ) -> KeptGrant? {
        var doubts: Set<Doubt> = []
        let fit = statement.fit(context, doubts: &doubts)
        if fit == .yes { doubts = [] }
        return fit == .no
            ? nil
            : KeptGrant(
                grant: grant, statement: statement.reference, doubts: doubts.sorted(),
                actions: actions.isSuperset(of: lost) ? [] : actions.names.sorted())
    }
}
