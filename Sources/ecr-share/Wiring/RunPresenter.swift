import Rollout
import SharePlan

/// Says what a run came to, and what to do next.
struct RunPresenter {
    let messages: Messages

    /// `plan` is the one that the run executed.
    func show(_ report: RunReport, of plan: PlanFile) throws {
        for failure in report.failures {
            messages.error("\(failure.repository): \(failure.error)\(note(of: failure.written))")
        }
        for conflict in report.conflicts {
            messages.error("\(conflict.repository): \(text(of: conflict))")
            messages.lines(try sides(of: conflict, in: plan).map { "    " + $0 })
        }
        let counts = report.counts
        var parts = ["\(Counted(counts.applied, "repository", "repositories")) written"]
        if counts.skipped > 0 { parts.append("\(counts.skipped) done already") }
        if report.unchanged > 0 { parts.append("\(report.unchanged) unchanged") }
        if counts.failed > 0 { parts.append("\(counts.failed) failed") }
        if counts.conflicts > 0 { parts.append(Counted(counts.conflicts, "conflict").description) }
        if counts.notStarted > 0 { parts.append("\(counts.notStarted) not started") }
        messages.note("Run \(report.run): \(parts.joined(separator: ", ")).")
        if let next = next(after: report) { messages.note(next) }
    }

    /// Says what a run that was resumed left to later runs.
    func show(_ leftToLaterRuns: [RepositoryID: RunID]) {
        for (repository, run) in leftToLaterRuns.sorted(by: { $0.key < $1.key }) {
            messages.error("\(repository): run \(run) wrote it later, so it is left to that; make a new plan for it")
        }
    }

    /// Says which repositories a plan leaves alone and why, for a plan that nobody reviewed.
    func showProblems(of plan: PlanFile) throws {
        try plan.forEachEntry { entry in
            guard case .problem(let problem) = entry else { return }
            messages.error("\(problem.subject): \(problem.code): \(problem.message)")
        }
    }

    private func note(of written: Written) -> String {
        switch written {
        case .no: ""
        case .yes: " (the policy was written)"
        case .unknown: " (the policy may have been written)"
        }
    }

    private func text(of conflict: RunReport.Conflict) -> String {
        switch conflict.written {
        case .no: "conflict: the policy was edited after it was planned, and is left alone"
        case .yes: "conflict: the policy was edited by somebody right after it was written, and is left alone"
        case .unknown: "conflict: the policy was edited while a write was not answered, and is left alone"
        }
    }

    /// What was planned from, what was wanted and what was found, a line each.
    private func sides(of conflict: RunReport.Conflict, in plan: PlanFile) throws -> [String] {
        guard case .policy(let live) = conflict.live else {
            return ["too many conflicts to show them all; the run's journal has what was found"]
        }
        guard case .change(let change) = try plan.entry(for: conflict.repository) else { return [] }
        return PolicyConflict(change, live: live, sidPrefix: plan.header.sidPrefix).lines
    }

    /// The next step, when there is one to take.
    private func next(after report: RunReport) -> String? {
        switch report.ending {
        case .interrupted: "To go on: ecr-share apply --resume \(report.run). To undo: ecr-share rollback \(report.run)"
        case .tooManyFailures:
            "Stopped after too many failures. Mend the cause, then: ecr-share apply --resume \(report.run). "
                + "To undo: ecr-share rollback \(report.run)"
        case .canaryFailed:
            "A canary failed, so the others were not started. To undo: ecr-share rollback \(report.run)"
        case .completed where report.counts.failed > 0:
            "To try the failed ones again: ecr-share apply --resume \(report.run). To undo: ecr-share rollback \(report.run)"
        case .completed where report.counts.conflicts > 0: "Make a new plan for those in conflict."
        case .completed: report.counts.applied > 0 ? "To undo: ecr-share rollback \(report.run)" : nil
        }
    }
}
