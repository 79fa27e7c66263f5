package import AWSValues

/// Who may use one repository, as its live policy says.
package struct RepositoryAccess: Sendable {
    package let repository: RepositoryID
    /// What the policy and that of its registry give to everybody whom they name, foreign statements included, and
    /// ``possible``; sorted.
    package let entries: [AccessEntry]
    /// What consumers of the matrix whom no statement names may have as members of what one names. Sorted.
    let possible: [AccessEntry]
    /// The statements among those of ``entries`` that deny something.
    let denials: Set<StatementReference>
    /// What the managed statements grant, adoptable foreign ones included when asked for; sorted.
    package let managed: [Grant]
    /// What the matrix grants there; nil when no matrix was given.
    package let wanted: GrantSet?
    /// What the matrix grants and nothing gives or may give, be it to everybody. Sorted; empty without a matrix.
    package let missing: [Grant]

    /// Reads a live policy, nil for a repository without one.
    ///
    /// Foreign statements of exactly our shapes that `adopt` takes count as managed. `registry` is the registry's own
    /// policy, nil when it has none or it could not be read. `today` decides conditions on dates that have passed.
    /// - Throws: `PolicyError` for text that is not a policy.
    package init(
        of repository: RepositoryID, policy: Policy?, registry: RegistryPolicy? = nil, sidPrefix: String,
        adopt: Adoption, wanted: [WantedGrant]?, today: CalendarDate? = nil
    ) throws {
        let partition = repository.region.partition
        self.repository = repository
        let own = try PolicyEvaluator(
            of: policy, partition: partition, owner: repository.account, today: today, region: repository.region)
        let evaluator = registry?.evaluator(on: repository.name, beside: own) ?? own
        let named = GrantAudit(of: evaluator).entries
        denials = evaluator.denials
        managed = try LivePolicy(policy, sidPrefix: sidPrefix, partition: partition, adopt: adopt).held.sorted
        self.wanted = wanted.map { GrantSet($0.map(\.grant)) }
        let held = GrantSet(named.filter { !$0.decision.isDenial }.compactMap(\.named))
        let others = (self.wanted?.sorted ?? []).filter { !held.covers($0) && !evaluator.givesToAll($0) }
        let found = others.map(evaluator.possible)
        possible = found.compactMap(\.self).sorted()
        entries = (named + possible).sorted()
        missing = zip(others, found).filter { $1 == nil }.map(\.0)
    }

    /// Whether the matrix grants this on the repository; nil when no matrix was given, or for what it cannot name and
    /// the policy does not surely give.
    package func isInMatrix(_ entry: AccessEntry) -> Bool? {
        guard let wanted else { return nil }
        if let grant = entry.grant { return wanted.covers(grant) }
        guard entry.decision.isAllowed else { return nil }
        // A part of what the matrix grants is in the matrix.
        guard case .other(let actions) = entry.extent, entry.kind != .lambda, let consumer = entry.consumer else {
            return false
        }
        return [Access.push, .pull].contains { access in
            Set(ActionSet(access).names).isSuperset(of: actions)
                && wanted.covers(Grant(consumer: consumer, access: access))
        }
    }

    /// The entries that no managed grant covers, without ``possible``.
    package var foreign: [AccessEntry] {
        let managed = GrantSet(managed)
        let possible = Set(possible)
        return entries.filter { entry in
            !possible.contains(entry) && entry.grant.map { !managed.covers($0) } ?? true
        }
    }
}

extension PolicyEvaluator {
    /// Whether the grant's consumer has all of its access, perhaps through what is given to everybody.
    fileprivate func givesToAll(_ grant: Grant) -> Bool {
        let answers = answers(to: Holder(of: grant, partition: partition).context(in: partition))
        return GradedAccess(grant.access) { decision(answers, action: $0) }.grade > .none
    }

    /// What the grant's consumer, whom no statement names, may have of its access as a member of what one names; nil
    /// for nothing.
    fileprivate func possible(_ grant: Grant) -> AccessEntry? {
        let subject = AccessSubject(Holder(of: grant, partition: partition))
        let answers = answers(to: subject.context(in: partition))
        let decisions = ActionSet(grant.access).names.map { decision(answers, action: $0) }
        let access = GradedAccess(grant.access) { decision(answers, action: $0) }
        guard access.grade > .none else { return nil }
        let references = Set(decisions.flatMap(\.statements)).sorted()
        return AccessEntry(
            kind: subject.kind, principal: subject.principal, region: subject.region, function: subject.function,
            extent: .access(grant.access), decision: .depends(on: access.doubts.sorted(), by: references),
            statements: references)
    }
}

extension GrantSet {
    /// Whether the grant's consumer has this access, by itself or as a part of a wider one: a role of its account, a
    /// path of its organization.
    fileprivate func covers(_ grant: Grant) -> Bool {
        ([grant.consumer] + grant.consumer.wider).contains { consumer in
            allows(Grant(consumer: consumer, access: grant.access, consumerRegion: grant.consumerRegion))
        }
    }
}

extension Consumer {
    /// The consumers that this one is a part of, as its name shows.
    fileprivate var wider: [Consumer] {
        switch self {
        case .account, .organization: []
        case .principal(let arn): [.account(arn.account)]
        case .organizationPath(let path):
            [.organization(path.organization)] + path.ancestors.map(Consumer.organizationPath)
        }
    }
}

extension AccessEntry {
    /// The grant that this access is, or nil when it is not certain or no matrix can say it.
    package var grant: Grant? { decision.isAllowed ? named : nil }

    /// The grant that names this access, whatever was decided; nil when no matrix can say it.
    var named: Grant? {
        guard case .access(let access) = extent, function == nil else { return nil }
        if kind == .lambda {
            guard let consumer, let region = region.flatMap({ Region($0) }) else { return nil }
            return Grant(consumer: consumer, access: .lambdaOnly, consumerRegion: region)
        }
        return consumer.map { Grant(consumer: $0, access: access) }
    }
}
