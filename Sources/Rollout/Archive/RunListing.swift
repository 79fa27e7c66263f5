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
    package func runs() async throws -> [RunListing] {
        let running = try await lockHolder()
        return try await runIDs().concurrentMap { id in
            do {
                return try await listing(of: archivedRun(id), running: running)
            } catch let error where error is RolloutError || error is FileError {
                return RunListing(
                    id: id, header: nil, phase: .unreadable("\(error)"), counts: nil, startedAt: nil)
            }
        }
    }

    /// How many runs the archive has, and which of them holds it: what a look from outside needs.
    package func survey() async throws -> (runs: Int, holder: RunID?) {
        (try await runIDs().count, try await lockHolder()?.run)
    }

    private func listing(of run: ArchivedRun, running: LockHolder?) async throws -> RunListing {
        let header = try await run.header()
        let (started, last) = try await journals.outermostEvents(of: run.id)
        var counts: RunCounts?
        let phase: RunPhase
        if let running, running.run == run.id, let process = running.process {
            phase = .running(process: process)
        } else if header == nil {
            phase = .neverStarted
        } else if case .finished(let ending, let counted)? = last?.event {
            phase = .finished(ending)
            counts = counted
        } else {
            phase = try await self.phase(ofUnfinished: run)
        }
        return RunListing(id: run.id, header: header, phase: phase, counts: counts, startedAt: started?.time)
    }

    /// How far one run came.
    func phase(of run: ArchivedRun) async throws -> RunPhase {
        try await listing(of: run, running: lockHolder()).phase
    }

    /// What can be done about a run without an end depends on every line of its journal.
    private func phase(ofUnfinished run: ArchivedRun) async throws -> RunPhase {
        let journal = try await run.journal()
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
    package func run(_ reference: String, latest: Latest = .started) async throws -> ArchivedRun {
        let ids = try await runIDs()
        guard !ids.isEmpty else { throw RolloutError.noRuns(archive: absoluteLocation) }
        if reference == "latest" { return try await self.latest(latest, of: ids).run }
        let matches = reference.isEmpty ? [] : ids.filter { $0.text.hasPrefix(reference) }
        guard let id = matches.first else { throw RolloutError.noSuchRun(reference, archive: location) }
        guard matches.count == 1 else { throw RolloutError.ambiguousRun(reference, matches.reversed()) }
        return archivedRun(id)
    }

    /// The same run with its plan, checked from its first line to its digest.
    package func open(
        _ reference: String, latest: Latest = .started
    ) async throws -> (run: ArchivedRun, plan: PlanFile) {
        if reference == "latest" { return try await self.latest(latest, of: try await runIDs()) }
        let run = try await run(reference)
        return (run, try await run.plan())
    }

    private func latest(_ latest: Latest, of ids: [RunID]) async throws -> (run: ArchivedRun, plan: PlanFile) {
        var hasRollback = false
        for id in ids {
            let run = archivedRun(id)
            do {
                guard let header = try await run.header() else { continue }
                if latest == .toUndo, header.operation == .rollback {
                    hasRollback = true
                    continue
                }
                return (run, try await run.plan())
            } catch let error as CancellationError { throw error } catch {
                passOver(id, error)
            }
        }
        throw hasRollback
            ? RolloutError.onlyRollbacks(archive: location) : RolloutError.noRuns(archive: absoluteLocation)
    }

    /// The newest rollback of `run` that was started, or may have been.
    func rollback(of run: RunID) async throws -> RunID? {
        let others = try await runIDs().filter { $0 != run }
        let headers = try await others.concurrentResults { try await archivedRun($0).header() }
        for (id, header) in zip(others, headers) {
            do {
                guard try header.get()?.undoes == run.text else { continue }
            } catch {
                passOver(id, error)
                continue
            }
            // One whose journal is lost or damaged may have written.
            guard let journal = try? await archivedRun(id).journal(), journal.condition == .whole else { return id }
            if journal.state.startedAt != nil { return id }
        }
        return nil
    }

    /// Says that a run is left out of what the archive reports.
    func passOver(_ run: RunID, _ error: any Error) {
        warn("run \(run) cannot be read and is skipped: \(error)")
    }

    func archivedRun(_ id: RunID) -> ArchivedRun { ArchivedRun(id: id, archive: self) }

    /// The ids of all runs, the newest first.
    func runIDs() async throws -> [RunID] {
        try await store.list(Archive.runsName).compactMap { RunID($0.name) }.reversed()
    }
}
