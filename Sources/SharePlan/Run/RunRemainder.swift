import AWSValues

/// What a run did not do, gathered for people while its plan is read.
///
/// A report says of each change what came of it, not what was planned: only what was done is a change to its groups.
struct RunRemainder: Sendable {
    /// Repositories that were not done for one kind of cause.
    struct Section: Sendable {
        let title: String
        let style: TextLayout.Style
        let mark: String
        let notes: [PlanNotes.Note]
    }

    let run: RunReport
    private var inDoubt = PlanNotes()
    private var notStarted = PlanNotes()
    /// What was done, counted.
    private(set) var done = PlanSummary()

    init(_ run: RunReport) {
        self.run = run
    }

    /// Takes the next entry, in the plan's order, and returns what is true after the run: a change that was not done
    /// left its repository as it was.
    mutating func take(_ entry: PlanEntry) -> PlanEntry {
        guard case .change(let change) = entry else { return entry }
        let outcome = run.outcome(of: change.repository).kind
        if outcome.isDone {
            done.count(entry)
            return entry
        }
        if let remark = run.remark(on: outcome) {
            if outcome == .inDoubt {
                inDoubt.add(warning: remark, of: change.repository)
            } else {
                notStarted.add(warning: remark, of: change.repository)
            }
        }
        return .unchanged(Unchanged(repository: change.repository, warnings: change.warnings))
    }

    /// Why a repository was not done, as the rows of the page have it; nil when it was.
    func cause(_ repository: RepositoryID) -> String? {
        let outcome = run.outcome(of: repository)
        if let cause = outcome.cause { return HTMLParts.note(code: cause.code, cause.message) }
        return run.remark(on: outcome.kind)
    }

    /// What was not done, the gravest first; none is empty.
    var sections: [Section] {
        [
            Section(title: "Not done", style: .loss, mark: "x", notes: run.causes(of: [.failed, .conflict])),
            Section(title: "Perhaps written", style: .warning, mark: "?", notes: inDoubt.warnings),
            Section(title: "Not started", style: .warning, mark: "o", notes: notStarted.warnings),
        ].filter { !$0.notes.isEmpty }
    }
}

extension RunReport {
    /// What is said of a repository that was not done and has no failure of its own; nil for the others.
    fileprivate func remark(on outcome: RunOutcome.Kind) -> String? {
        switch outcome {
        case .written, .alreadyDone, .failed, .conflict: nil
        case .inDoubt:
            isRunning
                ? "the write is under way" : "the run ended before its write was answered; resume it to find out"
        case .notStarted: isRunning ? "nothing is written yet" : "nothing was written"
        }
    }
}
