import AWSValues

extension RollbackRules {
    /// Takes and gives back the run's own grants in the policy as it is now, for the chosen consumers.
    func undoingGrants(of change: Change, live: Policy?, _ history: RollbackHistory) throws -> Outcome {
        let repository = change.repository
        let partition = repository.region.partition
        let effect = try ChangeEffect(of: change, consumers: consumers, sidPrefix: sidPrefix)
        let policy = try LivePolicy(live, sidPrefix: sidPrefix, partition: partition)
        guard !effect.isEmpty else { return Outcome(entry: unchanged(repository, live: live, history)) }
        if let edited = policy.handEdited.first {
            throw PlanningProblem.notUndoable(
                """
                the managed statement "\(edited.sid)" was edited by hand since: it \(edited.reason). Take the grant back \
                by hand, or undo that edit first
                """)
        }
        let old = try LivePolicy(change.before, sidPrefix: sidPrefix, partition: partition)
        let left = try LivePolicy(change.after, sidPrefix: sidPrefix, partition: partition)
        // An earlier rollback of the run put adopted statements back, if none undid that rollback.
        var restored: Set<Grant> = []
        for write in history.later
        where write.undoes == history.run && !history.later.contains(where: { $0.undoes == write.run }) {
            restored.formUnion(
                try LivePolicy(write.change.after, sidPrefix: sidPrefix, partition: partition)
                    .standing(adoptedFrom: old, leaving: left, in: partition).capabilities)
        }
        let steps = PolicySteps(of: change, history, live: live)
        let authorship = try Authorship(
            steps, of: change, taken: effect.taken, sidPrefix: sidPrefix, on: history.today)
        var grants = GrantReversal(
            effect, authorship, history,
            standing: policy.standing(adoptedFrom: old, leaving: left, in: partition).capabilities,
            restored: restored)
        grants.takeBack()
        let taken = grants
        grants.giveBack()
        let after: Policy?
        do { after = try policy.policy(granting: grants.target, maximumSize: maximumPolicySize) } catch {
            // Taking access away does not wait for what cannot be given back.
            guard taken.target != grants.target else { throw error }
            let unfit = taken.target.added(in: grants.target)
            grants = taken
            grants.leave(unfit, "does not get", " back: it does not fit, \(error.message)")
            after = try policy.policy(granting: grants.target, maximumSize: maximumPolicySize)
        }
        let held = grants.target.capabilities
        var leftAlone =
            try grants.leftAlone
            + KeptAccess(
                of: effect.given.filter { !held.contains($0) }, in: after, since: change, history,
                sidPrefix: sidPrefix
            ).sentences(steps)
        guard !policy.hasSameMeaning(as: after) else {
            if leftAlone.isEmpty { return Outcome(entry: unchanged(repository, live: live, history)) }
            let problem = PlanningProblem.leftAlone(leftAlone.joined(separator: "; "))
            return Outcome(entry: .problem(Problem(repository: repository, problem)), leftAlone: leftAlone)
        }
        let (difference, warnings) = history.returning(
            GrantDifference(from: policy.held, to: grants.target, wanted: change.reasoned))
        leftAlone += try deniedSince(difference.added.map(\.grant), in: after, change, history)
        let undo = try Change(
            repository: repository, before: live, after: after, grants: difference,
            warnings: warnings + openAccess(in: after, replacing: live, of: repository, history)
                + policy.warningsOfWriting
                + leftAlone.map { PlanEntry.leftAloneMark + $0 }
        ).judged(on: history.today)
        try check(undo, undoing: change, on: history.today)
        return Outcome(entry: .change(undo), leftAlone: leftAlone)
    }
}

