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

    let run: RunRendering
    private let failures: [RepositoryID: RunRendering.Failure]
    private var inDoubt = PlanNotes()
    private var notStarted = PlanNotes()
    /// What was done, counted.
    private(set) var done = PlanSummary()

    init(_ run: RunRendering) {
        self.run = run
        failures = Dictionary(run.failures.map { ($0.repository, $0) }, uniquingKeysWith: { _, last in last })
    }

    /// Takes the next entry, in the plan's order, and returns what is true after the run: a change that was not done
    /// left its repository as it was.
    mutating func take(_ entry: PlanEntry) -> PlanEntry {
        guard case .change(let change) = entry else { return entry }
        let outcome = run.outcome(of: change.repository)
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
        if let failure = failures[repository] { return HTMLParts.note(code: failure.code, failure.message) }
        return run.remark(on: run.outcome(of: repository))
    }

    /// What was not done, the gravest first; none is empty.
    var sections: [Section] {
        [
            Section(title: "Not done", style: .loss, mark: "x", notes: run.failureNotes),
            Section(title: "Perhaps written", style: .warning, mark: "?", notes: inDoubt.warnings),
            Section(title: "Not started", style: .warning, mark: "o", notes: notStarted.warnings),
        ].filter { !$0.notes.isEmpty }
    }
}

extension RunRendering {
    /// What is said of a repository that was not done and has no failure of its own; nil for the others.
    fileprivate func remark(on outcome: ChangeOutcome) -> String? {
        switch outcome {
        case .written, .alreadyDone, .failed, .conflict: nil
        case .inDoubt:
            state == .running
                ? "the write is under way" : "the run ended before its write was answered; resume it to find out"
        case .notStarted: state == .running ? "nothing is written yet" : "nothing was written"
        }
    }
}
