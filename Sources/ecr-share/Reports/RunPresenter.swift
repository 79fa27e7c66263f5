import AWSValues
import Rollout
import SharePlan

/// Says what a run came to, and what to do next.
struct RunPresenter {
    let messages: Messages
    /// What a command needs to find the archive again, such as ` --archive team`; empty for the default one.
    let archiveOption: String

    /// `plan` is the one that the run executed; `later` are the runs to which it left something.
    func show(_ report: RunReport, of plan: PlanFile, leftTo later: [RepositoryID: RunID] = [:]) throws {
        for note in notes(of: report.failures) { messages.error(note.line) }
        try show(report.conflicts.filter { later[$0.repository] == nil }, of: plan)
        let counts = report.counts
        var parts = ["\(counts.applied.repositories) written"]
        if counts.skipped > 0 { parts.append("\(counts.skipped) done already") }
        if report.unchanged > 0 { parts.append("\(report.unchanged) unchanged") }
        if counts.failed > 0 { parts.append("\(counts.failed) failed") }
        if counts.conflicts > 0 {
            let edited = report.conflicts.count { $0.written == .yes }
            parts.append(
                counts.conflicts.counting("conflict")
                    + (edited == 0 ? "" : " (\(edited) written, and edited by somebody since)"))
        }
        if counts.notStarted > 0 { parts.append("\(counts.notStarted) not started") }
        let isGood = report.isDone && report.ending == .completed
        messages.outcome("Run \(report.run): \(parts.joined(separator: ", ")).", isGood: isGood)
        for step in nextSteps(after: report) { messages.outcome(step, isGood: isGood) }
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

    /// Failures with one cause together.
    private func notes(of failures: [RunReport.Failure]) -> [PlanNotes.Note] {
        var notes = PlanNotes()
        for failure in failures {
            notes.add(
                Problem(
                    repository: failure.repository, code: failure.error.code,
                    message: failure.error.message + note(of: failure.written)),
                requestID: failure.error.requestID)
        }
        return notes.problems
    }

    /// The sides of this many conflicts are shown; the run's journal has all.
    private static let shownConflicts = 20

    private func show(_ conflicts: [RunReport.Conflict], of plan: PlanFile) throws {
        for conflict in conflicts.prefix(Self.shownConflicts) {
            messages.error("\(conflict.repository): \(text(of: conflict))")
            messages.lines(try sides(of: conflict, in: plan).map { "    " + $0 })
        }
        // Each of the others has to be looked at as well, so each is named.
        for conflict in conflicts.dropFirst(Self.shownConflicts) {
            messages.error("\(conflict.repository): \(text(of: conflict))")
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
        case .yes: "conflict: the policy was edited by somebody after it was written, and is left alone"
        case .unknown: "conflict: the policy was edited while a write had no response, and is left alone"
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

    /// What can be done next, a line each; commands end their line, so that they can be copied.
    private func nextSteps(after report: RunReport) -> [String] {
        let resume = "ecr-share apply --resume \(report.run)\(archiveOption)"
        let mayHaveWritten =
            report.counts.applied > 0 || report.failures.contains { $0.written != .no }
            || report.conflicts.contains { $0.written != .no }
        let step: String? =
            switch report.ending {
            case .interrupted: "To resume: \(resume)"
            case .tooManyFailures: "Stopped after too many failures. Fix the cause, then resume with: \(resume)"
            case .canaryFailed: "A canary failed, so the others were not started."
            case .completed where report.counts.failed > 0: "To try the failed ones again: \(resume)"
            case .completed where report.counts.conflicts > 0: "Make a new plan for those in conflict."
            case .completed: nil
            }
        let undo = mayHaveWritten ? "To undo: ecr-share rollback \(report.run)\(archiveOption)" : nil
        return [step, undo].compactMap(\.self)
    }
}
