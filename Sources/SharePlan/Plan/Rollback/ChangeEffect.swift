import AWSValues

/// What a run's change gave to consumers and took from them, as capabilities.
struct ChangeEffect {
    /// What consumers can do since, sorted.
    let given: [Grant]
    /// What consumers cannot do any more, sorted. What a hand-edited statement granted is not among it.
    let taken: [Grant]
    /// The managed statements that the run replaced although they were edited by hand.
    let replaced: [LivePolicy.HandEdited]
    /// Those of ``given`` that a replaced statement may have granted before, with its Sid.
    private(set) var doubtful: [Grant: String] = [:]
    /// Whom a replaced statement may have let in, among those asked about.
    private let replacedStatements: [EvaluatedStatement]
    private let partition: Partition

    /// `consumers` limits it to some; nil means all.
    init(of change: Change, consumers: Set<Consumer>?, sidPrefix: String) throws {
        partition = change.repository.region.partition
        let before = try LivePolicy(change.before, sidPrefix: sidPrefix, partition: partition)
        let after = try LivePolicy(change.after, sidPrefix: sidPrefix, partition: partition)
        let old = before.held(adoptedBy: after, in: partition).capabilities
        let new = after.held.capabilities
        func isMeant(_ grant: Grant) -> Bool { consumers?.contains(grant.consumer) ?? true }
        given = new.subtracting(old).filter(isMeant).sorted()
        taken = old.subtracting(new).filter(isMeant).sorted()

        let edited = Set(before.handEdited).subtracting(after.handEdited)
        guard !edited.isEmpty else {
            (replaced, replacedStatements) = ([], [])
            return
        }
        let sids = Set(edited.map(\.sid))
        replacedStatements = try PolicyEvaluator(
            of: change.before, partition: partition, owner: change.repository.account
        ).statements.filter { $0.reference.sid.map(sids.contains) ?? false }
        let statements = replacedStatements
        let partition = partition
        func mentions(_ grant: Grant, _ statement: EvaluatedStatement) -> Bool {
            var doubts: Set<Doubt> = []
            return statement.fit(Holder(of: grant, partition: partition).context(in: partition), doubts: &doubts) != .no
        }
        func mayGive(_ grant: Grant, _ statement: EvaluatedStatement) -> Bool {
            statement.effect != .deny && !ActionSet(possiblyIn: statement).isDisjoint(with: ActionSet(grant.access))
                && mentions(grant, statement)
        }
        // What everybody had is not counted for anybody.
        let stranger = RequestContext(requester: .stranger, organization: .none, partition: partition)
        var doubts: Set<Doubt> = []
        let named = statements.filter { $0.fit(stranger, doubts: &doubts) == .no }
        for grant in given {
            doubtful[grant] = named.first { mayGive(grant, $0) }?.reference.sid
        }
        replaced = before.handEdited.filter { item in
            guard edited.contains(item) else { return false }
            guard let consumers else { return true }
            // Whether it mentioned one of them at all, whatever it allowed or denied, or functions of one anywhere.
            return statements.contains { statement in
                let functions = Set(Mentions(of: [statement]).callers.map { $0.account.map(Consumer.account) })
                return statement.reference.sid == item.sid
                    && (functions.contains(nil) || !functions.isDisjoint(with: consumers.map(Optional.some))
                        || consumers.contains { consumer in
                            Access.allCases.contains { mentions(Grant(consumer: consumer, access: $0), statement) }
                        })
            }
        }
    }

    /// Whether there is nothing to undo.
    var isEmpty: Bool { given.isEmpty && taken.isEmpty && replaced.isEmpty }
}

extension Change {
    /// Whose access the change gave or took, by grants and in the end.
    package var touchedConsumers: Set<Consumer> {
        Set((grants.added + grants.removed).map(\.grant.consumer))
            .union((access.gained + access.lost).compactMap(\.consumer))
    }

    /// Whether the change gave one of `consumers` something or took something from it, be it less than a whole grant,
    /// or replaced a statement that mentioned it.
    package func touches(_ consumers: Set<Consumer>, sidPrefix: String) -> Bool {
        guard touchedConsumers.isDisjoint(with: consumers) else { return true }
        guard !replaced.isEmpty else { return false }
        let effect = try? ChangeEffect(of: self, consumers: consumers, sidPrefix: sidPrefix)
        return effect.map { !$0.isEmpty } ?? true
    }
}

extension GrantSet {
    /// What the consumers can do, one by one: a `push` counts as `pull` and as `push`.
    var capabilities: Set<Grant> {
        var capabilities: Set<Grant> = []
        for grant in sorted {
            capabilities.insert(grant)
            if grant.access == .push { capabilities.insert(Grant(consumer: grant.consumer, access: .pull)) }
        }
        return capabilities
    }
}

extension LivePolicy {
    /// What the managed statements grant, and the foreign ones that are missing in `later`: a run that left `later`
    /// adopted them.
    func held(adoptedBy later: LivePolicy, in partition: Partition) -> GrantSet {
        guard later.foreign.count < foreign.count else { return held }
        var held = held
        var kept = later.foreign
        for statement in foreign {
            if let index = kept.firstIndex(where: { $0.hasSameMeaning(as: statement, in: partition) }) {
                kept.remove(at: index)
            } else if let adopted = try? GrantShape.grants(of: statement, in: partition) {
                for grant in adopted.grants { held.insert(grant) }
            }
        }
        return held
    }

    /// What foreign statements grant that a run adopted when it replaced `before` by `after`, and that are back.
    func standing(adoptedFrom before: LivePolicy, leaving after: LivePolicy, in partition: Partition) -> GrantSet {
        func has(_ statement: PolicyStatement, in policy: LivePolicy) -> Bool {
            policy.foreign.contains { $0.hasSameMeaning(as: statement, in: partition) }
        }
        var standing = GrantSet()
        for statement in foreign where has(statement, in: before) && !has(statement, in: after) {
            for grant in (try? GrantShape.grants(of: statement, in: partition))?.grants ?? [] { standing.insert(grant) }
        }
        return standing
    }
}
