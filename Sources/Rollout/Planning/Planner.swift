package import SharePlan
import Synchronization

/// Makes plans: lists what must be listed, reads every target's live policy, and asks the rules what to do with it.
///
/// The entries depend on what is read alone, so the plan has the same bytes whatever the concurrency.
package struct Planner: Sendable {
    /// What is to be done with one repository: its live policy (nil when it has none) and what is wanted there.
    ///
    /// ``SharingRules/entry(for:live:wanted:)`` is one.
    package typealias Rules = @Sendable (RepositoryID, Policy?, [WantedGrant]) -> PlanEntry

    /// Repositories that earlier runs wrote: those that are not targets are looked at as well.
    package struct Known: Sendable {
        let repositories: [RepositoryID]
        /// What the plan says of one, given its live policy; nil for nothing.
        let entry: @Sendable (RepositoryID, Policy?) throws -> PlanEntry?
        /// Whether one that cannot be read is a problem of the plan, and not only a note.
        let mustBeRead: Bool

        package init(
            _ repositories: [RepositoryID], mustBeRead: Bool,
            entry: @escaping @Sendable (RepositoryID, Policy?) throws -> PlanEntry?
        ) {
            self.repositories = repositories
            self.mustBeRead = mustBeRead
            self.entry = entry
        }
    }

    private let store: any PolicyStore
    private let rules: Rules
    private let concurrency: Int
    private let spoolFolder: Folder
    private let observer: RunObserver

    /// `concurrency` is the most calls to the store at once. The plan is collected in `spoolFolder`, which must have
    /// room for all policies before and after.
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
    /// others; so does a registry that cannot be listed or signed in to, since it may have repositories that are not
    /// named.
    /// - Throws: ``FileError`` when the spool folder cannot take the plan; `CancellationError`.
    package func plan(
        _ source: some TargetSource, beside known: Known? = nil, header: PlanHeader
    ) async throws -> PlanResult {
        let live = LivePolicies(store)
        let spool = try PlanSpool(in: spoolFolder)
        let tally = ProgressTally(.reading, observer: observer)
        let reader = TargetReader(live: live, concurrency: concurrency, tally: tally)
        let others = Mutex(Set(known?.repositories ?? []))
        let unlisted = try await reader.forEachTarget(of: source) { repository in
            if known != nil { others.withLock { _ = $0.remove(repository) } }
            let entry = try await live.entry(for: repository) { policy in
                rules(repository, policy, source.wantedGrants(for: repository))
            }
            try spool.add(entry)
            tally.count(entry)
        }
        var header = header
        if let known {
            // Of a registry that was not listed nobody knows what the matrix's globs cover.
            let uncertain = Set(unlisted.map(\.registry))
            let left = others.withLock { $0 }.filter { !uncertain.contains($0.registry) }
            let unread = try await look(at: left, known, live, tally, spool)
            header = header.with(
                notes: header.notes
                    + unread.map { registry, code in
                        PlanHeader.Note(
                            registry,
                            "what earlier runs wrote there could not all be read (\(code)), so grants may be left that the "
                                + "matrix has lost")
                    })
        }
        let signInFailures = live.signInFailures
        // The problem of a registry says more than a note of what was not seen there.
        let failed = Set(unlisted.map(\.registry))
        let lost = Set(signInFailures.map(\.account))
        header = header.with(
            notes: (header.notes + source.notes).filter {
                !failed.contains($0.registry) && !lost.contains($0.registry.account)
            })
        var requestIDs = live.requestIDs
        for failure in unlisted where failure.error.kind != .signIn {
            let problem = Problem(failure)
            try spool.add(.problem(problem))
            requestIDs[failure.registry, default: [:]][problem.code] = failure.error.requestID
        }
        for registry in Set(source.registries) {
            guard let failure = signInFailures.first(where: { $0.account == registry.account }) else { continue }
            try spool.add(
                .problem(Problem(registry: registry, code: failure.error.code, message: failure.error.message)))
        }
        return PlanResult(
            plan: try spool.finish(header: header),
            unlistedRegistries: unlisted,
            signInFailures: signInFailures,
            reachedNothing: !live.hasReachedAny,
            requestIDs: requestIDs
        )
    }

    /// Looks at repositories that earlier runs wrote and that are not targets. Returns why some could not be read.
    private func look(
        at repositories: Set<RepositoryID>, _ known: Known, _ live: LivePolicies, _ tally: ProgressTally,
        _ spool: PlanSpool
    ) async throws -> [Registry: String] {
        let unread = Mutex<[Registry: String]>([:])
        var queue = FairQueue<Registry, RepositoryID>()
        for repository in repositories.sorted() { queue.add(repository, to: repository.registry) }
        tally.expect(repositories.count)
        try await queue.forEach(atMost: concurrency) { repository in
            var found: PlanEntry?
            var hasFailed = false
            do {
                found = try known.entry(repository, try await live.policyBesides(of: repository))
            } catch {
                try Task.checkCancellation()
                let error = error as? StoreError
                // Who deleted the repository has revoked its grants.
                hasFailed = error?.kind != .repositoryNotFound
                if hasFailed, known.mustBeRead {
                    found = .problem(
                        Problem(
                            repository: repository, code: error?.code ?? "unreadable-policy",
                            message: error?.message ?? "the policy cannot be read"))
                } else if hasFailed {
                    let code = error?.code ?? "unreadable-policy"
                    // The same whatever is read first.
                    unread.withLock { $0[repository.registry] = min($0[repository.registry] ?? code, code) }
                }
            }
            if let found { try spool.add(found) }
            tally.count(failed: hasFailed)
            return []
        }
        return unread.withLock { $0 }
    }
}

extension Problem {
    /// The problem of a registry whose repositories are not known.
    fileprivate init(_ unlisted: PlanResult.UnlistedRegistry) {
        self.init(
            registry: unlisted.registry, code: "listing",
            message: """
                the repositories could not be listed: \(unlisted.error.code): \(unlisted.error.message). Only those \
                that the matrix names are planned. What a glob alone covers there is neither granted nor taken away, \
                and nothing is pruned
                """)
    }
}

extension LivePolicies {
    /// What `rules` make of a repository's live policy; a problem when it cannot be read, since a failed read is never
    /// an empty policy. Throws only `CancellationError`.
    func entry(for repository: RepositoryID, _ rules: (Policy?) -> PlanEntry) async throws -> PlanEntry {
        do throws(StoreError) {
            return rules(try await policy(of: repository))
        } catch {
            // A cancelled read says nothing of the repository.
            try Task.checkCancellation()
            let advice = error.kind == .repositoryNotFound ? Problem.adviceOnMissingRepository : ""
            return .problem(Problem(repository: repository, code: error.code, message: error.message + advice))
        }
    }
}
