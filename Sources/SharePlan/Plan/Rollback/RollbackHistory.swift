package import AWSValues

/// What an archive tells of one repository since the run that is undone.
package struct RollbackHistory: Hashable, Sendable {
    /// What a later run did to the repository, or may have done. Equal are those that did the same, wherever that was.
    package struct Write: Hashable, Sendable {
        package let run: String
        /// The run that this one undid; nil when it is no rollback.
        package let undoes: String?
        package let change: Change
        /// Whether the run is known to have written, not only to have tried.
        package let isCertain: Bool
        /// The run's Sid prefix where it may have left a policy of its search for unknown principals; else nil.
        package let trialPrefix: String?

        package init(
            run: String, undoes: String?, change: Change, isCertain: Bool = true, trialPrefix: String? = nil
        ) {
            self.run = run
            self.undoes = undoes
            self.change = change
            self.isCertain = isCertain
            self.trialPrefix = trialPrefix
        }

        package static func == (left: Write, right: Write) -> Bool {
            left.run == right.run && left.undoes == right.undoes && left.change.case == right.change.case
                && left.isCertain == right.isCertain && left.trialPrefix == right.trialPrefix
        }

        package func hash(into hasher: inout Hasher) {
            hasher.combine(run)
            hasher.combine(change.case)
        }

        /// Whether `next`, the policy that was found after it, has nothing of what it was to change.
        fileprivate func hasNoTrace(in next: Policy?, _ partition: Partition) throws(PolicyError) -> Bool {
            func has(_ statement: PolicyStatement, _ all: [PolicyStatement]) -> Bool {
                all.contains { $0.hasSameMeaning(as: statement, in: partition) }
            }
            let (before, after) = (
                try change.before?.document.statements ?? [], try change.after?.document.statements ?? []
            )
            let next = try next?.document.statements ?? []
            return before.allSatisfy { has($0, after) || has($0, next) }
                && !after.contains { !has($0, before) && has($0, next) }
        }

        /// The same write, or that of a trial where this is what was found after it.
        fileprivate func leaving(_ next: Policy?) throws(PolicyError) -> Write {
            guard let trialPrefix, try change.isTrial(next, sidPrefix: trialPrefix) else { return self }
            let trial = Change(
                repository: change.repository, before: change.before, after: next, grants: change.grants)
            return Write(run: run, undoes: undoes, change: trial, isCertain: isCertain)
        }
    }

    /// What the journal of the run that is undone tells of the repository.
    package enum Told: Hashable, Sendable {
        /// That the run wrote it, or may have.
        case wrote
        /// That the run searched for unknown principals there, and not that the search came to its end.
        case searched
        /// Nothing, though the run did not come to its end.
        case nothing
    }

    /// The id of the run that is undone.
    package let run: String
    /// In the order in which the runs were started.
    package let later: [Write]
    package let told: Told
    /// The first day without a grant, for what the run took and an earlier run had given until then.
    package let expiries: [Grant: CalendarDate]
    /// The day of the rollback, in UTC; nil when nothing can have expired.
    package let today: CalendarDate?

    package init(
        run: String = "", later: [Write] = [], told: Told = .wrote, expiries: [Grant: CalendarDate] = [:],
        today: CalendarDate? = nil
    ) {
        self.run = run
        self.later = later
        self.told = told
        self.expiries = expiries
        self.today = today
    }

    /// The same with what the later writes really left, by the policy that was found next: those that are not certain
    /// and left no trace did not happen, and a search may have ended at a trial. `live` is the policy now.
    ///
    /// - Throws: `PolicyError` when one of the policies cannot be read; then nothing is known of what happened.
    func corrected(live: Policy?, in partition: Partition) throws(PolicyError) -> RollbackHistory {
        var next = live
        var written: [Write] = []
        for write in later.reversed() {
            if !write.isCertain, try write.hasNoTrace(in: next, partition) { continue }
            written.insert(try write.leaving(next), at: 0)
            next = write.change.before
        }
        return RollbackHistory(run: run, later: written, told: told, expiries: expiries, today: today)
    }

    /// Grants that come back, with the reasons of `wanted` and the end that is still to come, and a warning for each
    /// that has expired.
    func returning(_ grants: GrantDifference) -> (GrantDifference, warnings: [String]) {
        var warnings: [String] = []
        let added = grants.added.map { wanted in
            guard let end = expiries[wanted.grant] ?? wanted.expires else { return wanted }
            guard let today, end <= today else {
                return WantedGrant(wanted.grant, reason: wanted.reason, expires: end)
            }
            let access = "\(wanted.grant.access.rawValue) for \(wanted.grant.consumer)"
            warnings.append("gives back \(access), which expired on \(end)")
            return WantedGrant(wanted.grant, reason: wanted.reason)
        }
        return (GrantDifference(added: added, removed: grants.removed), warnings)
    }

    /// The number of a run in this history: 0 for the one that is undone, then the later ones; nil for any other.
    func number(of run: String) -> Int? {
        run == self.run ? 0 : later.firstIndex { $0.run == run }.map { $0 + 1 }
    }

    /// The later run that somebody's doing is, or nil.
    func laterRun(_ author: PolicySteps.Author) -> String? {
        guard case .run(let number) = author, number > 0 else { return nil }
        return later[number - 1].run
    }
}
