import AWSValues

/// A wanted grant that a Deny defeats, wholly or in part.
package struct DeniedGrant: Hashable, Sendable {
    package let grant: Grant
    /// The statement that denies.
    package let statement: StatementReference
    /// Why it is not certain, sorted; empty when the Deny hits whatever else is the case.
    package let doubts: [Doubt]

    /// What of the grant is hit under these circumstances: of `push` it may be `pull`, the rest, or both.
    let hit: [Access]

    /// Whether the grant is `push` and the Deny leaves all that `pull` needs.
    package let keepsPull: Bool

    package var isCertain: Bool { doubts.isEmpty }
}

extension EvaluatedStatement {
    /// The accounts, roles and users whom the statement names and is about, as members of `organization`.
    fileprivate func members(
        of organization: OrganizationMembership, in partition: Partition
    ) -> [String] {
        guard principals?.isNegated != true else { return [] }
        return Mentions(of: [self]).holders.compactMap { holder -> String? in
            var context = holder.context(in: partition)
            context.organization = organization
            var doubts: Set<Doubt> = []
            switch holder {
            case .account(let id): return fit(context, doubts: &doubts) == .no ? nil : id.description
            case .principal(let arn): return fit(context, doubts: &doubts) == .no ? nil : arn.text
            default: return nil
            }
        }.sorted()
    }
}

extension Consumer {
    /// Where the members of an organization or of a path in one belong; nil for any other consumer.
    fileprivate var membership: OrganizationMembership? {
        switch self {
        case .account, .principal: nil
        case .organization(let id): .member(id, path: nil)
        case .organizationPath(let path): .member(path.organization, path: path.text)
        }
    }
}

extension PolicyEvaluator {
    /// The grants among `wanted` that a foreign Deny defeats or may defeat, in the order of `wanted`, then of the
    /// document. Of `push` a statement may hit one part for certain and another perhaps.
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
            return denies.flatMap { statement, actions in
                actions.isDisjoint(with: ActionSet(grant.access))
                    ? [] : denials(of: grant, context, by: statement, actions)
            }
        }
    }

    private func denials(
        of grant: Grant, _ context: RequestContext, by statement: EvaluatedStatement, _ actions: ActionSet
    ) -> [DeniedGrant] {
        var doubts: Set<Doubt> = []
        switch statement.fit(context, doubts: &doubts) {
        case .no:
            // A member that is named is denied what its organization gets.
            let members = grant.consumer.membership.map { statement.members(of: $0, in: partition) } ?? []
            if members.isEmpty { return [] }
            doubts = [.members(members.listed())]
        case .yes: doubts = []
        case .named, .some, .unknown, .others: break
        }
        var hits: [(access: Access, doubts: [Doubt])] = []
        for access in grant.access == .push ? [Access.pull, .push] : [grant.access] {
            let needed = ActionSet(neededFor: access)
            if !actions.isDisjoint(with: needed) {
                hits.append((access, doubts.sorted()))
            } else if !actions.isDisjoint(with: ActionSet(access)) {
                hits.append((access, doubts.union([Doubt(needing: needed)]).sorted()))
            }
        }
        let keepsPull = grant.access == .push && actions.isDisjoint(with: .pull)
        func denied(_ hit: [Access], _ doubts: [Doubt]) -> DeniedGrant {
            DeniedGrant(
                grant: grant, statement: statement.reference, doubts: doubts, hit: hit, keepsPull: keepsPull)
        }
        guard let first = hits.first else { return [] }
        if hits.allSatisfy({ $0.doubts == first.doubts }) { return [denied(hits.map(\.access), first.doubts)] }
        return hits.map { denied([$0.access], $0.doubts) }
    }
}
