package import AWSValues
package import SharePlan

/// Executes plans as runs of an archive: archives, locks, applies, and undoes on failure when asked to.
package struct Runner: Sendable {
    /// What a run came to.
    package struct Result: Sendable {
        package let report: RunReport
        /// The archived copy of the plan, which was executed.
        package let plan: PlanFile
        /// The report of the run that undid this one, when it failed and ``ApplyOptions/rollsBackOnFailure`` is set.
        package let rollback: RunReport?
        /// What the journals of both tell. That of a run whose journal could not be read before it was gone on with is
        /// missing.
        package let states: [RunID: RunState]
        /// What the run leaves to another that wrote the repository: a run that is resumed to those that were started
        /// after it, a rollback to those that were started after it was planned.
        package let leftToLaterRuns: [RepositoryID: RunID]

        package var exitStatus: Int32 {
            if rollback?.ending == .interrupted { return 130 }
            return report.exitStatus == 0 && !leftToLaterRuns.isEmpty ? 3 : report.exitStatus
        }
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

    /// Executes a plan, a rollback's too, as a new run. `began` gets its id once it is in the archive.
    ///
    /// The plan is archived and on disk before the first write, and it is the archived copy that is executed. What was
    /// written by runs that were started after a rollback was planned is left to them. A request
    /// to `stop` lets writes in flight end; the run can be resumed. Cancelling the task ends at once; the run can be
    /// resumed then too.
    /// - Throws: ``RolloutError``, such as ``RolloutError/undoneRunWentOn(_:)`` for a rollback, ``FileError``,
    ///   `CancellationError`. What fails in single repositories is in the report.
    ///   Only ``RolloutError/brokenOff(_:reason:)`` is thrown when something may have been written.
    package func execute(
        _ plan: PlanFile, stop: StopSignal = StopSignal(), began: (RunID) -> Void = { _ in }
    ) async throws -> Result {
        try await archive.withLock(startingBy: clock) { id in
            let later = try archive.writtenSincePlanning(plan, .change)
            let (run, plan) = try archive.begin(plan, as: id, clock: clock)
            began(id)
            return try await go(on: run, with: plan, Remainder(of: plan, leaving: later), stop)
        }
    }

    /// Goes on with a run that was killed, interrupted, or had failures.
    ///
    /// Every change that the journal does not call done is held against the live policy again, so the result is that of
    /// an undisturbed run. A repository that a later run of the archive wrote is left to that.
    /// - Throws: as ``execute(_:stop:began:)``; ``RolloutError/rolledBack(_:by:)`` when the run was undone,
    ///   ``RolloutError/isComplete(_:)``, ``RolloutError/nothingToResume(_:leftTo:repositories:)``,
    ///   ``RolloutError/noJournal(_:)``.
    package func resume(_ run: ArchivedRun, stop: StopSignal = StopSignal()) async throws -> Result {
        try await archive.withLock(for: run.id, clock: clock) {
            if let rollback = try archive.rollback(of: run.id) {
                throw RolloutError.rolledBack(run.id, by: rollback)
            }
            let plan = try run.plan()
            return try await go(on: run, with: plan, try remainder(of: run, plan), stop)
        }
    }

    /// What is left to do of a run, by its journal as far as that can be read.
    private func remainder(of run: ArchivedRun, _ plan: PlanFile) throws -> Remainder {
        let journal = try run.journal()
        switch journal.condition {
        case .missing: throw RolloutError.noJournal(run.id)
        case .damaged(let line, let reason):
            archive.warn(
                "the journal of run \(run.id) is damaged at line \(line): \(reason). Where it records nothing, the live "
                    + "policies decide")
        case .whole: break
        }
        return try Remainder(of: run, plan, journal, in: archive)
    }

    private func go(
        on run: ArchivedRun, with plan: PlanFile, _ remainder: Remainder, _ stop: StopSignal
    ) async throws -> Result {
        var states: [RunID: RunState] = [:]
        let report = try await apply(remainder, of: run, options, stop, &states)
        // What another run has left as planned is done.
        let left = remainder.leftToLaterRuns.filter { left in
            remainder.journal != nil || report.conflicts.contains { $0.repository == left.key }
        }
        func result(_ rollback: RunReport?) -> Result {
            Result(report: report, plan: plan, rollback: rollback, states: states, leftToLaterRuns: left)
        }
        guard options.rollsBackOnFailure, !report.isDone, report.ending != .interrupted else { return result(nil) }
        do {
            return result(try await undo(run, stop, &states))
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
        let id = try archive.newID(at: now)
        let planned = try await planner.plan(undoing: run, id: id, createdAt: now).plan
        let (rollback, undoing) = try archive.begin(planned, as: id, clock: clock)
        // Undoing is worth trying everywhere.
        var options = options
        options.canary = nil
        options.maximumFailures = nil
        return try await apply(Remainder(of: undoing), of: rollback, options, stop, &states)
    }

    private func apply(
        _ remainder: Remainder, of run: ArchivedRun, _ options: ApplyOptions, _ stop: StopSignal,
        _ states: inout [RunID: RunState]
    ) async throws -> RunReport {
        let plan = remainder.plan
        let expired = ExpiredGrants(operation: plan.header.operation, clock: clock)
        let objection = try objections(plan)
        let before = remainder.journal?.state ?? RunState()
        let isWhole = remainder.journal?.condition ?? .whole == .whole
        let applier = Applier(
            store: store, options: options, haveSameMeaning: haveSameMeaning,
            objection: { expired.objection(to: $0) ?? objection($0) }, clock: clock, observer: observer, stop: stop,
            resumed: remainder.journal?.state, left: Set(remainder.leftToLaterRuns.keys)
        )
        let tally = RunTally()
        for repository in remainder.done { tally.count(.alreadyDone, of: repository) }
        do {
            let (report, state) = try await run.withJournal(before: before, clock: clock) { journal in
                let report = try await applier.apply(plan, of: run.id, tally, journal: journal, caller: caller)
                return (report, journal.runState)
            }
            if isWhole { states[run.id] = state }
            return report
        } catch  where tally.hasAnnounced || before.hasAnnounced || !isWhole {
            throw brokenOff(run, error, "\(error)")
        }
    }
}
