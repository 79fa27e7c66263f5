package import AWSValues
import SharePlan

extension Archive {
    /// The repositories that runs with a Sid prefix wrote, or may have written, and the runs that cannot be read, the
    /// latest first, each with the reason and what to do.
    ///
    /// The journals alone tell it, where they can be read; the runs' plans stay unread.
    /// - Throws: ``FileError`` or ``RolloutError`` when the archive cannot be read.
    package func repositoriesWritten(
        withSidPrefix prefix: String
    ) async throws -> (repositories: Set<RepositoryID>, unreadable: [(run: RunID, reason: String)]) {
        var repositories: Set<RepositoryID> = []
        var unreadable: [(run: RunID, reason: String)] = []
        let ids = try await runIDs()
        let results = try await ids.concurrentResults { id in
            let run = archivedRun(id)
            guard try await run.header()?.sidPrefix == prefix else { return [RepositoryID]() }
            return try await run.repositoriesPerhapsWritten(trusting: .ended)
        }
        for (id, result) in zip(ids, results) {
            do { repositories.formUnion(try result.get()) } catch { unreadable.append((id, "\(error)")) }
        }
        return (repositories, unreadable)
    }

    /// Which run wrote, or may have written, each of some repositories last since `run` was started; those that none
    /// wrote are left out.
    ///
    /// A run whose journal is lost or damaged may have written whatever it planned. One whose plan cannot be read is
    /// passed over, with a warning. `own` is left out.
    func laterWriters(
        of repositories: Set<RepositoryID>, after run: RunID, but own: RunID? = nil
    ) async throws -> [RepositoryID: RunID] {
        var writers: [RepositoryID: RunID] = [:]
        let ids = try await runIDs().prefix { $0 > run }.filter { $0 != own }
        let results = try await ids.concurrentResults { id in
            try await archivedRun(id).repositoriesPerhapsWritten(trusting: .whole).filter(repositories.contains)
        }
        for (id, result) in zip(ids, results) {
            do {
                for repository in try result.get() { writers[repository] = writers[repository] ?? id }
            } catch {
                passOver(id, error)
            }
        }
        return writers
    }
}

extension Archive {
    /// The bytes of the journals of the runs that were started from `first` to `last`; one that cannot be opened has
    /// none.
    func journalSize(from first: RunID, to last: RunID) async throws -> Int {
        try await runIDs().filter { first <= $0 && $0 <= last }
            .concurrentResults { try await archivedRun($0).journalSize() }
            .reduce(0) { $0 + ((try? $1.get()) ?? 0) }
    }

    /// The repositories with entries of one kind in a rollback's plan that were written by runs which were started
    /// after it was planned. None for any other plan.
    ///
    /// - Throws: ``RolloutError/undoneRunWentOn(_:)`` when the run that is undone, or one that was started between the
    ///   two, has done more since; ``FileError``.
    package func writtenSincePlanning(
        _ plan: PlanFile, _ kind: PlanFile.Kind
    ) async throws -> [RepositoryID: RunID] {
        guard let undone = plan.header.undoes.flatMap({ RunID($0) }) else { return [:] }
        let newest = plan.header.newestRun.flatMap { RunID($0) } ?? undone
        if let size = plan.header.journalSize, try await journalSize(from: undone, to: newest) != size {
            throw RolloutError.undoneRunWentOn(undone)
        }
        let slots = plan.slots.filter { $0.kind == kind }
        return try await laterWriters(of: Set(slots.map(\.repository)), after: newest)
    }
}

extension ArchivedRun {
    /// Which journals tell everything: those that are not damaged, or of these only those of runs that came to their
    /// end, since a kill may cost the others their last lines.
    fileprivate enum Trust {
        case whole, ended
    }

    fileprivate func repositoriesPerhapsWritten(trusting trust: Trust) async throws -> [RepositoryID] {
        let journal = try await journal()
        // The journal alone tells it, even where the plan is lost.
        if journal.condition == .whole, trust == .whole || journal.state.finishedAt != nil {
            return journal.state.repositoriesPerhapsWritten
        }
        guard try await header() != nil else { return [] }
        return try await plan().slots.filter { $0.kind == .change }.map(\.repository)
    }
}
