package import SharePlan

/// Makes plans: lists what must be listed, reads every target's live policy, and asks the rules what to do with it.
///
/// The entries depend on what is read alone, so the plan has the same bytes whatever the concurrency.
package struct Planner: Sendable {
    /// What is to be done with one repository: its live policy (nil when it has none) and what is wanted there.
    ///
    /// ``SharingRules/entry(for:live:wanted:)`` is one.
    package typealias Rules = @Sendable (RepositoryID, String?, [WantedGrant]) -> PlanEntry

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
    /// others; so does a registry that cannot be listed or signed in to, since it may have repositories that are not named.
    /// - Throws: ``FileError`` when the spool folder cannot take the plan; `CancellationError`.
    package func plan(_ source: some TargetSource, header: PlanHeader) async throws -> PlanResult {
        let live = LivePolicies(store)
        let spool = try PlanSpool(in: spoolFolder)
        let tally = ProgressTally(.reading, observer: observer)
        let reader = TargetReader(live: live, concurrency: concurrency, tally: tally)
        let unlisted = try await reader.forEachTarget(of: source) { repository in
            let entry = try await live.entry(for: repository) { text in
                rules(repository, text, source.wantedGrants(for: repository))
            }
            try spool.add(entry)
            tally.count(entry)
        }
        let signInFailures = live.signInFailures
        for failure in unlisted where failure.error.kind != .signIn { try spool.add(.problem(Problem(failure))) }
        for registry in Set(source.registries) {
            guard let failure = signInFailures.first(where: { $0.account == registry.account }) else { continue }
            try spool.add(
                .problem(Problem(registry: registry, code: failure.error.code, message: failure.error.message)))
        }
        return PlanResult(
            plan: try spool.finish(header: header),
            unlistedRegistries: unlisted,
            signInFailures: signInFailures,
            reachedNothing: !live.hasReachedAny
        )
    }
}

extension Problem {
    /// The problem of a registry whose repositories are not known.
    fileprivate init(_ unlisted: PlanResult.UnlistedRegistry) {
        self.init(
            registry: unlisted.registry, code: "listing",
            message: """
                the repositories could not be listed: \(unlisted.error.code): \(unlisted.error.message). Only those that the matrix names are planned. What a \
                glob alone covers there is neither granted nor taken away, and nothing is pruned
                """)
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
