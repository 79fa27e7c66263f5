package import SharePlan

/// What a run came to. Only failures and conflicts are named; what went well is counted.
package struct RunReport: Hashable, Sendable {
    package struct Failure: Hashable, Sendable {
        package let repository: RepositoryID
        package let error: StoreError
        package let written: Written

        package init(repository: RepositoryID, error: StoreError, written: Written) {
            self.repository = repository
            self.error = error
            self.written = written
        }
    }

    package struct Conflict: Hashable, Sendable {
        package let repository: RepositoryID
        /// The policy that was found instead of the one that was planned from.
        package let live: Live
        /// When not `no`, the policy was edited by somebody right after this run wrote it.
        package let written: Written

        package init(repository: RepositoryID, live: Live, written: Written) {
            self.repository = repository
            self.live = live
            self.written = written
        }
    }

    /// A policy in a report.
    package enum Live: Hashable, Sendable {
        /// nil when there is no policy.
        case policy(Policy?)
        /// There are too many conflicts to keep them all in memory; the run's journal has each.
        case inJournal
    }

    /// Of how many conflicts the policy is kept.
    static let keptPolicies = 200

    package let run: RunID
    package let ending: RunEnding
    package let counts: RunCounts
    /// Of the plan: repositories that needed no change.
    package let unchanged: Int
    /// Of the plan: repositories that could not be planned.
    package let problems: Int
    /// Sorted by repository.
    package let failures: [Failure]
    /// Sorted by repository.
    package let conflicts: [Conflict]

    package init(
        run: RunID, ending: RunEnding, counts: RunCounts, unchanged: Int, problems: Int, failures: [Failure],
        conflicts: [Conflict]
    ) {
        self.run = run
        self.ending = ending
        self.counts = counts
        self.unchanged = unchanged
        self.problems = problems
        self.failures = failures
        self.conflicts = conflicts
    }

    /// As the command ends: 0 when nothing is left to do, 130 after an interrupt, else 3.
    package var exitStatus: Int32 {
        if ending == .interrupted { return 130 }
        let left = counts.failed + counts.conflicts + counts.notStarted + problems
        return left == 0 ? 0 : 3
    }

    /// Whether every change holds.
    package var isDone: Bool { counts.failed + counts.conflicts + counts.notStarted == 0 }
}
