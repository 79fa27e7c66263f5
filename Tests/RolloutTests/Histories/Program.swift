import AWSValues
import Rollout
import SharePlan
import TestSupport

/// One start of ecr-share in a history: what the commands `apply`, `apply --resume` and `rollback` do, over the
/// simulated ECR, clock and files.
struct Program: @unchecked Sendable {
    // Unchecked: used by the simulation's thread alone.

    let history: History
    let process: SimulatedProcess
    let attempt: Attempt
    let stop: StopSignal
    let options: ApplyOptions
    /// From the plan to the first write, in microseconds: somebody reads it.
    let review: Int
    /// `--isolate-principals`.
    let searches: Bool

    var summary: String {
        let run = "run \(attempt.record.number) of \(attempt.team.name)"
        if attempt.isResume { return "\(run) is resumed" }
        switch attempt.record.kind {
        case .share(let job):
            return
                "\(run): apply --merge \(job.mode)\(job.adopts ? " --adopt" : "")\(job.takesOver ? " --take-over" : "")"
                + "\(job.prunes ? " --prune" : "") of \(job.matrix.summary)"
        case .rollback(let job):
            return "\(run): rollback of run \(job.undone.number)\(job.mergesLaterEdits ? " --merge-later-edits" : "")"
                + (job.consumers.map { " --consumer \($0.joined(separator: " "))" } ?? "")
                + (job.repository.map { " --repository \($0.name)" } ?? "")
        }
    }

    func run() async throws -> AttemptEnding {
        if attempt.isResume { return try await resume() }
        let plan: PlanResult
        switch attempt.record.kind {
        case .share(let job): plan = try await planShare(job)
        case .rollback(let job): plan = try await planRollback(job)
        }
        try note(plan.plan, attempt.record)
        if review > 0 { try await process.sleep(review) }
        var status = ExitStatus.done
        var report: RunReport?
        // Where nothing is to be written, nothing is looked at again either.
        let later = try await attempt.team.archive.writtenSincePlanning(plan.plan, .unchanged)
        if plan.plan.summary.changes > 0 {
            let runner = runner()
            let result = try await runner.execute(plan.plan, stop: stop) {
                history.begin(attempt.record, as: $0, by: process)
            }
            status = result.exitStatus
            report = result.report
            if result.rollback != nil { attempt.isUndoing = true }
            if searches, result.rollback == nil, stop.isRequested == false {
                try await search(runner, after: result.execution)
            }
        }
        if status == .done, !plan.isComplete || !attempt.leftAlone.isEmpty || !later.isEmpty { status = .incomplete }
        attempt.record.isComplete = report?.isDone ?? true
        return .ended(status, report)
    }

    /// As `--isolate-principals` does.
    private func search(_ runner: Runner, after execution: Runner.Execution) async throws {
        guard !execution.report.refusedPrincipals.isEmpty else { return }
        history.simulation.tell("attempt \(attempt.number) searches for unknown principals")
        attempt.beginSearch()
        let found = try await runner.isolatePrincipals(after: execution, stop: stop)
        for isolated in found {
            history.simulation.tell("    \(isolated.change.repository.name): \(isolated.finding)")
        }
        history.judge.judgeSearch(found, by: attempt, in: history.ecr)
    }

    private func resume() async throws -> AttemptEnding {
        guard let id = attempt.record.id else { return .ended(.failed, nil) }
        let result = try await runner().resume(try attempt.team.archive.run(id.text), stop: stop)
        if result.report.isDone, result.leftToLaterRuns.isEmpty {
            attempt.record.isComplete = true
        }
        if result.rollback != nil { attempt.isUndoing = true }
        return .ended(result.exitStatus, result.report)
    }

    // MARK: Planning

    private var planner: Planner {
        Planner(store: store, concurrency: options.concurrency, spoolFolder: history.folder)
    }

    private var store: SimulatedStore { SimulatedStore(ecr: history.ecr, process: process, attempt: attempt) }

    private func planShare(_ job: ShareJob) async throws -> PlanResult {
        let rules = SharingRules(
            mode: job.mode, sidPrefix: attempt.team.prefix, adopt: job.adopts, takeOver: job.takesOver)
        let targets = try job.matrix.targets(mode: job.mode, prunes: job.prunes)
        let now = clock.now()
        let header = PlanHeader(
            id: RunID(at: now).text, createdAt: now.rfc3339, operation: .share, mode: job.mode,
            sidPrefix: attempt.team.prefix, matrix: targets.matrix.source)
        return try await planner.plan(targets, by: rules, header: header)
    }