/// What consumers are to be able to do when a run's effect is undone, and what is left alone.
private struct GrantReversal {
    private let effect: ChangeEffect
    private let authorship: Authorship
    private let history: RollbackHistory
    /// What consumers can do with the foreign statements that the run adopted and that are there again.
    private let standing: Set<Grant>
    /// What they could do with them again after an earlier rollback: what is missing of it, somebody took.
    private let restored: Set<Grant>
    private var capabilities: Set<Grant>
    private var left: [(grant: Grant, verb: String, reason: String)] = []

    init(
        _ effect: ChangeEffect, _ authorship: Authorship, _ history: RollbackHistory, standing: Set<Grant>,
        restored: Set<Grant>
    ) {
        self.standing = standing
        self.restored = restored
        self.effect = effect
        self.authorship = authorship
        self.history = history
        capabilities = authorship.capabilities
    }

    var target: GrantSet { GrantSet(capabilities) }

    /// A sentence each, sorted by grant.
    var leftAlone: [String] {
        var sentences: [String] = []
        for (grant, verb, reason) in left.sorted(by: { $0.grant < $1.grant }) {
            let push = Grant(consumer: grant.consumer, access: .push)
            // push says it of pull as well.
            if grant.access == .pull, left.contains(where: { $0 == (push, verb, reason) }) { continue }
            let region = grant.consumerRegion.map { " in \($0)" } ?? ""
            sentences.append("\(grant.consumer) \(verb) \(grant.access.rawValue)\(region)\(reason)")
        }
        return sentences
            + effect.replaced.map { edited in
                "what the statement \"\(edited.sid)\" \(edited.denies ? "denied" : "granted"), which was edited by hand, "
                    + "does not come back: it \(edited.reason)"
            }
    }

    mutating func leave(_ grants: [Grant], _ verb: String, _ reason: String) {
        left += grants.map { ($0, verb, reason) }
    }

    /// Takes what the run gave and is still its doing.
    mutating func takeBack() {
        for grant in effect.given where capabilities.contains(grant) {
            if let reason = reasonToKeep(grant) {
                leave([grant], "keeps", reason)
            } else {
                capabilities.remove(grant)
            }
        }
        for grant in effect.given where grant.access == .pull && !capabilities.contains(grant) {
            let push = Grant(consumer: grant.consumer, access: .push)
            guard capabilities.contains(push) else { continue }
            capabilities.insert(grant)
            leave([grant], "keeps", " for its push: \(author(of: push)) gave that since")
        }
    }

    private func reasonToKeep(_ grant: Grant) -> String? {
        if let sid = effect.doubtful[grant] {
            return ", which it may have had by the statement \"\(sid)\" that the run replaced"
        }
        if authorship.state(of: grant).origin == .run(0) { return nil }
        return ": \(author(of: grant)) has granted it since"
    }

    /// Gives back what the run took, where nobody has decided about the consumer since.
    mutating func giveBack() {
        for grant in effect.taken where !capabilities.contains(grant) && !standing.contains(grant) {
            if let reason = reasonToWithhold(grant) {
                leave([grant], "does not get", " back: \(reason)")
            } else {
                capabilities.insert(grant)
            }
        }
    }

    private func reasonToWithhold(_ grant: Grant) -> String? {
        let consumer = grant.consumer
        if let number = authorship.laterRun(changing: consumer) {
            return "\(author(.run(number))) changed its access since"
        }
        if authorship.somebodyTook(from: consumer) || restored.contains(grant) {
            return "somebody took access from it since"
        }
        if authorship.state(of: grant).origin != .run(0) { return "\(author(of: grant)) took it since" }
        if authorship.hasLostStatements { return "somebody deleted managed statements there since" }
        if grant.access == .push, !capabilities.contains(Grant(consumer: consumer, access: .pull)) {
            return "it cannot pull any more"
        }
        return nil
    }

    private func author(of grant: Grant) -> String { author(authorship.state(of: grant).origin) }

    private func author(_ author: PolicySteps.Author) -> String {
        history.laterRun(author).map { "run \($0)" } ?? "somebody"
    }
}
