/// A wanted grant that a Deny defeats, wholly or in part.
package struct DeniedGrant: Hashable, Sendable {
    package let grant: Grant
    /// The statement that denies.
    package let statement: StatementReference
    /// Why it is not certain, sorted; empty when the Deny hits whatever else is the case.
    package let doubts: [Doubt]

    /// Whether the grant is `push` and the Deny leaves all that `pull` needs.
    package let keepsPull: Bool

    package var isCertain: Bool { doubts.isEmpty }
}

extension EvaluatedStatement {
    /// Whether accounts, roles or users are named whom the statement is about.
    fileprivate var namesIdentities: Bool {
        guard let principals, !principals.isNegated, !principals.everyone else { return false }
        return !principals.accounts.isEmpty || !principals.identities.isEmpty
    }
}

extension Consumer {
    fileprivate var isOrganization: Bool {
        switch self {
        case .account, .principal: false
        case .organization, .organizationPath: true
        }
    }
}

extension PolicyEvaluator {
    /// The grants among `wanted` that a foreign Deny defeats or may defeat, in the order of `wanted`, then of the
    /// document. Each pair of grant and statement occurs once.
    ///
    /// Foreign is a statement that is not managed under `sidPrefix`. Statements that cannot be read may deny.
    package func deniedGrants(among wanted: some Sequence<Grant>, sidPrefix: String) -> [DeniedGrant] {
        let denies = statements.filter { statement in
            statement.effect != .allow && !statement.reference.isManaged(prefix: sidPrefix)
        }.map { ($0, ActionSet(possiblyIn: $0)) }
        if denies.isEmpty { return [] }
        return wanted.flatMap { grant in
            var context = Holder(of: grant, partition: partition).context(in: partition)
            // Whatever organization the account may be in.
            if case .none = context.organization { context.organization = .unknown }
            return denies.compactMap { statement, actions in
                actions.isDisjoint(with: ActionSet(grant.access))
                    ? nil : denial(of: grant, context, by: statement, actions)
            }
        }
    }

    private func denial(
        of grant: Grant, _ context: RequestContext, by statement: EvaluatedStatement, _ actions: ActionSet
    ) -> DeniedGrant? {
        func denied(_ doubts: Set<Doubt>) -> DeniedGrant {
            DeniedGrant(
                grant: grant, statement: statement.reference, doubts: doubts.sorted(),
                keepsPull: grant.access == .push && actions.isDisjoint(with: .pull))
        }
        var doubts: Set<Doubt> = []
        let fit = statement.fit(context, doubts: &doubts)
        switch fit {
        // A member that is named is denied what its organization gets.
        case .no where grant.consumer.isOrganization && statement.namesIdentities: return denied([.onlySome])
        case .no: return nil
        case .yes: return denied([])
        case .named, .some, .unknown: return denied(doubts)
        }
    }
}
