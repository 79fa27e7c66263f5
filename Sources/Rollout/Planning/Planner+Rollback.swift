package import AWSValues
package import SharePlan
import Synchronization

/// Which part of a run is undone.
package struct RollbackSelection: Sendable {
    /// One of these must match a repository; empty for all.
    package var repositories: [RepositoryPattern]
    /// By how it was spelled, one consumer or the members of a group: only changes that gave something to one of them,
    /// or took something from it. Empty for all.
    package var consumers: [String: Set<Consumer>]

    package init(repositories: [RepositoryPattern] = [], consumers: [String: Set<Consumer>] = [:]) {
        self.repositories = repositories
        self.consumers = consumers
    }
}

extension Planner {
    /// The inverse of what `run` wrote, finished or not, against the live policies.
    ///
    /// A repository that the run did not write is left: its journal has no announcement, or says that every write
    /// failed. It is read only when the run did not come to its end, since its journal may then have lost lines.
    /// `archive` tells what later runs did; nil when there can be none.
    /// - Throws: ``RolloutError/archiveInUse(archive:run:process:)`` when the run is under way,
    ///   ``RolloutError/noJournal(_:)``, ``RolloutError/nothingChosen(_:by:has:)``, ``RolloutError``, ``FileError``.
    package func plan(
        undoing run: ArchivedRun, _ plan: PlanFile? = nil, by rules: RollbackRules, in archive: Archive? = nil,
        _ selection: RollbackSelection = RollbackSelection(), id: RunID, createdAt: Timestamp
    ) async throws -> PlanResult {
        // What it is still to write would be left.
        if let archive, let holder = try await archive.lockHolder(), holder.run == run.id, let process = holder.process
        {
            throw RolloutError.archiveInUse(archive: archive.location, run: holder.run.text, process: process)
        }
        let original: PlanFile
        if let plan { original = plan } else { original = try await run.plan() }
        let newest = try await archive?.runIDs().first ?? run.id
        let journalSize: Int
        if let archive {
            journalSize = try await archive.journalSize(from: run.id, to: newest)
        } else {
            journalSize = try await run.journalSize()
        }
        let journal = try await run.state()
        let chosen = try chosen(selection, of: original, run.id)
        let written = chosen.filter { journal.mayHaveWritten($0.repository) }
        // Of a run that came to its end the journal has told everything; else the live policies tell what it may not
        // have.
        let looked = journal.finishedAt == nil ? chosen : written
        var laterRuns: LaterRuns?
        if let archive {
            laterRuns = try await LaterRuns(after: run.id, in: archive, of: Set(looked.map(\.repository)))
        }
        let later = laterRuns
        let expiries = try await archive?.expiries(before: run.id, of: taken(by: original, written)) ?? [:]
        let today = createdAt.day
        let registries = try await RegistryPolicies(
            of: original.slots.map(\.repository.registry), in: store, concurrency: concurrency, today: today)
        let conflicts = Mutex<[RepositoryID: PolicyConflict]>([:])
        let live = LivePolicies(store)
        let spool = try PlanSpool(in: spoolFolder)
        let tally = ProgressTally(.reading, observer: observer)
        let book = CaseBook()

        var queue = FairQueue<Registry, PlanFile.Slot>()
        for slot in looked { queue.add(slot, to: slot.repository.registry) }
        tally.expect(queue.waiting)
        try await queue.forEach(atMost: concurrency) { slot in
            guard case .change(let change) = try original.entry(at: slot) else { return [] }
            let history = RollbackHistory(
                run: run.id.text, later: try later?.writes(to: slot.repository) ?? [],
                told: journal.told(of: slot.repository), expiries: expiries[slot.repository] ?? [:], today: today)
            let entry = try await live.entry(for: slot.repository) { live in
                let entry = rules.entry(undoing: change, live: live, history, in: book)
                if entry.isConflict {
                    let sides = rules.conflict(undoing: change, live: live)
                    conflicts.withLock { $0[change.repository] = sides }
                }
                var wanted: [WantedGrant] = []
                if case .change(let undo) = entry { wanted = undo.grants.added }
                return registries.beside(entry, wanted: wanted)
            }
            tally.count(entry)
            if history.told == .nothing, case .unchanged = entry { return [] }
            try spool.add(entry)
            return []
        }
        let header = PlanHeader(
            id: id.text, createdAt: createdAt.rfc3339, operation: .rollback, mode: original.header.mode,
            sidPrefix: original.header.sidPrefix, matrix: nil, undoes: run.id.text,
            journalSize: journalSize, newestRun: newest.text
        )
        return PlanResult(
            plan: try spool.finish(header: header), signInFailures: live.signInFailures,
            reachedNothing: !looked.isEmpty && !live.hasReachedAny, leftOut: original.summary.changes - written.count,
            neverWritten: chosen.count - written.count,
            unreadableRuns: later?.unreadable ?? [], conflicts: conflicts.withLock { $0 },
            registryNotes: registries.notes)
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
    ///
    /// - Throws: ``RolloutError/nothingChosen(_:by:has:)`` with every choice that none of them fits.
    private func chosen(_ selection: RollbackSelection, of plan: PlanFile, _ run: RunID) throws -> [PlanFile.Slot] {
        let changes = plan.slots.filter { $0.kind == .change }
        let names = Set(changes.map(\.repository.name))
        let idlePatterns = selection.repositories.filter { !names.contains(where: $0.matches) }
        if !idlePatterns.isEmpty {
            throw RolloutError.nothingChosen(
                run, by: idlePatterns.map { "--repository \($0)" },
                has: "it changed " + (names.isEmpty ? "nothing" : names.map(\.text).sorted().listed(atMost: 10)))
        }
        let inRepositories = changes.filter { selection.repositories.choose($0.repository.name) }
        guard !selection.consumers.isEmpty else { return inRepositories }
        var touched: Set<Consumer> = []
        var idle = selection.consumers
        let chosen = try inRepositories.filter { slot in
            guard case .change(let change) = try plan.entry(at: slot) else { return false }
            touched.formUnion(change.touchedConsumers)
            let fitting = selection.consumers.filter { change.touches($0.value, sidPrefix: plan.header.sidPrefix) }
            for name in fitting.keys { idle[name] = nil }
            return !fitting.isEmpty
        }
        if !idle.isEmpty {
            let touched = touched.map(\.description).sorted().listed(atMost: 10)
            let whose = touched.isEmpty ? "nobody's access" : "the access of " + touched
            throw RolloutError.nothingChosen(
                run, by: idle.keys.sorted().map { "--consumer \($0)" },
                has: "it changed \(whose)" + (selection.repositories.isEmpty ? "" : " in the chosen repositories"))
        }
        return chosen
    }
}

extension RunState {
    fileprivate func told(of repository: RepositoryID) -> RollbackHistory.Told {
        if mayHoldTrial(repository) { return .searched }
        return mayHaveWritten(repository) ? .wrote : .nothing
    }
}
