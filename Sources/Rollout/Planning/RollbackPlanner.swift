package import SharePlan

/// Makes the plan that undoes a run.
package struct RollbackPlanner: Sendable {
    /// What undoes one change, given the live policy and what the archive tells of the repository since:
    /// ``RollbackRules/entry(undoing:live:_:)`` is one.
    package typealias Rules = @Sendable (Change, String?, RollbackHistory) -> PlanEntry

    /// Which part of a run is undone.
    package struct Selection: Sendable {
        /// Whether a repository is meant.
        package var repositories: @Sendable (RepositoryID) -> Bool
        /// Only changes that gave or took access of one of these; nil means all.
        package var consumers: Set<Consumer>?

        package init(
            consumers: Set<Consumer>? = nil, repositories: @escaping @Sendable (RepositoryID) -> Bool = { _ in true }
        ) {
            self.consumers = consumers
            self.repositories = repositories
        }
    }

    private let store: any PolicyStore
    private let rules: Rules
    private let concurrency: Int
    private let spoolFolder: Folder
    private let observer: RunObserver

    package init(
        store: any PolicyStore, rules: @escaping Rules, concurrency: Int = 64, spoolFolder: Folder,
        observer: RunObserver = RunObserver()
    ) {
        self.store = store
        self.rules = rules
        self.concurrency = concurrency
        self.spoolFolder = spoolFolder
        self.observer = observer
    }

    /// The inverse of what `run` wrote, finished or not, against the live policies.
    ///
    /// A repository that the run did not write is left: its journal has no announcement, or says that every write
    /// failed. It is read only when the run did not come to its end, since its journal may then have lost lines.
    /// `archive` tells what later runs did; nil when there can be none.
    /// - Throws: ``RolloutError/archiveInUse(archive:run:process:)`` when the run is under way,
    ///   ``RolloutError/noJournal(_:)``, ``RolloutError/nothingChosen(_:has:)``, ``RolloutError``, ``FileError``.
    package func plan(
        undoing run: ArchivedRun, in archive: Archive? = nil, _ selection: Selection = Selection(), id: RunID,
        createdAt: Timestamp
    ) async throws -> PlanResult {
        // What it is still to write would be left.
        if let archive, let holder = try archive.lockHolder(), holder.run == run.id {
            throw RolloutError.archiveInUse(
                archive: archive.folder.path, run: holder.run.text, process: holder.process)
        }
        let original = try run.plan()
        let journalSize = try run.journalSize()
        let journal = try run.state()
        let chosen = try chosen(selection, of: original, run.id)
        let written = chosen.filter { journal.mayHaveWritten($0.repository) }
        // Of a run that came to its end the journal has told everything; else the live policies tell what it may not
        // have.
        let looked = journal.finishedAt == nil ? chosen : written
        let later = try archive.map {
            try LaterRuns(after: run.id, in: $0, of: Set(looked.map(\.repository)))
        }
        let expiries = try archive?.expiries(before: run.id, of: taken(by: original, written)) ?? [:]
        let today = CalendarDate(secondsSince1970: createdAt.milliseconds / 1000)
        let live = LivePolicies(store)
        let spool = try PlanSpool(in: spoolFolder)
        let tally = ProgressTally(.reading, observer: observer)

        var queue = FairQueue<Registry, PlanFile.Slot>()
        for slot in looked { queue.add(slot, to: slot.repository.registry) }
        tally.expect(queue.waiting)
        try await queue.forEach(atMost: concurrency) { slot in
            guard case .change(let change) = try original.entry(at: slot) else { return [] }
            let history = RollbackHistory(
                run: run.id.text, later: try later?.writes(to: slot.repository) ?? [],
                told: journal.told(of: slot.repository), expiries: expiries[slot.repository] ?? [:], today: today)
            let entry = try await live.entry(for: slot.repository) { rules(change, $0, history) }
            tally.count(entry)
            if history.told == .nothing, case .unchanged = entry { return [] }
            try spool.add(entry)
            return []
        }
        let header = PlanHeader(
            id: id.text, createdAt: createdAt.rfc3339, operation: .rollback, mode: original.header.mode,
            sidPrefix: original.header.sidPrefix, matrix: nil, undoes: run.id.text,
            journalSize: journalSize
        )
        return PlanResult(
            plan: try spool.finish(header: header), signInFailures: live.signInFailures,
            reachedNothing: !looked.isEmpty && !live.hasReachedAny, leftOut: original.summary.changes - written.count,
            neverWritten: chosen.count - written.count,
            unreadableRuns: later?.unreadable ?? [])
    }

    /// What the run took, where it took anything.
    private func taken(by plan: PlanFile, _ written: [PlanFile.Slot]) throws -> [RepositoryID: Set<Grant>] {
        var taken: [RepositoryID: Set<Grant>] = [:]
        for slot in written {
            guard case .change(let change) = try plan.entry(at: slot), !change.grants.removed.isEmpty else { continue }
            taken[slot.repository] = Set(change.grants.removed.map(\.grant))
        }
        return taken
    }

    /// The changes of a run's plan that are meant.
    private func chosen(_ selection: Selection, of plan: PlanFile, _ run: RunID) throws -> [PlanFile.Slot] {
        let changes = plan.slots.filter { $0.kind == .change }
        let inRepositories = changes.filter { selection.repositories($0.repository) }
        if inRepositories.isEmpty, !changes.isEmpty {
            throw RolloutError.nothingChosen(
                run, has: "it changed " + RollbackPlanner.list(Set(changes.map(\.repository.name.text))))
        }
        guard let consumers = selection.consumers else { return inRepositories }
        var named: Set<Consumer> = []
        let chosen = try inRepositories.filter { slot in
            guard case .change(let change) = try plan.entry(at: slot) else { return false }
            let touched = (change.grants.added + change.grants.removed).map(\.grant.consumer)
            named.formUnion(touched)
            return touched.contains(where: consumers.contains)
        }
        if chosen.isEmpty, !changes.isEmpty {
            let names = RollbackPlanner.list(Set(named.map(\.description)))
            throw RolloutError.nothingChosen(
                run, has: named.isEmpty ? "it changed nobody's access" : "it changed the access of \(names)")
        }
        return chosen
    }

    private static func list(_ names: Set<String>) -> String {
        let rest = names.count > 10 ? " and \(names.count - 10) more" : ""
        return names.sorted().prefix(10).joined(separator: ", ") + rest
    }
}

extension RunState {
    fileprivate func told(of repository: RepositoryID) -> RollbackHistory.Told {
        if mayHoldTrial(repository) { return .searched }
        return mayHaveWritten(repository) ? .wrote : .nothing
    }
}
