import AWSValues
import Platform
import SharePlan

/// Journals as one file each, `runs/RUN/journal.jsonl` in the archive's folder, which one process at a time appends to.
struct FileJournals: RunJournals {
    let store: FolderStore

    private static func name(of run: RunID) -> String { ArchivedRun.name(of: "journal.jsonl", in: run) }

    private func folder(of run: RunID) -> Folder { store.folder.folder(ArchivedRun.folderName(of: run)) }

    func location(of run: RunID) -> String { store.location(of: FileJournals.name(of: run)) }

    func create(for run: RunID, at time: Timestamp, _ clock: RunClock) async throws {
        let runs = store.folder.folder(Archive.runsName)
        try runs.make()
        try runs.requireOurs()
        try folder(of: run).makeNew()
        var line: [UInt8] = []
        JournalEntry(time: time.rfc3339Milliseconds, event: .created(run)).append(to: &line)
        guard case .created = try await store.create(FileJournals.name(of: run), line) else {
            throw FileError(operation: "create", path: location(of: run), number: EEXIST)
        }
        try runs.sync()
    }

    func discard(_ run: RunID, _ clock: RunClock) async {
        for name in [ArchivedRun.planName, "journal.jsonl"] { folder(of: run).remove(name) }
        folder(of: run).removeEmpty()
    }

    func open(_ run: RunID, _ clock: RunClock) async throws -> any JournalLog {
        let log = try FileLog(location(of: run), clock: clock)
        try folder(of: run).sync()
        return log
    }

    /// Whoever had it open held the lock, which a dead process does not.
    func seal(_ run: RunID, _ clock: RunClock) async throws {}

    func read(_ run: RunID) async throws -> JournalRecord {
        guard let file = try await store.open(FileJournals.name(of: run)) else {
            return JournalRecord(state: RunState(), condition: .missing)
        }
        return try JournalRecord(reading: file, of: run)
    }

    func outermostEvents(of run: RunID) async throws -> (started: JournalEntry?, last: JournalEntry?) {
        guard let file = try await store.open(FileJournals.name(of: run)) else { return (nil, nil) }
        var lines = LineReader(file)
        guard let first = try lines.next(), first.isTerminated else { return (nil, nil) }
        let second = try lines.next()
        // The line that ends a run is short; a longer last line is none.
        let size = try file.size()
        let tail = try file.read(min(size, 4096), at: max(0, size - 4096))
        let last = tail.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast().last
        do { try JournalEntry(decoding: first.bytes).requireBeginning(of: run) } catch {
            throw RolloutError.damagedJournal(path: location(of: run), line: 1, reason: error.reason)
        }
        return (
            second.flatMap { $0.isTerminated ? try? JournalEntry(decoding: $0.bytes) : nil },
            last.flatMap { try? JournalEntry(decoding: $0) }
        )
    }

    func size(of run: RunID) async throws -> Int { try await store.open(FileJournals.name(of: run))?.size() ?? 0 }
}
