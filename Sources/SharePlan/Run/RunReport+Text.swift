extension RunReport {
    /// Writes the report's head for a terminal or a log.
    func writeHead(to page: inout PlanPage) {
        page.heading(title, .strong)
        page.paragraph(circumstances)
    }

    /// Writes what to do next.
    func writeNextSteps(to page: inout PlanPage) {
        for (index, step) in nextSteps().enumerated() {
            if index == 0 { page.heading(step.line, .strong) } else { page.paragraph(step.line) }
        }
    }

    /// The run in one line, such as `Run: 20 of 24 repositories written, 1 done already, 2 failed, 1 conflict.`
    var sentence: String { "Run: \(counts[.written].grouped) of \(counts.planned.repositories) written\(others())." }

    /// The same right after the run, such as `Run RUN: 20 repositories written, 1 done already, 3 unchanged.`
    package var closingSentence: String {
        "Run \(header.id): \(counts[.written].repositories) written\(others(unchanged: summary.unchanged))."
    }

    private func others(unchanged: Int = 0) -> String {
        counts.others(unchanged: unchanged, edited: outcomes([.conflict]).count { $0.outcome.written == .yes })
    }

    /// Which run it is: its id and what it was for.
    var title: String { "Run " + header.sentence.dropFirst("Plan ".count) }

    /// How it ended, when, how long it took, and whose run it was.
    var circumstances: String {
        var words = phase.words
        if let startedAt { words += ", started \(startedAt)" }
        if let seconds { words += ", took \(seconds.inHoursAndMinutes)" }
        if let caller { words += ", by \(caller)" }
        return words
    }

    /// What somebody may want to do next. `archive` is what a command needs to find the archive again, such as
    /// ` --archive team`; empty for the default one.
    package func nextSteps(archive: String = "") -> [RunStep] {
        let resume =
            switch phase {
            case .neverStarted, .running, .unreadable: nil as String?
            case .unfinished, .finished(.interrupted): "To resume"
            case .finished(.tooManyFailures): "Stopped after too many failures. Fix the cause, then resume with"
            case .finished(.canaryFailed): "A canary failed, so the others were not started. To resume"
            case .finished(.completed): counts[.failed] > 0 ? "To try the failed ones again" : nil
            }
        let undoes = mayHaveWritten && !isRunning
        return [
            resume.map { RunStep.resume(header.id, archive: archive, $0) },
            undoes ? RunStep.undo(header.id, archive: archive) : nil,
        ].compactMap(\.self)
    }

    /// Failures and conflicts, those with one cause together.
    package func causes(of kinds: Set<RunOutcome.Kind>) -> [PlanNotes.Note] {
        var notes = PlanNotes()
        for (repository, outcome) in outcomes(kinds) {
            guard let cause = outcome.cause else { continue }
            notes.add(
                Problem(repository: repository, code: cause.code, message: cause.message), requestID: cause.requestID)
        }
        return notes.problems
    }
}

/// What can be done about a run, and the command that does it.
package struct RunStep: Hashable, Sendable {
    let what: String
    let command: String

    /// The command ends the line, so that it can be copied.
    package var line: String { "\(what): \(command)" }

    package static func resume(_ run: String, archive: String, _ what: String = "To resume") -> RunStep {
        RunStep(what: what, command: "ecr-share apply --resume \(run.shellQuoted)\(archive)")
    }

    package static func undo(_ run: String, archive: String) -> RunStep {
        RunStep(what: "To undo", command: "ecr-share rollback \(run.shellQuoted)\(archive)")
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
