package import SharePlan

/// Executes plans as runs of an archive: archives, locks, applies, and undoes on failure when asked to.
package struct Runner: Sendable {
    /// What a run came to.
    package struct Result: Hashable, Sendable {
        package let report: RunReport
        /// The report of the run that undid this one, when it failed and ``ApplyOptions/rollsBackOnFailure`` is set.
        package let rollback: RunReport?
        /// What the journals of both tell. That of a run whose journal could not be read before it was gone on with is
        /// missing.
        package let states: [RunID: RunState]

        package var exitStatus: Int32 { rollback?.ending == .interrupted ? 130 : report.exitStatus }
    }

    /// Says of a change whether it may be written: nil to go on, else why it must not be.
    package typealias Objection = @Sendable (Change) -> StoreError?

    package var archive: Archive
    package var store: any PolicyStore
    package var options: ApplyOptions
    package var haveSameMeaning: PolicyComparison
    /// How a change is undone when the run fails, see ``RollbackPlanner``.
    package var rollbackRules: RollbackPlanner.Rules
    /// A last look at each change of a plan before it is written, whatever computed it.
    package var objections: @Sendable (PlanFile) throws -> Objection
    /// The identity that the run writes as, for the journal.
    package var caller: String?
    package var clock: RunClock
    package var observer: RunObserver

    package init(
        archive: Archive, store: any PolicyStore, options: ApplyOptions = ApplyOptions(),
        haveSameMeaning: @escaping PolicyComparison, rollbackRules: @escaping RollbackPlanner.Rules,
        objections: @escaping @Sendable (PlanFile) throws -> Objection = { _ in { _ in nil } }, caller: String? = nil,
        clock: RunClock = .system, observer: RunObserver = RunObserver()
    ) {
        self.archive = archive
        self.store = store
        self.options = options
        self.haveSameMeaning = haveSameMeaning
        self.rollbackRules = rollbackRules
        self.objections = objections
        self.caller = caller
        self.clock = clock
        self.observer = observer
    }

    /// Executes a plan, a rollback's too, as the run `id`.
    ///
    /// The plan is archived and on disk before the first write. A request to `stop` lets writes in flight end; the run
    /// can be resumed. Cancelling the task ends at once; the run can be resumed then too.
    /// - Throws: ``RolloutError``, ``FileError``, `CancellationError`. What fails in single repositories is in the report.
    ///   Only ``RolloutError/brokenOff(_:reason:)`` is thrown when something may have been written.
    package func execute(_ plan: PlanFile, as id: RunID, stop: StopSignal = StopSignal()) async throws -> Result {
        try await archive.withLock(for: id) {
            try await go(on: try archive.begin(plan, as: id), with: plan, stop, isResumed: false)
        }
    }

    /// Goes on with a run that was killed, interrupted, or had failures.
    ///
    /// Every change is held against the live policy again, whatever the journal says, so the result is that of an
    /// undisturbed run.
    /// - Throws: as ``execute(_:as:stop:)``; ``RolloutError/rolledBack(_:by:)`` when the run was undone.
    package func resume(_ run: ArchivedRun, stop: StopSignal = StopSignal()) async throws -> Result {
        try await archive.withLock(for: run.id) {
            if let rollback = try archive.rollback(of: run.id) {
                throw RolloutError.rolledBack(run.id, by: rollback)
            }
            return try await go(on: run, with: try run.plan(), stop, isResumed: true)
        }
    }

    private func go(
        on run: ArchivedRun, with plan: PlanFile, _ stop: StopSignal, isResumed: Bool
    ) async throws -> Result {
        var states: [RunID: RunState] = [:]
        let report = try await apply(plan, of: run, options, stop, &states, isResumed: isResumed)
        guard options.rollsBackOnFailure, !report.isDone, report.ending != .interrupted else {
            return Result(report: report, rollback: nil, states: states)
        }
        do {
            let rollback = try await undo(run, stop, &states)
            return Result(report: report, rollback: rollback, states: states)
        } catch {
            throw brokenOff(run, error, "it could not be undone: \(error)")
        }
    }

    /// What ends a run that may have written something: everything but the end of the task.
    private func brokenOff(_ run: ArchivedRun, _ error: any Error, _ reason: String) -> any Error {
        if case RolloutError.brokenOff = error { return error }
        return error is CancellationError ? error : RolloutError.brokenOff(run.id, reason: reason)
    }

    /// Undoes the run as a run of its own.
    private func undo(
        _ run: ArchivedRun, _ stop: StopSignal, _ states: inout [RunID: RunState]
    ) async throws -> RunReport {
        let planner = RollbackPlanner(
            store: store, rules: rollbackRules, concurrency: options.concurrency, spoolFolder: run.folder,
            observer: observer
        )
        let now = clock.now()
        let id = RunID(at: now)
        let undoing = try await planner.plan(undoing: run, id: id, createdAt: now).plan
        let rollback = try archive.begin(undoing, as: id)
        // Undoing is worth trying everywhere.
        var options = options
        options.canary = nil
        options.maximumFailures = nil
        return try await apply(undoing, of: rollback, options, stop, &states)
    }

    private func apply(
        _ plan: PlanFile, of run: ArchivedRun, _ options: ApplyOptions, _ stop: StopSignal,
        _ states: inout [RunID: RunState], isResumed: Bool = false
    ) async throws -> RunReport {
        let applier = Applier(
            store: store, options: options, haveSameMeaning: haveSameMeaning, objection: try objections(plan),
            clock: clock, observer: observer, stop: stop, isResumed: isResumed
        )
        // A journal that cannot be read does not keep a run from going on: the live policies decide.
        let before = try? run.state()
        let tally = RunTally()
        do {
            let (report, state) = try await run.withJournal(before: before ?? RunState(), clock: clock) { journal in
                let report = try await applier.apply(plan, of: run.id, tally, journal: journal, caller: caller)
                return (report, journal.runState)
            }
            if before != nil { states[run.id] = state }
            return report
        } catch  where tally.hasAnnounced || before?.hasAnnounced ?? true {
            throw brokenOff(run, error, "\(error)")
        }
    }
}
