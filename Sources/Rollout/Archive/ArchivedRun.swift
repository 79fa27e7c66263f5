import AWSValues
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
    /// - Throws: ``RolloutError/lostPlan(_:)`` when the journal records that the run began; ``FileError``.
    func openPlan() throws -> OpenFile? {
        if let file = try open(ArchivedRun.planName) { return file }
        let journal = try journal()
        switch journal.condition {
        case .missing: return nil
        case .whole where journal.state.startedAt == nil: return nil
        case .whole, .damaged: throw RolloutError.lostPlan(id)
        }
    }

    /// What the journal records.
    ///
    /// - Throws: ``RolloutError/noJournal(_:)`` when it is missing or empty: then it records nothing, which is not the
    ///   same as that nothing was written. ``RolloutError/damagedJournal(path:line:reason:)``; ``FileError``.
    package func state() throws -> RunState {
        let journal = try journal()
        switch journal.condition {
        case .whole: return journal.state
        case .missing: throw RolloutError.noJournal(id)
        case .damaged(let line, let reason): throw damagedJournal(line: line, reason: reason)
        }
    }

    func damagedJournal(line: Int, reason: String) -> RolloutError {
        .damagedJournal(path: folder.path(of: ArchivedRun.journalName), line: line, reason: reason)
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

    /// Makes the journal, with its first line. When this returns, that is on disk.
    func createJournal(at time: Timestamp) throws(FileError) {
        let file = try OpenFile(folder.path(of: ArchivedRun.journalName), for: .creating)
        var line: [UInt8] = []
        JournalEntry(time: time.rfc3339Milliseconds, event: .created(id)).append(to: &line)
        try file.write(line, at: 0)
        try file.sync()
    }

    /// The size of the journal in bytes; 0 when there is none.
    func journalSize() throws -> Int { try open(ArchivedRun.journalName)?.size() ?? 0 }

    /// Opens the journal to continue it. When this returns, nothing writes to it any more. `before` is what it records
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
