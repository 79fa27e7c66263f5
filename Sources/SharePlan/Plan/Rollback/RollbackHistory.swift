/// What an archive tells of one repository since the run that is undone.
package struct RollbackHistory: Hashable, Sendable {
    /// What a later run did to the repository, or may have done.
    package struct Write: Hashable, Sendable {
        package let run: String
        /// The run that this one undid; nil when it is no rollback.
        package let undoes: String?
        package let change: Change
        /// Whether the run is known to have written, not only to have tried.
        package let isCertain: Bool

        package init(run: String, undoes: String?, change: Change, isCertain: Bool = true) {
            self.run = run
            self.undoes = undoes
            self.change = change
            self.isCertain = isCertain
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

    /// The same without the writes of which no run knows whether they happened, and that left no trace: the policy
    /// that was found next is the one from before. `live` is the policy now.
    func leavingOutUnwritten(live: String?, in partition: Partition) -> RollbackHistory {
        var next = live
        var written: [Write] = []
        for write in later.reversed() {
            if !write.isCertain, PolicyDocument.haveSameMeaning(next, write.change.before, in: partition) { continue }
            next = write.change.before
            written.insert(write, at: 0)
        }
        guard written.count < later.count else { return self }
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
