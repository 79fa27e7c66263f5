package import SharePlan
import Synchronization

/// Makes plans: lists what must be listed, reads every target's live policy, and asks the rules what to do with it.
///
/// The entries depend on what is read alone, so the plan has the same bytes whatever the concurrency.
package struct Planner: Sendable {
    /// What is to be done with one repository: its live policy (nil when it has none) and what is wanted there.
    ///
    /// ``SharingRules/entry(for:live:wanted:)`` is one.
    package typealias Rules = @Sendable (RepositoryID, String?, [WantedGrant]) -> PlanEntry

    private enum Step: Sendable {
        case list(Registry)
        case read(RepositoryID)
    }

    private let store: any PolicyStore
    private let rules: Rules
    private let concurrency: Int
    private let spoolFolder: Folder
    private let observer: RunObserver

    /// `concurrency` is the most calls to the store at once. The plan is collected in `spoolFolder`, which must have room
    /// for all policies before and after.
    package init(
        store: any PolicyStore, rules: @escaping Rules, concurrency: Int = 64, spoolFolder: Folder,
        observer: RunObserver = RunObserver()
    ) {
        self.store = store
        self.rules = rules
        self.concurrency = concurrency
        self.spoolFolder = spoolFolder
        self.observer = observer
    }

    /// Plans everything that `source` names. Nothing is written to the store.
    ///
    /// A repository that cannot be read becomes a ``Problem`` with the store's code and message, and does not stop the
    /// others; so does a registry that cannot be listed, see ``PlanResult/unlistedRegistries``.
    /// - Throws: ``FileError`` when the spool folder cannot take the plan; `CancellationError`.
    package func plan(_ source: some TargetSource, header: PlanHeader) async throws -> PlanResult {
        let live = LivePolicies(store)
        let spool = try PlanSpool(in: spoolFolder)
        let unlisted = Mutex<[PlanResult.UnlistedRegistry]>([])
        let tally = ProgressTally(.reading, observer: observer)

        var queue = FairQueue<Registry, Step>()
        for registry in Set(source.registries).sorted() {
            if source.needsListing(of: registry) {
                queue.add(.list(registry), to: registry)
            } else {
                let targets = Set(source.targets(in: registry, live: nil)).sorted()
                tally.expect(targets.count)
                for target in targets { queue.add(.read(target), to: registry) }
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
                let targets = Set(source.targets(in: registry, live: names)).sorted()
                tally.expect(targets.count)
                return targets.map(Step.read)
            case .read(let repository):
                let entry = try await live.entry(for: repository) { text in
                    rules(repository, text, source.wantedGrants(for: repository))
                }
                try spool.add(entry)
                tally.count(entry)
                return []
            }
        }
        return PlanResult(
            plan: try spool.finish(header: header),
            unlistedRegistries: unlisted.withLock { $0 }.sorted { $0.registry < $1.registry },
            signInFailures: live.signInFailures
        )
    }
}

extension LivePolicies {
    /// What `rules` make of a repository's live policy; a problem when it cannot be read, since a failed read is never an
    /// empty policy. Throws only `CancellationError`.
    func entry(for repository: RepositoryID, _ rules: (String?) -> PlanEntry) async throws -> PlanEntry {
        do throws(StoreError) {
            return rules(try await policyText(of: repository))
        } catch {
            // A cancelled read says nothing of the repository.
            try Task.checkCancellation()
            return .problem(Problem(repository: repository, code: error.code, message: error.message))
        }
    }
}
