import Rollout
import SharePlan

/// Says what a run came to, and what to do next.
struct RunPresenter {
    let messages: Messages

    func show(_ report: RunReport) {
        for failure in report.failures {
            messages.error("\(failure.repository): \(failure.error)\(note(of: failure.written))")
        }
        for conflict in report.conflicts {
            messages.error("\(conflict.repository): \(text(of: conflict))")
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

    private func note(of written: Written) -> String {
        switch written {
        case .no: ""
        case .yes: " (the policy was written)"
        case .unknown: " (the policy may have been written)"
        }
    }

    private func text(of conflict: RunReport.Conflict) -> String {
        let live =
            switch conflict.live {
            case .policy(nil): "it has no policy now"
            case .policy(let text?): "it is now \(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))"
            case .inJournal: "the run's journal has what it is now"
            }
        let change =
            conflict.written == .no
            ? "the policy was edited after it was planned and is left alone"
            : "the policy was edited by somebody right after it was written"
        return "conflict: \(change); \(live)"
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
