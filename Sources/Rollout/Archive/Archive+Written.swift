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
    ) throws -> (repositories: Set<RepositoryID>, unreadable: [(run: RunID, reason: String)]) {
        var repositories: Set<RepositoryID> = []
        var unreadable: [(run: RunID, reason: String)] = []
        for id in try runIDs() {
            let run = archivedRun(id)
            do {
                guard try run.header()?.sidPrefix == prefix else { continue }
                try repositories.formUnion(run.repositoriesPerhapsWritten(trusting: .ended))
            } catch {
                unreadable.append((id, "\(error)"))
            }
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
    ) throws -> [RepositoryID: RunID] {
        var writers: [RepositoryID: RunID] = [:]
        for id in try runIDs().prefix(while: { $0 > run }) where id != own {
            do {
                for repository in try archivedRun(id).repositoriesPerhapsWritten(trusting: .whole)
                where repositories.contains(repository) {
                    writers[repository] = writers[repository] ?? id
                }
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
    func journalSize(from first: RunID, to last: RunID) throws -> Int {
        try runIDs().filter { first <= $0 && $0 <= last }
            .reduce(0) { $0 + ((try? archivedRun($1).journalSize()) ?? 0) }
    }

    /// The repositories with entries of one kind in a rollback's plan that were written by runs which were started
    /// after it was planned. None for any other plan.
    ///
    /// - Throws: ``RolloutError/undoneRunWentOn(_:)`` when the run that is undone, or one that was started between the
    ///   two, has done more since; ``FileError``.
    package func writtenSincePlanning(
        _ plan: PlanFile, _ kind: PlanFile.Kind
    ) throws -> [RepositoryID: RunID] {
        guard let undone = plan.header.undoes.flatMap({ RunID($0) }) else { return [:] }
        let newest = plan.header.newestRun.flatMap { RunID($0) } ?? undone
        if let size = plan.header.journalSize, try journalSize(from: undone, to: newest) != size {
            throw RolloutError.undoneRunWentOn(undone)
        }
        let slots = plan.slots.filter { $0.kind == kind }
        return try laterWriters(of: Set(slots.map(\.repository)), after: newest)
    }
}

extension ArchivedRun {
    /// Which journals tell everything: those that are not damaged, or of these only those of runs that came to their
    /// end, since a kill may cost the others their last lines.
    fileprivate enum Trust {
        case whole, ended
    }

    fileprivate func repositoriesPerhapsWritten(trusting trust: Trust) throws -> [RepositoryID] {
        let journal = try journal()
        // The journal alone tells it, even where the plan is lost.
        if journal.condition == .whole, trust == .whole || journal.state.finishedAt != nil {
            return journal.state.repositoriesPerhapsWritten
        }
        guard try header() != nil else { return [] }
        return try plan().slots.filter { $0.kind == .change }.map(\.repository)
    }
}
