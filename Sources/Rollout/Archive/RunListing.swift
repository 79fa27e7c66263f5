package import SharePlan

/// One run as a list of runs shows it, without its entries.
package struct RunListing: Hashable, Sendable {
    package let id: RunID
    /// nil when the plan was not archived.
    package let header: PlanHeader?
    package let phase: RunPhase
    /// What the last attempt came to; nil when it did not come to its end.
    package let counts: RunCounts?
    /// RFC 3339 with milliseconds; nil when the run never started.
    package let startedAt: String?
}

extension Archive {
    /// Which run `latest` means.
    package enum Latest: Hashable, Sendable {
        /// The one that was started last.
        case started
        /// The one that was started last and is not a rollback: a rollback is undone by its id.
        case toUndo
    }

    /// All runs, the one that was started last first. An archive that is not there has none.
    package func runs() throws -> [RunListing] {
        let running = try lockHolder()
        return try runIDs().map { id in
            do {
                return try listing(of: archivedRun(id), running: running)
            } catch let error where error is RolloutError || error is FileError {
                return RunListing(
                    id: id, header: nil, phase: .unreadable("\(error)"), counts: nil, startedAt: nil)
            }
        }
    }

    private func listing(of run: ArchivedRun, running: LockHolder?) throws -> RunListing {
        let header = try run.header()
        let (started, last) = try run.outermostEvents()
        var counts: RunCounts?
        let phase: RunPhase
        if let running, running.run == run.id {
            phase = .running(process: running.process)
        } else if header == nil {
            phase = .neverStarted
        } else if case .finished(let ending, let counted)? = last?.event {
            phase = .finished(ending)
            counts = counted
        } else {
            phase = try self.phase(ofUnfinished: run)
        }
        return RunListing(id: run.id, header: header, phase: phase, counts: counts, startedAt: started?.time)
    }

    /// How far one run came.
    func phase(of run: ArchivedRun) throws -> RunPhase { try listing(of: run, running: lockHolder()).phase }

    /// What can be done about a run without an end depends on every line of its journal.
    private func phase(ofUnfinished run: ArchivedRun) throws -> RunPhase {
        let journal = try run.journal()
        switch journal.condition {
        case .missing: return .unreadable("its journal is missing or empty, so what it wrote is unknown")
        case .damaged(let line, let reason): throw run.damagedJournal(line: line, reason: reason)
        case .whole: return journal.state.startedAt == nil ? .neverStarted : .unfinished
        }
    }

    /// The run that `reference` means: `latest`, an id, or the start of one id only.
    ///
    /// `latest` passes over runs that never had a plan, and over those that cannot be read, with a warning.
    /// - Throws: ``RolloutError``: `noRuns`, `onlyRollbacks`, `noSuchRun`, `ambiguousRun`, `notOurs`.
    package func run(_ reference: String, latest: Latest = .started) throws -> ArchivedRun {
        let ids = try runIDs()
        guard !ids.isEmpty else { throw RolloutError.noRuns(archive: folder.path) }
        if reference == "latest" { return try self.latest(latest, of: ids).run }
        let matches = reference.isEmpty ? [] : ids.filter { $0.text.hasPrefix(reference) }
        guard let id = matches.first else { throw RolloutError.noSuchRun(reference, archive: folder.path) }
        guard matches.count == 1 else { throw RolloutError.ambiguousRun(reference, matches.reversed()) }
        return archivedRun(id)
    }

    /// The same run with its plan, checked from its first line to its digest.
    package func open(_ reference: String, latest: Latest = .started) throws -> (run: ArchivedRun, plan: PlanFile) {
        if reference == "latest" { return try self.latest(latest, of: try runIDs()) }
        let run = try run(reference)
        return (run, try run.plan())
    }

    private func latest(_ latest: Latest, of ids: [RunID]) throws -> (run: ArchivedRun, plan: PlanFile) {
        var hasRollback = false
        for id in ids {
            let run = archivedRun(id)
            do {
                guard let header = try run.header() else { continue }
                if latest == .toUndo, header.operation == .rollback {
                    hasRollback = true
                    continue
                }
                return (run, try run.plan())
            } catch {
                passOver(id, error)
            }
        }
        throw hasRollback
            ? RolloutError.onlyRollbacks(archive: folder.path) : RolloutError.noRuns(archive: folder.path)
    }

    /// The newest rollback of `run` that was started, or may have been.
    func rollback(of run: RunID) throws -> RunID? {
        try runIDs().first { id in
            guard id != run else { return false }
            let candidate = archivedRun(id)
            do {
                guard try candidate.header()?.undoes == run.text else { return false }
            } catch {
                passOver(id, error)
                return false
            }
            // One whose journal is lost or damaged may have written.
            guard let journal = try? candidate.journal(), journal.condition == .whole else { return true }
            return journal.state.startedAt != nil
        }
    }

    /// Says that a run is left out of what the archive reports.
    func passOver(_ run: RunID, _ error: any Error) {
        warn("run \(run) cannot be read and is skipped: \(error)")
    }

    func archivedRun(_ id: RunID) -> ArchivedRun {
        ArchivedRun(id: id, folder: runsFolder.folder(id.text))
    }

    /// The ids of all runs, the newest first.
    func runIDs() throws -> [RunID] {
        do {
            let names = try runsFolder.names()
            try folder.requireOurs(mayBeLink: true)
            try runsFolder.requireOurs()
            return names.compactMap { RunID($0) }.reversed()
        } catch let error as FileError {
            guard error.isMissing else { throw error }
            return []
        }
    }

    /// Who holds the lock now.
    func lockHolder() throws(FileError) -> LockHolder? {
        let file: OpenFile
        do throws(FileError) { file = try OpenFile(folder.path(of: "lock"), for: .reading, isOurs: true) } catch {
            if error.isMissing { return nil }
            throw error
        }
        return try file.tryLock() ? nil : LockHolder(reading: file)
    }
}

extension ArchivedRun {
    /// The plan's header alone; nil when the plan was not archived.
    package func header() throws -> PlanHeader? {
        guard let file = try openPlan() else { return nil }
        var lines = LineReader(file)
        var reader = PlanReader()
        do {
            if let line = try lines.next() { _ = try reader.read(line.bytes) }
        } catch let error as PlanError {
            throw RolloutError.plan(path: file.path, error)
        }
        guard let header = reader.header else { throw RolloutError.lostPlan(id) }
        return header
    }

    /// The first start of the run and the journal's last whole line, read without what is between; nil where the
    /// journal does not have them.
    ///
    /// - Throws: ``RolloutError/damagedJournal(path:line:reason:)``; ``FileError``.
    fileprivate func outermostEvents() throws -> (started: JournalEntry?, last: JournalEntry?) {
        guard let file = try open(ArchivedRun.journalName) else { return (nil, nil) }
        var lines = LineReader(file)
        guard let first = try lines.next(), first.isTerminated else { return (nil, nil) }
        let second = try lines.next()
        // The line that ends a run is short; a longer last line is none.
        let size = try file.size()
        let tail = try file.read(min(size, 4096), at: max(0, size - 4096))
        let last = tail.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast().last
        do { try JournalEntry(decoding: first.bytes).requireBeginning(of: id) } catch {
            throw damagedJournal(line: 1, reason: error.reason)
        }
        return (
            second.flatMap { $0.isTerminated ? try? JournalEntry(decoding: $0.bytes) : nil },
            last.flatMap { try? JournalEntry(decoding: $0) }
        )
    }
}