    private func planRollback(_ job: RollbackJob) async throws -> PlanResult {
        guard let id = job.undone.id else { throw RolloutError.noRuns(archive: attempt.team.archive.folder.path) }
        let archive = attempt.team.archive
        let run: ArchivedRun
        if history.isLatestToUndo(job.undone) {
            // The archive must find it too.
            run = try await archive.run("latest", latest: .toUndo)
            if run.id != id { history.judge.accuse(attempt, nil, "latest", "found \(run.id) instead of \(id)") }
        } else {
            run = try await archive.run(id.text)
        }
        let consumers = job.consumers.map { Set($0.compactMap { Consumer($0) }) }
        let rules = RollbackRules(
            sidPrefix: attempt.team.prefix, mergeLaterEdits: job.mergesLaterEdits, consumers: consumers)
        let selection = RollbackSelection(
            repositories: job.repository.map { [RepositoryPattern($0.name)] } ?? [],
            consumers: consumers.map { ["@chosen": $0] } ?? [:])
        let now = clock.now()
        let result = try await planner.plan(
            undoing: run, by: rules, in: archive, selection, id: RunID(at: now), createdAt: now)
        try result.plan.forEachEntry { attempt.leftAlone += $0.leftAlone }
        return result
    }

    /// Tells the judge what is planned.
    private func note(_ plan: PlanFile, _ record: RunRecord) throws {
        try plan.forEachEntry { entry in
            switch entry {
            case .change(let change):
                record.steps[change.repository] = RunRecord.Step(
                    before: history.judge.model(change.before?.text), after: history.judge.model(change.after?.text),
                    beforeText: change.before?.text, afterText: change.after?.text)
            case .unchanged(let unchanged): record.unchanged.insert(unchanged.repository)
            case .orphan: break
            case .problem(let problem):
                if case .repository(let repository) = problem.subject { record.problems.insert(repository) }
                history.simulation.tell("    problem on \(problem.subject): \(problem.code): \(problem.message)")
            }
        }
        history.simulation.note(
            [6, attempt.number, record.steps.count],
            "attempt \(attempt.number) has planned \(record.steps.count) changes, \(record.problems.count) problems")
    }

    // MARK: Running

    /// The run that undoes this attempt's run after a failure, once it has begun to write.
    private func note(_ rollback: RunID, of record: RunRecord) -> RunRecord? {
        let team = attempt.team
        let path = team.archive.folder.path(of: "runs/\(rollback)/plan.jsonl")
        guard let plan = try? PlanFile(opening: path), plan.header.undoes == record.id?.text else {
            return nil
        }
        let job = RollbackJob(undone: record, mergesLaterEdits: false, consumers: nil, repository: nil)
        let undoing = history.newRecord(.rollback(job), team)
        history.begin(undoing, as: rollback, by: process)
        try? note(plan, undoing)
        return undoing
    }

    private func runner() -> Runner {
        if options.rollsBackOnFailure {
            let outer = attempt.record
            attempt.undoing = { note($0, of: outer) }
        }
        return Runner(
            archive: attempt.team.archive, store: store, options: options, clock: clock,
            observer: RunObserver(outcome: { repository, outcome in
                attempt.outcomes[repository] = outcome
                if outcome.isDone { attempt.record.saidDone.insert(repository) }
                history.simulation.tell("    \(process.name): \(repository.name): \(Program.brief(outcome))")
            }))
    }

    private static func brief(_ outcome: RunOutcome) -> String {
        switch outcome {
        case .written, .alreadyDone, .inDoubt, .notStarted: "\(outcome)"
        case .conflict(_, let written): "conflict, written: \(written)"
        case .failed(let error, let written): "failed, \(error.code), written: \(written)"
        }
    }

    /// The first moment of every history.
    private static let beginning = 1_795_478_400_000

    private var clock: RunClock {
        let (process, simulation) = (process, history.simulation)
        return RunClock(
            now: { Timestamp(milliseconds: Program.beginning + simulation.now / 1000) },
            sleep: { duration in
                let (seconds, attoseconds) = duration.components
                try await process.sleep(Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000))
            },
            makeQueue: {
                let end = Box(0)
                return WorkQueue(
                    add: { work in
                        // A disk that takes its time, one piece of work after the other.
                        end.value =
                            max(end.value, simulation.now) + (process.isDead ? 0 : simulation.dice.between(10, 20_000))
                        simulation.after(end.value - simulation.now, owner: process, work)
                    },
                    pause: { _ in })
            })
    }
}

/// A variable that closures share.
final class Box<Value>: @unchecked Sendable {
    // Unchecked: used by the simulation's thread alone.
    var value: Value

    init(_ value: Value) {
        self.value = value
    }
}
