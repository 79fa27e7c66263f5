import AWSValues

/// How a change of an earlier run is undone.
///
/// A rollback gives back only what its run took and takes only what its run gave. Both are compared as what a consumer
/// can do: `push` includes `pull`. Access that somebody else granted or revoked later stays as they left it, as far as
/// the archive and the live policy show it.
package struct RollbackRules: Hashable, Sendable {
    /// What is to be done in one repository.
    package struct Outcome: Hashable, Sendable {
        package let entry: PlanEntry
        /// What can be neither taken nor given back, a sentence each.
        package var leftAlone: [String] = []
    }

    package var sidPrefix: String
    /// Undo the run's own grants where the policy was edited since, instead of reporting a conflict.
    package var mergeLaterEdits: Bool
    /// Undo only what these consumers gained or lost, and never put a whole policy back; nil undoes all.
    package var consumers: Set<Consumer>?
    /// The most UTF-8 bytes of a document that is put together anew. Restored documents may have ECR's own limit.
    package var maximumPolicySize: Int

    package init(
        sidPrefix: String, mergeLaterEdits: Bool = false, consumers: Set<Consumer>? = nil,
        maximumPolicySize: Int = SharingRules.defaultMaximumPolicySize
    ) {
        self.sidPrefix = sidPrefix
        self.mergeLaterEdits = mergeLaterEdits
        self.consumers = consumers
        self.maximumPolicySize = maximumPolicySize
    }

    /// The entry of a rollback plan that undoes `change`, given the policy as it is now; see
    /// ``outcome(undoing:live:_:)``. `book` knows the cases of the same plan.
    package func entry(
        undoing change: Change, live: Policy?, _ history: RollbackHistory = RollbackHistory(),
        in book: CaseBook = CaseBook()
    ) -> PlanEntry {
        let undoing = CaseBook.Undoing(rules: self, undone: SameCase(change.case), live: live, history: history)
        return book.undoings.value(for: undoing, size: undoing.size) {
            outcome(undoing: change, live: live, history).entry
        }.of(change.repository)
    }

    /// What undoes `change`, given the policy as it is now.
    ///
    /// The policy from before comes back whole where the policy is still the run's and no later run wrote it, or where
    /// it is one of the run's own search for unknown principals. Where it equals the change's `before` already, nothing
    /// is done. Anything else is a conflict, unless later edits are to be merged. What the last look before a write
    /// would refuse is a problem. Where the journal of a run that was killed tells nothing, nothing is done; a policy
    /// that is as the run planned it is a conflict there, unless a later run wrote it.
    package func outcome(
        undoing change: Change, live: Policy?, _ history: RollbackHistory = RollbackHistory()
    ) -> Outcome {
        do {
            let history = try history.corrected(live: live, in: change.repository.region.partition)
            return try decision(undoing: change, live: live, history)
        } catch {
            return Outcome(
                entry: .problem(Problem(repository: change.repository, error).beside(live: live, on: history.today)))
        }
    }

    /// The three sides of a conflict: what the run left, what the rollback would put back, and what is there now.
    package func conflict(undoing change: Change, live: Policy?) -> PolicyConflict {
        let undo = Change(
            repository: change.repository, before: change.after, after: change.before, grants: GrantDifference())
        return PolicyConflict(undo, live: live, sidPrefix: sidPrefix)
    }

    private func decision(undoing change: Change, live: Policy?, _ history: RollbackHistory) throws -> Outcome {
        let partition = change.repository.region.partition
        func isLive(_ policy: Policy?) -> Bool { change.areSame(live, policy) }

        if history.told == .nothing {
            // A later run of the archive may have written what this one did not come to.
            guard isLive(change.after), !isLive(change.before), history.later.isEmpty else {
                return Outcome(entry: .unchanged(Unchanged(repository: change.repository)))
            }
            throw PlanningProblem.conflict(
                "the policy is as the run planned it, though the run's journal does not record a write there: somebody "
                    + "else may have written it, or the journal has lost lines. It is left alone")
        }
        guard consumers == nil else { return try undoingGrants(of: change, live: live, history) }
        if isLive(change.before) { return Outcome(entry: unchanged(change.repository, live: live, history)) }
        let document = PolicySteps(of: change, history, live: live).documentState(in: partition)
        let laterRun = document.laterRun.map { history.later[$0 - 1].run }
        // After a run and its rollback, somebody may have made the policy anew that the run had left.
        let isOfTheRun = history.later.isEmpty || document.origin == .run(0)
        if laterRun == nil,
            try isOfTheRun && isLive(change.after)
                || history.told == .searched && change.isTrial(live, sidPrefix: sidPrefix)
        {
            return try restoring(change, live: live, history)
        }
        guard mergeLaterEdits else {
            throw PlanningProblem.conflict(
                """
                the policy was \(laterRun.map { "written by the later run \($0)" } ?? "edited after the run") and is left \
                alone. Take back only the run's own grants, and keep the later edits, with --merge-later-edits
                """)
        }
        return try undoingGrants(of: change, live: live, history)
    }

    /// The change that puts the document from before the run back.
    private func restoring(_ change: Change, live: Policy?, _ history: RollbackHistory) throws -> Outcome {
        let partition = change.repository.region.partition
        // ECR prints what it stores with spaces and root ARNs; the compact form says the same and always fits.
        let before =
            (try? change.before?.document)?.compacted(toFit: PolicyTooLarge.hardLimit, in: partition) ?? change.before
        let old = try LivePolicy(change.before, sidPrefix: sidPrefix, partition: partition)
        let effect = try change.effectOfRestoring(over: live, sidPrefix: sidPrefix)
        let (grants, expired) = history.returning(effect.grants)
        let edited = old.handEdited.map {
            "puts back the managed statement \"\($0.sid)\", which was edited by hand: it \($0.reason)"
        }
        let undo = try Change(
            repository: change.repository, before: live, after: before, grants: grants,
            warnings: expired + edited + openAccess(in: before, replacing: live, of: change.repository, history)
                + old.warningsOfWriting,
            replaced: effect.replaced
        ).judged(on: history.today)
        do { try check(undo, undoing: change, on: history.today) } catch let violation as DocumentViolation {
            throw PlanningProblem.notRestorable(violation)
        }
        return Outcome(entry: .change(undo))
    }

    /// The entry of a repository where nothing is to be undone.
    func unchanged(_ repository: RepositoryID, live: Policy?, _ history: RollbackHistory) -> PlanEntry {
        .unchanged(Unchanged(repository: repository, warnings: openAccess(in: live, of: repository, history)))
    }

    /// What a policy opens to those whom nobody named, a sentence each. `live` is the one that it replaces.
    func openAccess(
        in policy: Policy?, replacing live: Policy? = nil, of repository: RepositoryID, _ history: RollbackHistory
    ) -> [String] {
        StatementWarning.ofOpenAccess(in: policy, replacing: live, of: repository.registry, on: history.today)
    }

    /// The last look that the rollback's write will have to pass.
    func check(_ undo: Change, undoing change: Change, on today: CalendarDate?) throws {
        do {
            try ChangeCheck(.rollback, .match, sidPrefix: sidPrefix, today: today).check(undo, undoing: change)
        } catch ChangeObjection.violation(let violation) {
            throw violation
        }
    }
}
