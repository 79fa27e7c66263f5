package import SharePlan

/// Makes the plan that undoes a run.
package struct RollbackPlanner: Sendable {
    /// What undoes one change, given the live policy: ``RollbackRules/entry(undoing:live:)`` is one.
    package typealias Rules = @Sendable (Change, String?) -> PlanEntry

    /// Which part of a run is undone.
    package struct Selection: Sendable {
        /// Whether a repository is meant.
        package var repositories: @Sendable (RepositoryID) -> Bool
        /// Only changes that gave or took access of one of these; nil means all.
        package var consumers: Set<Consumer>?

        package init(
            consumers: Set<Consumer>? = nil, repositories: @escaping @Sendable (RepositoryID) -> Bool = { _ in true }
        ) {
            self.consumers = consumers
            self.repositories = repositories
        }

        func includes(_ change: Change) -> Bool {
            guard repositories(change.repository) else { return false }
            guard let consumers else { return true }
            return change.grants.added.contains { consumers.contains($0.grant.consumer) }
                || change.grants.removed.contains { consumers.contains($0.grant.consumer) }
        }
    }

    private let store: any PolicyStore
    private let rules: Rules
    private let haveSameMeaning: PolicyComparison
    private let concurrency: Int
    private let spoolFolder: Folder
    private let observer: RunObserver

    package init(
        store: any PolicyStore, rules: @escaping Rules, haveSameMeaning: @escaping PolicyComparison,
        concurrency: Int = 64, spoolFolder: Folder, observer: RunObserver = RunObserver()
    ) {
        self.store = store
        self.rules = rules
        self.haveSameMeaning = haveSameMeaning
        self.concurrency = concurrency
        self.spoolFolder = spoolFolder
        self.observer = observer
    }

    /// The inverse of what `run` wrote, finished or not, against the live policies.
    ///
    /// A repository that the run did not write is left: its journal has no announcement, or says that the write failed
    /// and the live policy is not the run's either. ``PlanResult/leftOut`` counts the repositories left without a read.
    package func plan(
        undoing run: ArchivedRun, _ selection: Selection = Selection(), id: RunID, createdAt: Timestamp
    ) async throws -> PlanResult {
        let original = try run.plan()
        let journal = try run.state()
        let live = LivePolicies(store)
        let spool = try PlanSpool(in: spoolFolder)
        let tally = ProgressTally(.reading, observer: observer)

        var queue = FairQueue<Registry, PlanFile.Slot>()
        var leftOut = 0
        for slot in original.slots where slot.kind == .change {
            guard journal.mayHaveWritten(slot.repository), selection.repositories(slot.repository) else {
                leftOut += 1
                continue
            }
            if selection.consumers != nil, case .change(let change) = try original.entry(at: slot),
                !selection.includes(change)
            {
                leftOut += 1
                continue
            }
            queue.add(slot, to: slot.repository.registry)
        }
        tally.expect(queue.waiting)
        try await queue.forEach(atMost: concurrency) { slot in
            guard case .change(let change) = try original.entry(at: slot) else { return [] }
            let entry = try await live.entry(for: slot.repository) { text in
                let isKnownToHaveFailed = journal.isKnownNotWritten(slot.repository)
                if isKnownToHaveFailed, !haveSameMeaning(text, change.after, slot.repository.region.partition) {
                    return .unchanged(Unchanged(repository: slot.repository))
                }
                return rules(change, text)
            }
            try spool.add(entry)
            tally.count(entry)
            return []
        }
        let header = PlanHeader(
            id: id.text, createdAt: createdAt.rfc3339, operation: .rollback, mode: original.header.mode,
            sidPrefix: original.header.sidPrefix, matrix: nil, undoes: run.id.text
        )
        return PlanResult(
            plan: try spool.finish(header: header), signInFailures: live.signInFailures, leftOut: leftOut)
    }
}
