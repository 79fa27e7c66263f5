package import SharePlan

/// One run as a list of runs shows it, without its entries.
package struct RunListing: Hashable, Sendable {
    /// How far the run came.
    package enum Phase: Hashable, Sendable {
        /// It ended before its plan was archived, or before it was started; nothing was written.
        case neverStarted
        case running(process: Int)
        /// It was killed: resume it or roll it back.
        case unfinished
        case finished(RunEnding, RunCounts)
        /// Its files are damaged, or of another version; what is wrong with them, for a person.
        case unreadable(String)
    }

    package let id: RunID
    /// nil when the plan was not archived.
    package let header: PlanHeader?
    package let phase: Phase
    /// RFC 3339 with milliseconds; nil when the run never started.
    package let startedAt: String?
}

extension Archive {
    /// All runs, the newest first. An archive that is not there has none.
    package func runs() throws -> [RunListing] {
        let running = try lockHolder()
        return try runIDs().map { id in
            let run = ArchivedRun(id: id, folder: runsFolder.folder(id.text))
            do {
                return try listing(of: run, running: running)
            } catch let error as RolloutError {
                return RunListing(id: id, header: nil, phase: .unreadable(error.description), startedAt: nil)
            }
        }
    }

    private func listing(of run: ArchivedRun, running: LockHolder?) throws -> RunListing {
        let (first, last) = try run.outermostEvents()
        let phase: RunListing.Phase =
            if let running, running.run == run.id {
                .running(process: running.process)
            } else if case .finished(let ending, let counts)? = last?.event {
                .finished(ending, counts)
            } else {
                first == nil ? .neverStarted : .unfinished
            }
        return RunListing(id: run.id, header: try run.header(), phase: phase, startedAt: first?.time)
    }

    /// The run that `reference` means: `latest` for the newest one that has a plan, an id, or the start of one id only.
    ///
    /// - Throws: ``RolloutError``: `noRuns`, `noSuchRun`, `ambiguousRun`.
    package func run(_ reference: String) throws -> ArchivedRun {
        let ids = try runIDs()
        guard !ids.isEmpty else { throw RolloutError.noRuns(archive: folder.path) }
        if reference == "latest" {
            for id in ids {
                let run = ArchivedRun(id: id, folder: runsFolder.folder(id.text))
                if try run.header() != nil { return run }
            }
            throw RolloutError.noRuns(archive: folder.path)
        }
        let matches = reference.isEmpty ? [] : ids.filter { $0.text.hasPrefix(reference) }
        guard let id = matches.first else { throw RolloutError.noSuchRun(reference, archive: folder.path) }
        guard matches.count == 1 else { throw RolloutError.ambiguousRun(reference, matches.reversed()) }
        return ArchivedRun(id: id, folder: runsFolder.folder(id.text))
    }

    /// The newest rollback of `run` that was started.
    func rollback(of run: RunID) throws -> RunID? {
        for id in try runIDs() where id != run {
            let candidate = ArchivedRun(id: id, folder: runsFolder.folder(id.text))
            if try candidate.header()?.undoes == run.text, try candidate.outermostEvents().first != nil { return id }
        }
        return nil
    }

    /// The ids of all runs, the newest first.
    private func runIDs() throws(FileError) -> [RunID] {
        guard runsFolder.exists() else { return [] }
        return try runsFolder.names().compactMap { RunID($0) }.reversed()
    }

    /// Who holds the lock now.
    private func lockHolder() throws(FileError) -> LockHolder? {
        let file: OpenFile
        do throws(FileError) { file = try OpenFile(folder.path(of: "lock"), for: .reading) } catch {
            if error.isMissing { return nil }
            throw error
        }
        return try file.tryLock() ? nil : LockHolder(reading: file)
    }
}

extension ArchivedRun {
    /// The plan's header alone; nil when the plan was not archived.
    package func header() throws -> PlanHeader? {
        let path = folder.path(of: ArchivedRun.planName)
        let file: OpenFile
        do throws(FileError) { file = try OpenFile(path, for: .reading) } catch {
            if error.isMissing { return nil }
            throw error
        }
        var lines = LineReader(file)
        var reader = PlanReader()
        do {
            if let line = try lines.next() { _ = try reader.read(line.bytes) }
        } catch let error as PlanError {
            throw RolloutError.plan(path: path, error)
        }
        return reader.header
    }

    /// The journal's first and last whole line, read without those between.
    func outermostEvents() throws -> (first: JournalEntry?, last: JournalEntry?) {
        let path = folder.path(of: ArchivedRun.journalName)
        let file: OpenFile
        do throws(FileError) { file = try OpenFile(path, for: .reading) } catch {
            if error.isMissing { return (nil, nil) }
            throw error
        }
        var lines = LineReader(file)
        guard let first = try lines.next(), first.isTerminated else { return (nil, nil) }
        // The line that ends a run is short; a longer last line is none.
        let size = try file.size()
        let tail = try file.read(min(size, 4096), at: max(0, size - 4096))
        let last = tail.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast().last
        let firstEntry: JournalEntry
        do { firstEntry = try JournalEntry(decoding: first.bytes) } catch {
            throw RolloutError.damagedJournal(path: path, line: 1, reason: error.reason)
        }
        return (firstEntry, last.flatMap { try? JournalEntry(decoding: $0) })
    }
}
