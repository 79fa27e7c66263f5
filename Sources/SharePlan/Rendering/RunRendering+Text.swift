extension RunRendering {
    /// The report for a terminal or a log: the head, failures grouped by equal code and message, what to do next and one
    /// summary line.
    package func text(_ options: TextOptions = TextOptions()) -> String {
        var page = PlanPage(options: options)
        if options.verbosity != .quiet {
            page.heading("Run " + header.sentence.dropFirst("Plan ".count), .strong)
            var when = "\(state.rawValue), started \(startedAt)"
            if let seconds { when += ", took \(seconds.inHoursAndMinutes)" }
            if let caller { when += ", by \(caller)" }
            page.paragraph(when)
            page.notes("Not done", .loss, mark: "x", failureNotes)
            if state == .interrupted {
                page.heading("Next: ecr-share apply --resume \(header.id.shellQuoted)", .strong)
            } else if counts.applied > 0, state != .running {
                page.heading("To undo: ecr-share rollback \(header.id.shellQuoted)", .strong)
            }
        }
        page.last(sentence)
        return page.text
    }

    /// The run in one line, such as `Run: 20 of 24 repositories written, 1 already done, 2 failed, 1 conflict.`
    package var sentence: String {
        var parts = ["\(counts.applied.grouped) of \(counts.planned.repositories) written"]
        if counts.alreadyDone > 0 { parts.append("\(counts.alreadyDone.grouped) already done") }
        if counts.failed > 0 { parts.append("\(counts.failed.grouped) failed") }
        if counts.conflicts > 0 { parts.append(counts.conflicts.counting("conflict", "conflicts")) }
        if counts.skipped > 0 { parts.append("\(counts.skipped.grouped) skipped") }
        if counts.open > 0 { parts.append("\(counts.open.grouped) not started") }
        return "Run: " + parts.joined(separator: ", ") + "."
    }

    /// Equal failures together; request ids, which all differ, are told where a failure stands alone.
    private var failureNotes: [PlanGroups.Note] {
        var groups = PlanGroups()
        var ids: [String: Set<String>] = [:]
        for failure in failures {
            if let id = failure.requestID { ids[failure.code + failure.message, default: []].insert(id) }
        }
        for failure in failures {
            var message = failure.message
            if let id = failure.requestID, ids[failure.code + failure.message]?.count == 1 {
                message += " (request \(id))"
            }
            groups.add(.problem(Problem(repository: failure.repository, code: failure.code, message: message)))
        }
        return groups.problems
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
