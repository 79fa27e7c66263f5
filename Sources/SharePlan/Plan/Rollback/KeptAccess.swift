import AWSValues
import OrderedCollections
import OrderedJSON

/// Who still can do what a run gave, though no managed statement grants it in the policy that its rollback leaves:
/// through statements that were written since the run, with another prefix or by somebody.
struct KeptAccess {
    /// What somebody can do, and the statement through which.
    private struct Finding {
        let entry: AccessChange.Entry
        let statement: PolicyStatement
    }

    private let change: Change
    private let history: RollbackHistory
    private let sidPrefix: String
    /// What the run gave and the rollback takes.
    private let grants: [Grant]
    private var findings: [Finding] = []
    /// Everybody whom the rollback's policy and the findings name.
    private var subjects: Set<AccessSubject> = []

    private var partition: Partition { change.repository.region.partition }

    /// `policy` is the one that the rollback of `change` leaves.
    init(
        of grants: [Grant], in policy: Policy?, since change: Change, _ history: RollbackHistory,
        sidPrefix: String
    ) throws {
        (self.change, self.history, self.sidPrefix, self.grants) = (change, history, sidPrefix, grants)
        let known = try [change.before, change.after].flatMap { try $0?.document.statements ?? [] }
        let partition = partition
        let isNew = { (statement: PolicyStatement) in
            !known.contains { $0.hasSameMeaning(as: statement, in: partition) }
        }
        let document = try policy?.document
        let new = document?.statements.filter(isNew) ?? []
        guard let policy, let document, !grants.isEmpty, !new.isEmpty else { return }
        var withoutKnown = document
        withoutKnown.statements.removeAll { $0.members["Effect"] == "Allow" && !isNew($0) }
        findings = try entries(in: policy, withoutKnown: Policy(withoutKnown)).compactMap { entry in
            guard entry.isPart(of: grants), let statement = new.first(where: { entry.isThrough($0) }) else {
                return nil
            }
            return Finding(entry: entry, statement: statement)
        }
        subjects = AccessSubject.all(mentions(in: try evaluator(policy)), functionsIn: change.repository.region)
    }

    private func mentions(in policy: PolicyEvaluator) -> Mentions {
        var mentions = Mentions(of: policy.statements)
        for case let consumer? in findings.map(\.entry.consumer) {
            mentions.add(Holder(of: Grant(consumer: consumer, access: .pull), partition: partition))
        }
        for case let grant? in findings.map(\.entry.grant) { mentions.add(Holder(of: grant, partition: partition)) }
        return mentions
    }

    /// A sentence each: who keeps what, through which statement, and who wrote that.
    func sentences(_ steps: PolicySteps) throws -> [String] {
        if findings.isEmpty { return [] }
        let abilities = try steps.states(given)
        let wordings = try steps.states(written)
        return findings.indices.compactMap { index in
            let entry = findings[index].entry
            // What the rollback itself gives back, or another grant of its run gives, is no doing of others.
            guard abilities.now.contains(index), abilities[index].origin != .run(0) else { return nil }
            let author = abilities[index].origin == .before ? wordings[index].origin : abilities[index].origin
            let verb = entry.doubts.isEmpty ? "keeps" : "may keep"
            let doubt = entry.doubts.isEmpty ? "" : ", depending on \(entry.doubts.inWords),"
            let sid = findings[index].statement.sid ?? ""
            let name = sid.isEmpty ? "a statement" : "the statement \"\(sid)\""
            let advice =
                history.laterRun(author).map {
                    "run \($0) wrote since: undo that run first, or take the grant away with its matrix"
                } ?? "somebody wrote since: take the grant away there"
            return "\(entry.holderInWords) \(verb) \(entry.accessInWords)\(doubt) through \(name), which \(advice)"
        }
    }

    private func evaluator(_ policy: Policy?) throws -> PolicyEvaluator {
        try PolicyEvaluator(
            of: policy, partition: partition, owner: change.repository.account, today: history.today,
            region: change.repository.region)
    }

    /// What the consumers of the grants, and the parts of these, can do after the rollback and could not before the
    /// run. `withoutKnown` is the same policy without what the run found or left allowed.
    private func entries(
        in left: Policy, withoutKnown: Policy
    ) throws -> [AccessChange.Entry] {
        let asked = GrantDifference(removed: grants.map { WantedGrant($0) })
        let (before, given, after) = try (evaluator(change.before), evaluator(change.after), evaluator(left))
        func held(in policy: PolicyEvaluator) -> [AccessChange.Entry] {
            // Beside whole grants, the parts of those that the run gave.
            let parts = EffectiveAccess.difference(from: given, to: policy, naming: asked).kept.filter { entry in
                if case .other = entry.extent { true } else { false }
            }
            return EffectiveAccess.difference(from: policy, to: policy, naming: asked).kept + parts
        }
        let now = held(in: after)
        let once = now.isEmpty ? [] : held(in: before)
        // What is uncertain may come from statements that were known, whatever the new ones say.
        let uncertain = try now.isEmpty ? [] : held(in: evaluator(withoutKnown))
        let kept = now.filter { entry in
            // Who had it before the run has it as before.
            (entry.doubts.isEmpty || uncertain.contains { $0.covers(entry) })
                && !once.contains { $0.doubts.isEmpty && $0.covers(entry) }
        }
        // What statements from before and new ones give together.
        let gained = EffectiveAccess.difference(from: before, to: after, naming: asked).gained
        return kept + gained.filter { gain in !kept.contains { $0.covers(gain) } }
    }

