/// One run in an archive.
package struct ArchivedRun: Hashable, Sendable {
    package let id: RunID
    /// `ARCHIVE/runs/ID`.
    package let folder: Folder

    static let planName = "plan.jsonl"
    static let journalName = "journal.jsonl"

    /// The plan that the run executes, checked from its first line to its digest.
    package func plan() throws -> PlanFile {
        do { return try PlanFile(opening: folder.path(of: ArchivedRun.planName)) } catch let error as FileError {
            guard error.isMissing else { throw error }
            throw RolloutError.neverBegan(id)
        }
    }

    /// What the journal tells; an empty state when the run never started.
    package func state() throws -> RunState {
        do { return try RunState(reading: folder.path(of: ArchivedRun.journalName)) } catch let error as FileError {
            guard error.isMissing else { throw error }
            return RunState()
        }
    }

    /// Opens the journal to be gone on with. When this returns, nothing writes to it any more. `before` is what it tells
    /// already, for a body that asks for ``Journal/runState``.
    func withJournal<Result>(
        before: RunState = RunState(), clock: RunClock, _ body: (Journal) async throws -> Result
    ) async throws -> Result {
        let journal = try Journal(folder.path(of: ArchivedRun.journalName), before: before, clock: clock)
        try folder.sync()
        do {
            let result = try await body(journal)
            await journal.drain()
            return result
        } catch {
            await journal.drain()
            throw error
        }
    }
}
