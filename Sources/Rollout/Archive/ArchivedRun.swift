package import SharePlan

/// One run in an archive.
package struct ArchivedRun: Sendable {
    package let id: RunID
    let archive: Archive

    static let planName = "plan.jsonl"

    /// The folder of a run in the archive.
    static func folderName(of run: RunID) -> String { "\(Archive.runsName)/\(run)" }

    /// The name of an object of a run.
    static func name(of name: String, in run: RunID) -> String { "\(folderName(of: run))/\(name)" }

    private func name(of name: String) -> String { ArchivedRun.name(of: name, in: id) }

    /// Where it is, for messages.
    package var location: String { archive.store.location(of: ArchivedRun.folderName(of: id)) }

    /// The plan that the run executes, checked from its first line to its digest. `visit` sees every entry on the way.
    package func plan(visiting visit: (PlanEntry) throws -> Void = { _ in }) async throws -> PlanFile {
        guard let file = try await archive.store.open(name(of: ArchivedRun.planName)) else {
            try await requireNoPlan()
            throw RolloutError.neverBegan(id)
        }
        return try PlanFile(opening: file, visiting: visit)
    }

    /// Makes sure that a run without a plan ended before it had one.
    ///
    /// - Throws: ``RolloutError/lostPlan(_:)`` when the journal records that the run began; ``FileError``.
    private func requireNoPlan() async throws {
        let journal = try await journal()
        switch journal.condition {
        case .missing: return
        case .whole where journal.state.startedAt == nil: return
        case .whole, .damaged: throw RolloutError.lostPlan(id)
        }
    }

    /// How much of a plan is read first for its header; most headers are shorter.
    private static let headerPiece = 1 << 16
    /// A longer line is no header.
    private static let mostOfHeader = 64 << 20

    /// The plan's header alone; nil when the plan was not archived.
    package func header() async throws -> PlanHeader? {
        let name = name(of: ArchivedRun.planName)
        var bytes: [UInt8] = []
        while true {
            let count = max(ArchivedRun.headerPiece, bytes.count)
            guard let part = try await archive.store.read(name, count, at: bytes.count) else {
                try await requireNoPlan()
                return nil
            }
            let end = part.bytes.firstIndex(of: UInt8(ascii: "\n"))
            bytes.append(contentsOf: part.bytes[..<(end ?? part.bytes.count)])
            if end != nil || part.bytes.isEmpty || bytes.count >= min(part.size, ArchivedRun.mostOfHeader) { break }
        }
        var reader = PlanReader()
        do throws(PlanError) {
            if !bytes.isEmpty { _ = try reader.read(bytes[...]) }
        } catch {
            throw RolloutError.plan(path: archive.store.location(of: name), error)
        }
        guard let header = reader.header else { throw RolloutError.lostPlan(id) }
        return header
    }

    /// What the journal records, as far as it can be read.
    package func journal() async throws -> JournalRecord { try await archive.journals.read(id) }

    /// What the journal records.
    ///
    /// - Throws: ``RolloutError/noJournal(_:)`` when it is missing or empty: then it records nothing, which is not the
    ///   same as that nothing was written. ``RolloutError/damagedJournal(path:line:reason:)``; ``FileError``.
    package func state() async throws -> RunState {
        let journal = try await journal()
        switch journal.condition {
        case .whole: return journal.state
        case .missing: throw RolloutError.noJournal(id)
        case .damaged(let line, let reason): throw damagedJournal(line: line, reason: reason)
        }
    }

    func damagedJournal(line: Int, reason: String) -> RolloutError {
        .damagedJournal(path: archive.journals.location(of: id), line: line, reason: reason)
    }

    /// The size of the journal in bytes; 0 when there is none.
    func journalSize() async throws -> Int { try await archive.journals.size(of: id) }

    /// Opens the journal to continue it. When this returns, nothing writes to it any more. `before` is what it records
    /// already, for a body that asks for ``Journal/runState``.
    func withJournal<Result>(
        before: RunState = RunState(), clock: RunClock, _ body: (Journal) async throws -> Result
    ) async throws -> Result {
        let journal = Journal(try await archive.journals.open(id, clock), before: before, clock: clock)
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
