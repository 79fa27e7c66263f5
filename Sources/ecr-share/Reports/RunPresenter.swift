import AWSValues
import Rollout
import SharePlan

/// Says what a run came to, and what to do next.
struct RunPresenter {
    let messages: Messages
    /// What a command needs to find the archive again, such as ` --archive team`; empty for the default one.
    let archiveOption: String

    /// `later` are the runs to which the run left something.
    func show(_ execution: Runner.Execution, leftTo later: [RepositoryID: RunID] = [:]) throws {
        let (plan, report) = (execution.plan, execution.report)
        for note in report.causes(of: [.failed]) { messages.error(note.line) }
        try showConflicts(of: report, plan, besides: later)
        messages.outcome(report.closingSentence, isGood: report.isDone)
        for step in report.nextSteps(archive: archiveOption) { messages.outcome(step.line, isGood: report.isDone) }
        let isRollback = plan.header.operation == .rollback
        let advice = isRollback ? "plan the rollback again" : "make a new plan for it"
        var notes = PlanNotes()
        for (repository, run) in later.sorted(by: { $0.key < $1.key }) {
            notes.add(
                Problem(
                    repository: repository, code: "left to a later run",
                    message: "left to a later run: \(run) wrote it; \(advice)"))
        }
        for note in notes.problems { messages.error(note.line) }
    }

    /// The sides of this many conflicts are shown; the run's journal has all.
    private static let shownConflicts = 20

    /// Each has to be looked at, so each is named.
    private func showConflicts(of report: RunReport, _ plan: PlanFile, besides later: [RepositoryID: RunID]) throws {
        let conflicts = report.outcomes([.conflict]).filter { later[$0.repository] == nil }
        for (number, (repository, outcome)) in conflicts.enumerated() {
            guard case .conflict(let found, _) = outcome, let cause = outcome.cause else { continue }
            messages.error("\(repository): \(cause)")
            guard number < Self.shownConflicts else { continue }
            messages.lines(try sides(of: repository, found, in: plan).map { "    " + $0 })
        }
    }

    /// What was planned from, what was wanted and what was found, a line each.
    private func sides(of repository: RepositoryID, _ found: RunOutcome.Found, in plan: PlanFile) throws -> [String] {
        guard case .policy(let live) = found else {
            return ["too many conflicts to show them all; the run's journal has what was found"]
        }
        guard case .change(let change) = try plan.entry(for: repository) else { return [] }
        return PolicyConflict(change, live: live, sidPrefix: plan.header.sidPrefix).lines
    }
}
