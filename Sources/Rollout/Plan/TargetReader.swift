import SharePlan
import Synchronization

/// Goes through the targets of a source: lists the registries that must be listed, then hands over each repository,
/// fairly over the registries.
struct TargetReader {
    let live: LivePolicies
    /// The most calls to the store at once.
    let concurrency: Int
    let tally: ProgressTally

    private enum Step: Sendable {
        case list(Registry)
        case read(RepositoryID)
    }

    /// Calls `body` for each target, many at once.
    ///
    /// - Returns: the registries that could not be listed, sorted; of those only the named repositories were handed over.
    /// - Throws: what `body` throws; `CancellationError`.
    func forEachTarget(
        of source: some TargetSource, _ body: @escaping @Sendable (RepositoryID) async throws -> Void
    ) async throws -> [PlanResult.UnlistedRegistry] {
        let unlisted = Mutex<[PlanResult.UnlistedRegistry]>([])
        var queue = FairQueue<Registry, Step>()
        for registry in Set(source.registries).sorted() {
            if source.needsListing(of: registry) {
                queue.add(.list(registry), to: registry)
            } else {
                for step in steps(source, registry, live: nil) { queue.add(step, to: registry) }
            }
        }
        try await queue.forEach(atMost: concurrency) { step in
            switch step {
            case .list(let registry):
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
        let targets = Set(source.targets(in: registry, live: live)).sorted()
        tally.expect(targets.count)
        return targets.map(Step.read)
    }
}
