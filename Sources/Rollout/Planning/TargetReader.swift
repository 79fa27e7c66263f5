import AWSValues
import SharePlan
import Synchronization

/// Goes through the targets of a source: lists the registries that must be listed, then hands over each repository,
/// fairly over the registries.
struct TargetReader {
    let live: LivePolicies
    /// The most calls to the store at once.
    let concurrency: Int
    let tally: ProgressTally
    /// One of these must match a repository; empty for all.
    var patterns: [RepositoryPattern] = []

    private enum Step: Sendable {
        case open(Registry)
        case read(RepositoryID)
    }

    /// Calls `body` for each target, many at once.
    ///
    /// - Returns: the registries that could not be listed, sorted; only their named repositories were handed over.
    /// - Throws: what `body` throws; `CancellationError`.
    func forEachTarget(
        of source: some TargetSource, _ body: @escaping @Sendable (RepositoryID) async throws -> Void
    ) async throws -> [PlanResult.UnlistedRegistry] {
        let unlisted = Mutex<[PlanResult.UnlistedRegistry]>([])
        var queue = FairQueue<Registry, Step>()
        // What a registry is to have is found out in the queue too, so that the first calls do not wait for the last.
        for registry in Set(source.registries).sorted() { queue.add(.open(registry), to: registry) }
        try await queue.forEach(atMost: concurrency) { step in
            switch step {
            case .open(let registry):
                guard source.needsListing(of: registry) else { return steps(source, registry, live: nil) }
                var names: [RepositoryName]?
                do throws(StoreError) { names = try await live.repositoryNames(in: registry) } catch {
                    try Task.checkCancellation()
                    unlisted.withLock { $0.append(PlanResult.UnlistedRegistry(registry: registry, error: error)) }
                }
                return steps(source, registry, live: names)
            case .read(let repository):
                try await body(repository)
                return []
            }
        }
        return unlisted.withLock { $0 }.sorted { $0.registry < $1.registry }
    }

    private func steps(_ source: some TargetSource, _ registry: Registry, live: [RepositoryName]?) -> [Step] {
        var targets = source.targets(in: registry, live: live).filter { patterns.choose($0.name) }
        let areInOrder = zip(targets, targets.dropFirst()).allSatisfy { $0 < $1 }
        if !areInOrder { targets = Set(targets).sorted() }
        tally.expect(targets.count)
        return targets.map(Step.read)
    }
}
