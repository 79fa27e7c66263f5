package import SharePlan

/// One run in an archive.
package struct ArchivedRun: Hashable, Sendable {
    package let id: RunID
    /// `ARCHIVE/runs/ID`.
    package let folder: Folder

    static let planName = "plan.jsonl"
    static let journalName = "journal.jsonl"

    /// The plan that the run executes, checked from its first line to its digest. `visit` sees every entry on the way.
    package func plan(visiting visit: (PlanEntry) throws -> Void = { _ in }) throws -> PlanFile {
        guard let file = try openPlan() else { throw RolloutError.neverBegan(id) }
        return try PlanFile(opening: file, visiting: visit)
    }

    /// The plan's file; nil when the run ended before it was there.
    ///
    /// - Throws: ``RolloutError/lostPlan(_:)`` when the journal tells of a run that began; ``FileError``.
    func openPlan() throws -> OpenFile? {
        if let file = try open(ArchivedRun.planName) { return file }
        if try open(ArchivedRun.journalName)?.size() ?? 0 > 0 { throw RolloutError.lostPlan(id) }
        return nil
    }

    /// What the journal tells; an empty state when there is none, see ``journal()``.
    ///
    /// - Throws: ``RolloutError/damagedJournal(path:line:reason:)``; ``FileError``.
    package func state() throws -> RunState {
        let record = try journal()
        if case .damaged(let line, let reason) = record.condition {
            throw RolloutError.damagedJournal(
                path: folder.path(of: ArchivedRun.journalName), line: line, reason: reason)
        }
        return record.state
    }

    /// Opens a file of the run for reading; nil when it is not there.
    func open(_ name: String) throws -> OpenFile? {
        do {
            try folder.requireOurs()
            return try OpenFile(folder.path(of: name), for: .reading, isOurs: true)
        } catch let error as FileError {
            guard error.isMissing else { throw error }
            return nil
        }
    }

    /// The size of the journal in bytes; 0 when there is none.
    func journalSize() throws -> Int { try open(ArchivedRun.journalName)?.size() ?? 0 }

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
