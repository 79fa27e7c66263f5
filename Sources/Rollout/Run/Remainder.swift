import AWSValues
import SharePlan

/// What is to be done of a run: of a new one all, of one that is resumed what is left.
struct Remainder {
    /// The run's plan with only the changes that are left.
    let plan: PlanFile
    /// The changes that the journal knows to be as planned.
    let done: [RepositoryID]
    /// The changes that are left to a later run that wrote the repository. Those of a new run are still looked at.
    let leftToLaterRuns: [RepositoryID: RunID]
    /// What the run's journal recorded before; nil for a new run.
    let journal: JournalRecord?

    /// All of a new run's plan; `later` are the runs that wrote something of it since it was planned.
    init(of plan: PlanFile, leaving later: [RepositoryID: RunID] = [:]) {
        self.plan = plan
        done = []
        leftToLaterRuns = later
        journal = nil
    }

    /// - Throws: ``RolloutError/isComplete(_:)`` when every change is done,
    ///   ``RolloutError/nothingToResume(_:leftTo:repositories:)`` when those that are not are left to later runs.
    init(of run: ArchivedRun, _ plan: PlanFile, _ journal: JournalRecord, in archive: Archive) async throws {
        let changes = plan.slots.filter { $0.kind == .change }
        let done = changes.map(\.repository).filter { journal.state.repositories[$0]?.isDone ?? false }
        let known = Set(done)
        let undone = Set(changes.map(\.repository)).subtracting(known)
        guard !undone.isEmpty else { throw RolloutError.isComplete(run.id) }
        // What was written since a rollback was planned is not its to undo, be it written before the rollback began.
        let newest = plan.header.newestRun.flatMap { RunID($0) } ?? run.id
        let later = try await archive.laterWriters(of: undone, after: newest, but: run.id)
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
