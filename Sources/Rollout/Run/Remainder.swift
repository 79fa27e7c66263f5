import SharePlan

/// What is left to do of a run that is resumed.
struct Remainder {
    /// The run's plan with only the changes that are left.
    let plan: PlanFile
    /// The changes that the journal knows to be as planned.
    let done: [RepositoryID]
    /// The changes that are not done, and left to a later run that wrote the repository.
    let leftToLaterRuns: [RepositoryID: RunID]
    /// What the run's journal recorded before.
    let journal: JournalRecord

    /// - Throws: ``RolloutError/isComplete(_:)`` when every change is done,
    ///   ``RolloutError/nothingToResume(_:leftTo:repositories:)`` when those that are not are left to later runs.
    init(of run: ArchivedRun, _ plan: PlanFile, _ journal: JournalRecord, in archive: Archive) throws {
        let changes = plan.slots.filter { $0.kind == .change }
        let done = changes.map(\.repository).filter { journal.state.repositories[$0]?.isDone ?? false }
        let known = Set(done)
        let undone = Set(changes.map(\.repository)).subtracting(known)
        guard !undone.isEmpty else { throw RolloutError.isComplete(run.id) }
        let later = try archive.laterWriters(of: undone, after: run.id)
        guard later.count < undone.count else {
            throw RolloutError.nothingToResume(
                run.id, leftTo: Set(later.values).sorted(), repositories: later.count)
        }
        self.plan = plan.narrowed(
            to: plan.slots.filter { !known.contains($0.repository) && later[$0.repository] == nil })
        self.done = done
        leftToLaterRuns = later
        self.journal = journal
    }
}

extension RunState.Repository {
    /// Whether the policy was seen to be as planned, the last time that the run came to it.
    fileprivate var isDone: Bool {
        switch last {
        case .verified, .skipped: true
        default: false
        }
    }
}
