import SharePlan

extension Archive {
    /// Which run wrote, or may have written, each of some repositories last since `run` was started; those that none
    /// wrote are left out.
    ///
    /// A run whose journal is lost or damaged may have written whatever it planned. One whose plan cannot be read is passed
    /// over, with a warning.
    func laterWriters(of repositories: Set<RepositoryID>, after run: RunID) throws -> [RepositoryID: RunID] {
        var writers: [RepositoryID: RunID] = [:]
        for id in try runIDs().prefix(while: { $0 > run }) {
            do {
                for repository in try archivedRun(id).repositoriesPerhapsWritten(among: repositories) {
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
    fileprivate func repositoriesPerhapsWritten(among repositories: Set<RepositoryID>) throws -> [RepositoryID] {
        let journal = try journal()
        switch journal.condition {
        // The journal alone tells it, even where the plan is lost.
        case .whole: return repositories.filter { journal.state.mayHaveWritten($0) }
        case .missing, .damaged:
            guard try header() != nil else { return [] }
            return try plan().slots.filter { $0.kind == .change && repositories.contains($0.repository) }
                .map(\.repository)
        }
    }
}
