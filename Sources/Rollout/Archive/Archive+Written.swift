package import SharePlan

extension Archive {
    /// The repositories that runs with a Sid prefix wrote, or may have written, with the run that did so last.
    ///
    /// The journals alone tell it, where they can be read; the runs' plans stay unread. Runs that cannot be read are passed
    /// over, with a warning; so is an archive that cannot be read.
    package func repositoriesWritten(withSidPrefix prefix: String) -> [RepositoryID: RunID] {
        var writers: [RepositoryID: RunID] = [:]
        let ids: [RunID]
        do { ids = try runIDs() } catch {
            warn("what earlier runs wrote is not known, since the archive cannot be read: \(error)")
            return [:]
        }
        for id in ids {
            let run = archivedRun(id)
            do {
                guard try run.header()?.sidPrefix == prefix else { continue }
                for repository in try run.repositoriesPerhapsWritten() {
                    writers[repository] = writers[repository] ?? id
                }
            } catch {
                passOver(id, error)
            }
        }
        return writers
    }

    /// Which run wrote, or may have written, each of some repositories last since `run` was started; those that none
    /// wrote are left out.
    ///
    /// A run whose journal is lost or damaged may have written whatever it planned. One whose plan cannot be read is passed
    /// over, with a warning.
    func laterWriters(of repositories: Set<RepositoryID>, after run: RunID) throws -> [RepositoryID: RunID] {
        var writers: [RepositoryID: RunID] = [:]
        for id in try runIDs().prefix(while: { $0 > run }) {
            do {
                for repository in try archivedRun(id).repositoriesPerhapsWritten()
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

extension ArchivedRun {
    fileprivate func repositoriesPerhapsWritten() throws -> [RepositoryID] {
        let journal = try journal()
        switch journal.condition {
        // The journal alone tells it, even where the plan is lost.
        case .whole: return journal.state.repositoriesPerhapsWritten
        case .missing, .damaged:
            guard try header() != nil else { return [] }
            return try plan().slots.filter { $0.kind == .change }.map(\.repository)
        }
    }
}
