package import AWSValues
package import SharePlan
import Synchronization

/// Makes plans, and reads what they are made from: lists what must be listed, reads the live policies, and asks the
/// rules what to do with each.
///
/// The entries depend on what is read alone, so a plan has the same bytes whatever the concurrency.
package struct Planner: Sendable {
    let store: any PolicyStore
    let concurrency: Int
    let spoolFolder: Folder
    let observer: RunObserver

    /// `concurrency` is the most calls to the store at once. A plan is collected in `spoolFolder`, which must have room
    /// for all policies before and after.
    package init(
        store: any PolicyStore, concurrency: Int = 64, spoolFolder: Folder, observer: RunObserver = RunObserver()
    ) {
        self.store = store
        self.concurrency = concurrency
        self.spoolFolder = spoolFolder
        self.observer = observer
    }

    /// Plans everything that `source` names. Nothing is written to the store.
    ///
    /// A repository that cannot be read becomes a ``Problem`` with the store's code and message, and does not stop the
    /// others; so does a registry that cannot be listed or signed in to, since it may have repositories that are not
    /// named. `known` are repositories that earlier runs wrote: those that are not targets are looked at as well.
    /// - Throws: ``FileError`` when the spool folder cannot take the plan; `CancellationError`.
    package func plan(
        _ source: some TargetSource, by rules: SharingRules, beside known: [RepositoryID] = [], header: PlanHeader
    ) async throws -> PlanResult {
        let registries = try await RegistryPolicies(
            of: source.registries, in: store, concurrency: concurrency, today: rules.today)
        let entries = TargetEntries(source: source, rules: rules, registries: registries)
        let live = LivePolicies(store)
        let spool = try PlanSpool(in: spoolFolder)
        let tally = ProgressTally(.reading, observer: observer)
        let reader = TargetReader(live: live, concurrency: concurrency, tally: tally)
        let others = Mutex(Set(known))
        let unlisted = try await reader.forEachTarget(of: source) { repository in
            if !known.isEmpty { others.withLock { _ = $0.remove(repository) } }
            let entry = try await live.entry(for: repository) { entries.entry(for: repository, live: $0) }
            try spool.add(entry)
            tally.count(entry)
        }
        // Of a registry that was not listed nobody knows what the matrix's globs cover.
        let failed = Set(unlisted.map(\.registry))
        let left = others.withLock { $0 }.filter { !failed.contains($0.registry) }
        let unread = try await look(at: left, entries, live, tally, spool)
        let notes =
            registries.notes + header.notes
            + unread.map { registry, code in
                PlanHeader.Note(
                    registry,
                    "what earlier runs wrote there could not all be read (\(code)), so grants may be left that the "
                        + "matrix has lost")
            } + source.notes
        let signInFailures = live.signInFailures
        // The problem of a registry says more than a note of what was not seen there.
        let lost = Set(signInFailures.map(\.account))
        let header = header.with(
            notes: notes.filter { !failed.contains($0.registry) && !lost.contains($0.registry.account) })
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
        at repositories: Set<RepositoryID>, _ entries: TargetEntries<some TargetSource>, _ live: LivePolicies,
        _ tally: ProgressTally, _ spool: PlanSpool
    ) async throws -> [Registry: String] {
        let unread = Mutex<[Registry: String]>([:])
        var queue = FairQueue<Registry, RepositoryID>()
        for repository in repositories.sorted() { queue.add(repository, to: repository.registry) }
        tally.expect(repositories.count)
        try await queue.forEach(atMost: concurrency) { repository in
            var found: PlanEntry?
            var hasFailed = false
            do {
                found = try entries.entry(besides: repository, live: try await live.policyBesides(of: repository))
            } catch {
                try Task.checkCancellation()
                let error = error as? StoreError
                // Who deleted the repository has revoked its grants.
                hasFailed = error?.kind != .repositoryNotFound
                if hasFailed, entries.source.prunes {
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

/// What the rules make of the live policies of a source's targets, and of what earlier runs wrote beside them.
private struct TargetEntries<Source: TargetSource>: Sendable {
    let source: Source
    let rules: SharingRules
    let registries: RegistryPolicies
    private let book = CaseBook()

    /// What is to be done with a target; `live` is nil when it has no policy.
    func entry(for repository: RepositoryID, live: Policy?) -> PlanEntry {
        let wanted = source.wantedGrants(for: repository)
        guard source.covers(repository) else {
            let entry = rules.ofPruning.entry(for: repository, live: live, wanted: wanted, in: book)
            return registries.beside(entry, wanted: wanted)
        }
        let entry = rules.entry(
            for: repository, live: live, wanted: wanted, ended: source.endedGrants(for: repository), in: book
        ).naming { source.crowds(on: repository) }
        return registries.beside(entry, wanted: wanted, mode: rules.mode)
    }

    /// What the plan says of a repository that earlier runs wrote and that is no target; nil for nothing.
    func entry(besides repository: RepositoryID, live: Policy?) throws -> PlanEntry? {
        guard let orphan = try rules.orphan(repository, live: live) else { return nil }
        return source.prunes
            ? rules.ofPruning.entry(for: repository, live: live, wanted: []) : .orphan(orphan)
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
