package import AWSValues
package import SharePlan
import Synchronization

/// A matrix as the planner asks for it, and what is noticed on the way.
package final class MatrixTargets: TargetSource {
    private let matrix: Matrix
    private let mode: MergeMode
    /// Whether repositories that the matrix does not name lose their grants.
    package let prunes: Bool
    private let found = Mutex(Found())
    private let knownGrants = Book<RowsQuestion, [WantedGrant]>()

    private struct Found {
        /// By registry, sorted by name.
        var targets: [Registry: [Target]] = [:]
        var notes: [PlanHeader.Note] = []
    }

    /// With `prunes`, repositories that the matrix does not name are targets too, with nothing wanted there.
    package init(_ matrix: Matrix, mode: MergeMode, prunes: Bool) {
        self.matrix = matrix
        self.mode = mode
        self.prunes = prunes
    }

    /// Globs that matched nothing, and where.
    package var notes: [PlanHeader.Note] {
        found.withLock { $0.notes }.sorted { ($0.registry, $0.message) < ($1.registry, $1.message) }
    }

    /// The matrix as plans name it.
    package var source: PlanHeader.Source { matrix.source }

    package var registries: [Registry] { matrix.registries }

    package func needsListing(of registry: Registry) -> Bool {
        prunes || matrix.needsListing(of: registry)
    }

    package func targets(in registry: Registry, live: [RepositoryName]?) -> [RepositoryID] {
        let (targets, warnings) = matrix.targets(in: registry, live: live)
        found.withLock { found in
            found.targets[registry] = targets
            found.notes += warnings.map { PlanHeader.Note(registry, "\($0.message) (\($0.file):\($0.line))") }
        }
        let named = targets.map(\.repository)
        // Of a registry that was not listed nothing is known but what the matrix names, so nothing is pruned there.
        guard prunes, let live else { return named }
        return Array(Set(named).union(live.map { RepositoryID(registry: registry, name: $0) }))
    }

    package func wantedGrants(for repository: RepositoryID) -> [WantedGrant] {
        guard let target = target(of: repository) else { return [] }
        return matrix.wantedGrants(for: target, mode: mode, known: knownGrants)
    }

    package func endedGrants(for repository: RepositoryID) -> [WantedGrant] {
        guard mode == .match, let target = target(of: repository) else { return [] }
        return matrix.endedGrants(for: target)
    }

    package func covers(_ repository: RepositoryID) -> Bool { target(of: repository) != nil }

    package func crowds(on repository: RepositoryID) -> [Matrix.Crowd] {
        guard let target = target(of: repository) else { return [] }
        return matrix.crowds(on: target)
    }

    /// The lines of the matrix that grant something to `consumer` on a repository.
    package func lines(granting consumer: Consumer, on repository: RepositoryID) -> [Int] {
        guard let target = target(of: repository) else { return [] }
        return matrix.lines(granting: consumer, to: target)
    }

    private func target(of repository: RepositoryID) -> Target? {
        guard let targets = found.withLock({ $0.targets[repository.registry] }) else { return nil }
        let index = targets.sortedStart { $0.repository.name < repository.name }
        return index < targets.count && targets[index].repository == repository ? targets[index] : nil
    }
}
