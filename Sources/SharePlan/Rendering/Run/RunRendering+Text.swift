extension RunRendering {
    /// Writes the report's head for a terminal or a log.
    func writeHead(to page: inout PlanPage) {
        page.heading(title, .strong)
        page.paragraph(circumstances)
    }

    /// Writes what to do next.
    func writeNextSteps(to page: inout PlanPage) {
        for (index, step) in nextSteps.enumerated() {
            let words = step.what + ": " + step.command
            if index == 0 { page.heading(words, .strong) } else { page.paragraph(words) }
        }
    }

    /// The run in one line, such as `Run: 20 of 24 repositories written, 1 already done, 2 failed, 1 conflict.`
    var sentence: String {
        var parts = ["\(counts.applied.grouped) of \(counts.planned.repositories) written"]
        if counts.alreadyDone > 0 { parts.append("\(counts.alreadyDone.grouped) already done") }
        if counts.failed > 0 { parts.append("\(counts.failed.grouped) failed") }
        if counts.conflicts > 0 { parts.append(counts.conflicts.counting("conflict", "conflicts")) }
        if counts.inDoubt > 0 { parts.append("\(counts.inDoubt.grouped) perhaps written") }
        if counts.open > 0 { parts.append("\(counts.open.grouped) not started") }
        return "Run: " + parts.joined(separator: ", ") + "."
    }

    /// Which run it is: its id and what it was for.
    var title: String { "Run " + header.sentence.dropFirst("Plan ".count) }

    /// How it ended, when, how long it took, and whose run it was.
    var circumstances: String {
        var words = state == .neverStarted ? "never started" : state.rawValue
        if let startedAt { words += ", started \(startedAt)" }
        if let seconds { words += ", took \(seconds.inHoursAndMinutes)" }
        if let caller { words += ", by \(caller)" }
        return words
    }

    /// What somebody may want to do next.
    var nextSteps: [(what: String, command: String)] {
        guard state != .running else { return [] }
        let id = header.id.shellQuoted
        var steps: [(String, String)] = []
        if counts.failed + counts.inDoubt + counts.open > 0, state != .neverStarted {
            steps.append(("To resume", "ecr-share apply --resume \(id)"))
        }
        if counts.applied + counts.inDoubt > 0 { steps.append(("To undo", "ecr-share rollback \(id)")) }
        return steps
    }

    /// Failures with one cause together.
    var failureNotes: [PlanNotes.Note] {
        var notes = PlanNotes()
        for failure in failures {
            notes.add(
                Problem(repository: failure.repository, code: failure.code, message: failure.message),
                requestID: failure.requestID)
        }
        return notes.problems
    }
}

extension Int {
    /// A number of seconds as people say it: `42 s`, `3 min 5 s`, `2 h 10 min`.
    fileprivate var inHoursAndMinutes: String {
        switch self {
        case ..<60: "\(self) s"
        case ..<3_600: "\(self / 60) min \(self % 60) s"
        default: "\((self / 3_600).grouped) h \(self / 60 % 60) min"
        }
    }
}