    /// The findings whose statement is in a policy and gives what they say, without what the run gave.
    private func given(in policy: Policy?) throws -> Set<Int> {
        guard let document = try withoutGiven(policy) else { return [] }
        return try Set(
            findings.indices.filter { index in
                var alone = document
                alone.statements.removeAll { !findings[index].statement.isNamed(like: $0, in: partition) }
                return try evaluator(Policy(alone)).mayGive(findings[index].entry, among: subjects)
            })
    }

    /// The findings whose statement, to the word, is in a policy without what the run gave.
    private func written(in policy: Policy?) throws -> Set<Int> {
        guard let document = try withoutGiven(policy) else { return [] }
        let partition = partition
        return Set(
            findings.indices.filter { index in
                document.statements.contains { $0.hasSameMeaning(as: findings[index].statement, in: partition) }
            })
    }

    private func withoutGiven(_ policy: Policy?) throws -> PolicyDocument? {
        let live = try LivePolicy(policy, sidPrefix: sidPrefix, partition: partition)
        let others = GrantSet(live.held.capabilities.subtracting(grants))
        return try live.policy(granting: others, maximumSize: .max)?.document
    }
}

extension PolicyStatement {
    /// Whether it has the same Sid, or, where it has none, says the same.
    fileprivate func isNamed(like other: PolicyStatement, in partition: Partition) -> Bool {
        guard let sid, !sid.isEmpty else { return hasSameMeaning(as: other, in: partition) }
        return other.sid == sid
    }
}

extension PolicyEvaluator {
    /// Whether a statement gives the entry's holder, one of `subjects`, some of its actions, or may do so.
    fileprivate func mayGive(_ entry: AccessChange.Entry, among subjects: Set<AccessSubject>) -> Bool {
        let actions = entry.actions
        return subjects.contains { subject in
            guard subject.principal == entry.principal, subject.region == entry.region,
                subject.function == entry.function
            else { return false }
            let answers = answers(to: subject.context(in: partition))
            return zip(statements, answers).contains { statement, answer in
                answer.fit != .no && !ActionSet(possiblyIn: statement).isDisjoint(with: actions)
            }
        }
    }
}

extension AccessChange.Entry {
    /// What of grants it is about.
    fileprivate var actions: ActionSet {
        switch extent {
        case .access(let access): ActionSet(access)
        case .other(let names): ActionSet(among: names)
        }
    }

    /// Whether this is what one of some grants gives, or a part of it: some of the actions, a role or user of the
    /// account, some of its functions.
    fileprivate func isPart(of grants: [Grant]) -> Bool {
        grants.contains { grant in
            let isLambda = grant.access == .lambdaOnly
            guard isLambda == (kind == .lambda), isLambda || function == nil else { return false }
            guard isHeld(by: grant.consumer), !isLambda || region == nil || region == grant.consumerRegion?.name else {
                return false
            }
            guard case .access(let access) = extent else {
                return !isLambda && !actions.isDisjoint(with: ActionSet(grant.access))
            }
            return access == grant.access || !isLambda && access == .push
        }
    }

    private func isHeld(by consumer: Consumer) -> Bool {
        if case .account(let id) = consumer, let own = account { return own == id }
        return self.consumer == consumer
    }

    /// The account of a role, user or session.
    private var account: AccountID? {
        if case .principal(let arn) = consumer { return arn.account }
        return SessionARN(principal)?.account
    }

    /// Whether who has this has all of `other`.
    fileprivate func covers(_ other: AccessChange.Entry) -> Bool {
        guard principal == other.principal, region == other.region, function == other.function else { return false }
        switch (extent, other.extent) {
        case (.access(let mine), .access(let others)): return mine == others || (mine, others) == (.push, .pull)
        case (.access(let mine), .other(let actions)):
            return ActionSet(exactly: actions)?.isSubset(of: ActionSet(mine)) ?? false
        case (.other(let mine), .other(let actions)): return Set(actions).isSubset(of: mine)
        case (.other, .access): return false
        }
    }

    fileprivate var holderInWords: String {
        let functions = function.map { "functions \($0) of " } ?? ""
        return functions + principal
    }

    fileprivate var accessInWords: String {
        let place = region.map { " in \($0)" } ?? ""
        return switch extent {
        case .access(let access): access.rawValue + place
        case .other(let actions): actions.inWords + place
        }
    }

    /// Whether a statement gives this, by its name.
    fileprivate func isThrough(_ statement: PolicyStatement) -> Bool {
        guard let sid = statement.sid, !sid.isEmpty else { return through.contains { $0.hasPrefix("#") } }
        return through.contains(sid)
    }
}

extension ActionSet {
    /// Those of some actions that a grant consists of.
    fileprivate init(among names: [String]) {
        self = names.reduce(into: []) { $0.formUnion(ActionSet(exactly: [$1]) ?? []) }
    }
}
