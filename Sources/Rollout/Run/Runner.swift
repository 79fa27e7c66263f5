package import AWSValues
package import SharePlan

/// Executes plans as runs of an archive: archives, locks, applies, and undoes on failure when asked to.
package struct Runner: Sendable {
    /// One run of the archive, and what this attempt at it came to.
    package struct Execution: Sendable {
        package let run: RunID
        /// The archived copy of the plan, which was executed.
        package let plan: PlanFile
        package let report: RunReport
        /// What the run's journal records; nil where that could not be read before the run was resumed.
        package let state: RunState?
    }

    /// What a run came to.
    package struct Result: Sendable {
        package let execution: Execution
        /// The run that undid this one, when it failed and ``ApplyOptions/rollsBackOnFailure`` is set.
        package let rollback: Execution?
        /// What the run leaves to another that wrote the repository: a run that is resumed to those that were started
        /// after it, a rollback to those that were started after it was planned.
        package let leftToLaterRuns: [RepositoryID: RunID]

        package var run: RunID { execution.run }
        package var report: RunReport { execution.report }

        /// As the command ends.
        package var exitStatus: ExitStatus {
            if rollback?.report.ending == .interrupted { return .interrupted }
            return report.exitStatus == .done && !leftToLaterRuns.isEmpty ? .incomplete : report.exitStatus
        }
    }

    package var archive: Archive
    package var store: any PolicyStore
    package var options: ApplyOptions
    /// The most UTF-8 bytes of a document that is put together anew, to undo a run or in a search.
    package var maximumPolicySize: Int
    /// The identity that the run writes as, for the journal.
    package var caller: String?
    package var clock: RunClock
    package var observer: RunObserver

    package init(
        archive: Archive, store: any PolicyStore, options: ApplyOptions = ApplyOptions(),
        maximumPolicySize: Int = SharingRules.defaultMaximumPolicySize, caller: String? = nil,
        clock: RunClock = .system, observer: RunObserver = RunObserver()
    ) {
        self.archive = archive
        self.store = store
        self.options = options
        self.maximumPolicySize = maximumPolicySize
        self.caller = caller
        self.clock = clock
        self.observer = observer
    }

    /// Executes a plan, a rollback's too, as a new run. `began` gets its id once it is in the archive; `undone` is the
    /// plan of the run that a rollback undoes, where it is open already.
    ///
    /// The plan is archived and on disk before the first write, and it is the archived copy that is executed. What was
    /// written by runs that were started after a rollback was planned is left to them. A request
    /// to `stop` lets writes in flight end; the run can be resumed. Cancelling the task ends at once; the run can be
    /// resumed then too.
    /// - Throws: ``RolloutError``, such as ``RolloutError/undoneRunWentOn(_:)`` for a rollback, ``FileError``,
    ///   `CancellationError`. What fails in single repositories is in the report.
    ///   Only ``RolloutError/brokenOff(_:reason:)`` is thrown when something may have been written.
    package func execute(
        _ plan: PlanFile, undoing undone: PlanFile? = nil, stop: StopSignal = StopSignal(),
        began: (RunID) -> Void = { _ in }
    ) async throws -> Result {
        let undoes = plan.header.undoes.flatMap { RunID($0) }
        return try await archive.withLock(startingBy: clock, undoing: undoes) { id in
            if let undoes { try await archive.journals.seal(undoes, clock) }
            let later = try await archive.writtenSincePlanning(plan, .change)
            let (run, plan) = try await archive.begin(plan, as: id, clock: clock)
            began(id)
            return try await go(on: run, with: plan, undoing: undone, Remainder(of: plan, leaving: later), stop)
        }
    }

    /// Goes on with a run that was killed, interrupted, or had failures. `plan` is the run's, where it is open already.
    ///
    /// Every change that the journal does not call done is held against the live policy again, so the result is that of
    /// an undisturbed run. A repository that a later run of the archive wrote is left to that.
    /// - Throws: as ``execute(_:stop:began:)``; ``RolloutError/rolledBack(_:by:)`` when the run was undone,
    ///   ``RolloutError/isComplete(_:)``, ``RolloutError/nothingToResume(_:leftTo:repositories:)``,
    ///   ``RolloutError/noJournal(_:)``.
    package func resume(
        _ run: ArchivedRun, _ plan: PlanFile? = nil, stop: StopSignal = StopSignal()
    ) async throws -> Result {
        let undoes = if let plan { plan.header.undoes } else { (try? await run.header())?.undoes }
        return try await archive.withLock(for: run.id, undoing: undoes.flatMap { RunID($0) }, clock: clock) {
            try await archive.journals.seal(run.id, clock)
            if let rollback = try await archive.rollback(of: run.id) {
                throw RolloutError.rolledBack(run.id, by: rollback)
            }
            let opened: PlanFile
            if let plan { opened = plan } else { opened = try await run.plan() }
            return try await go(on: run, with: opened, try await remainder(of: run, opened), stop)
        }
    }

    /// What is left to do of a run, by its journal as far as that can be read.
    private func remainder(of run: ArchivedRun, _ plan: PlanFile) async throws -> Remainder {
        let journal = try await run.journal()
        switch journal.condition {
        case .missing: throw RolloutError.noJournal(run.id)
        case .damaged(let line, let reason):
            archive.warn(
                "the journal of run \(run.id) is damaged at line \(line): \(reason). Where it records nothing, the live "
                    + "policies decide")
        case .whole: break
        }
        return try await Remainder(of: run, plan, journal, in: archive)
    }

    private func go(
        on run: ArchivedRun, with plan: PlanFile, undoing undone: PlanFile? = nil, _ remainder: Remainder,
        _ stop: StopSignal
    ) async throws -> Result {
        let execution = try await apply(remainder, of: run, plan, undoing: undone, options, stop)
        let report = execution.report
        // What another run has left as planned is done.
        let left = remainder.leftToLaterRuns.filter { left in
            remainder.journal != nil || report.outcome(of: left.key).kind == .conflict
        }
        guard options.rollsBackOnFailure, !report.isDone, report.ending != .interrupted else {
            return Result(execution: execution, rollback: nil, leftToLaterRuns: left)
        }
        do {
            return Result(execution: execution, rollback: try await undo(run, plan, stop), leftToLaterRuns: left)
        } catch {
            throw brokenOff(run, error, "it could not be undone: \(error)")
        }
    }

    /// What ends a run that may have written something: everything but the end of the task.
    private func brokenOff(_ run: ArchivedRun, _ error: any Error, _ reason: String) -> any Error {
        if case RolloutError.brokenOff = error { return error }
        return error is CancellationError ? error : RolloutError.brokenOff(run.id, reason: reason)
    }

    /// How a change of a run with this plan is undone.
    func rollbackRules(_ header: PlanHeader) -> RollbackRules {
        RollbackRules(sidPrefix: header.sidPrefix, maximumPolicySize: maximumPolicySize)
    }

    /// Undoes the run as a run of its own.
    private func undo(_ run: ArchivedRun, _ plan: PlanFile, _ stop: StopSignal) async throws -> Execution {
        let planner = Planner(
            store: store, concurrency: options.concurrency, spoolFolder: archive.spoolFolder, observer: observer)
        let now = clock.now()
        let id = try await archive.newID(at: now)
        let planned = try await planner.plan(
            undoing: run, plan, by: rollbackRules(plan.header), id: id, createdAt: now
        ).plan
        let (rollback, undoing) = try await archive.begin(planned, as: id, clock: clock)
        // Undoing is worth trying everywhere.
        var options = options
        options.canary = nil
        options.maximumFailures = nil
        return try await apply(Remainder(of: undoing), of: rollback, undoing, undoing: plan, options, stop)
    }

    private func apply(
        _ remainder: Remainder, of run: ArchivedRun, _ plan: PlanFile, undoing undone: PlanFile?,
        _ options: ApplyOptions, _ stop: StopSignal
    ) async throws -> Execution {
        let before = remainder.journal?.state ?? RunState()
        let isWhole = remainder.journal?.condition ?? .whole == .whole
        let applier = Applier(
            store: store, options: options,
            lastLook: await LastLook(at: plan, undoing: undone, in: archive, clock: clock), clock: clock,
            observer: observer, stop: stop, resumed: remainder.journal?.state, left: Set(remainder.leftToLaterRuns.keys)
        )
        let tally = RunTally(of: plan, done: remainder.done)
        do {
            return try await run.withJournal(before: before, clock: clock) { journal in
                let report = try await applier.apply(remainder.plan, tally, journal: journal, caller: caller)
                return Execution(
                    run: run.id, plan: plan, report: report, state: isWhole ? journal.runState : nil)
            }
        } catch  where tally.hasAnnounced || before.hasAnnounced || !isWhole {
            throw brokenOff(run, error, "\(error)")
        }
    }
}
