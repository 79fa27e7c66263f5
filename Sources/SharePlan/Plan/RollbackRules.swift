/// How a change of an earlier run is undone.
package struct RollbackRules: Hashable, Sendable {
    package var sidPrefix: String
    /// Take back only the run's grants where the policy was edited since, instead of reporting a conflict.
    package var mergeLaterEdits: Bool
    /// Undo only what these consumers gained or lost; nil undoes all.
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

    /// The entry of a rollback plan that undoes `change`, given the policy as it is now.
    ///
    /// Unchanged when there is nothing to take back: the policy equals the change's `before` already, or none of the
    /// chosen consumers is touched by the change. A problem with code `conflict` when the policy was edited since and
    /// later edits are not to be merged.
    package func entry(undoing change: Change, live: String?) -> PlanEntry {
        do {
            return try checkedEntry(undoing: change, live: live)
        } catch {
            return .problem(Problem(repository: change.repository, error))
        }
    }

    /// The three sides of a conflict: what the run left, what the rollback would put back, and what is there now.
    package func conflict(undoing change: Change, live: String?) -> PolicyConflict {
        let undo = Change(
            repository: change.repository, before: change.after, after: change.before, grants: change.grants.inverse)
        return PolicyConflict(undo, live: live, sidPrefix: sidPrefix)
    }

    private func checkedEntry(undoing change: Change, live: String?) throws -> PlanEntry {
        let partition = change.repository.region.partition
        func isLive(_ text: String?) -> Bool { PolicyDocument.haveSameMeaning(live, text, in: partition) }

        let scope = change.grants.limited(to: consumers)
        if isLive(change.before) || (consumers != nil && scope.isEmpty) {
            return .unchanged(Unchanged(repository: change.repository))
        }
        if isLive(change.after), scope == change.grants {
            return .change(restoring(change, live: live, grants: change.grants.inverse))
        }
        if scope == change.grants, let undone = try undoingPart(of: change, live: live) {
            return .change(restoring(change, live: live, grants: undone))
        }
        guard isLive(change.after) || mergeLaterEdits else {
            throw PlanningProblem.conflict(
                """
                the policy was edited after the run and is left alone. Take back only the run's own grants, and keep \
                the later edits, with --merge-later-edits
                """)
        }
        return try takingBack(scope, of: change, live: live)
    }

    /// What putting the document from before back does to a policy that is somewhere on the run's way: foreign statements
    /// as before, grants between those of before and after. A search for unknown principals that was killed leaves one.
    /// nil for any other policy.
    private func undoingPart(of change: Change, live: String?) throws -> GrantDifference? {
        func policy(_ text: String?) throws -> LivePolicy {
            try LivePolicy(text: text, sidPrefix: sidPrefix, partition: change.partition)
        }
        let (before, after, now) = (try policy(change.before), try policy(change.after), try policy(live))
        guard before.foreign == now.foreign, after.foreign == now.foreign,
            before.handEdited.isEmpty, after.handEdited.isEmpty, now.handEdited.isEmpty
        else { return nil }
        let (old, new, held) = (Set(before.held.sorted), Set(after.held.sorted), Set(now.held.sorted))
        guard held.isSubset(of: old.union(new)), held.isSuperset(of: old.intersection(new)) else { return nil }
        return GrantDifference(from: now.held, to: before.held)
    }

    /// The change that puts the document from before the run back.
    private func restoring(_ change: Change, live: String?, grants: GrantDifference) -> Change {
        let before = change.before.map { text in
            // ECR prints what it stores with spaces and root ARNs; the compact form says the same and always fits.
            (try? PolicyDocument(parsing: text))?.compacted(toFit: PolicyTooLarge.hardLimit, in: change.partition)
                ?? text
        }
        return Change(repository: change.repository, before: live, after: before, grants: grants)
    }

    /// The change that takes back the run's grants from the policy as it is now.
    private func takingBack(_ scope: GrantDifference, of change: Change, live: String?) throws -> PlanEntry {
        let policy = try LivePolicy(text: live, sidPrefix: sidPrefix, partition: change.partition)
        if let edited = policy.handEdited.first {
            throw PlanningProblem.notUndoable(
                """
                the managed statement "\(edited.sid)" was edited by hand since: it \(edited.reason). Take the grant back \
                by hand, or undo that edit first
                """)
        }
        // What an edited statement granted is known in part only, so it cannot be given back in part.
        if !scope.removed.isEmpty,
            let edited = try LivePolicy(text: change.before, sidPrefix: sidPrefix, partition: change.partition)
                .handEdited.first
        {
            throw PlanningProblem.notUndoable(
                """
                the run replaced the managed statement "\(edited.sid)", which was edited by hand. Undo the whole run there, \
                or take the statement from the run's plan.jsonl by hand
                """)
        }
        // What stood in a foreign statement is nothing that the run's consumers had from us, unless the run adopted it.
        let plain = try LivePolicy(text: change.before, sidPrefix: sidPrefix, partition: change.partition)
        let planned = try LivePolicy(text: change.after, sidPrefix: sidPrefix, partition: change.partition)
        let before =
            planned.foreign.count < plain.foreign.count
            ? try LivePolicy(
                text: change.before, sidPrefix: sidPrefix, partition: change.partition, adoptedIn: planned)
            : plain
        var target = policy.held
        for added in scope.added { target.revert(added.grant, to: before.held) }
        for removed in scope.removed { target.insert(removed.grant) }
        let desired = try policy.document(granting: target, maximumSize: maximumPolicySize)
        if policy.hasSameMeaning(as: desired) {
            return .unchanged(Unchanged(repository: change.repository))
        }
        let undo = Change(
            repository: change.repository, before: live, after: desired?.text,
            grants: GrantDifference(
                from: policy.held, to: target, reasons: WantedGrant.reasons(of: scope.added + scope.removed)),
            warnings: policy.warningsOfWriting)
        try DocumentCheck(
            mode: .match, sidPrefix: sidPrefix, owner: change.repository.account, partition: change.partition
        ).check(live: live, proposed: undo.after, wanted: target.sorted)
        return .change(undo)
    }
}

extension Change {
    fileprivate var partition: Partition { repository.region.partition }
}

extension GrantDifference {
    fileprivate func limited(to consumers: Set<Consumer>?) -> GrantDifference {
        guard let consumers else { return self }
        return GrantDifference(
            added: added.filter { consumers.contains($0.grant.consumer) },
            removed: removed.filter { consumers.contains($0.grant.consumer) })
    }

    fileprivate var inverse: GrantDifference { GrantDifference(added: removed, removed: added) }
}

extension GrantSet {
    /// Takes `grant` back: its consumer keeps only what it had in `earlier`.
    fileprivate mutating func revert(_ grant: Grant, to earlier: GrantSet) {
        remove(grant)
        let pull = Grant(consumer: grant.consumer, access: .pull)
        if grant.access == .push, earlier.allows(pull) { insert(pull) }
    }
}
