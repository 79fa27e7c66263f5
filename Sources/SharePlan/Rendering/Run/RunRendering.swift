package import AWSValues

/// What is reported about a run that has ended or stopped: who ran it, how far it got, what failed.
///
/// A plain value of the archive's words, so that the text form needs neither files nor clocks.
package struct RunRendering: Hashable, Sendable {
    /// How a run ended, or that it did not.
    package enum State: String, Hashable, Sendable {
        /// Everything was tried.
        case completed
        /// It stopped itself, after too many failures or after a canary.
        case stopped
        /// Somebody stopped or killed it.
        case interrupted
        case running
        case neverStarted = "never-started"
    }

    /// One repository that was not done, and why.
    package struct Failure: Hashable, Sendable {
        package let repository: RepositoryID
        /// AWS's own error code, or one of ours such as `conflict`.
        package let code: String
        /// What happened and what to do next.
        package let message: String
        /// AWS's id of the refused request; nil where nothing was sent.
        package let requestID: String?

        package init(repository: RepositoryID, code: String, message: String, requestID: String? = nil) {
            self.repository = repository
            self.code = code
            self.message = message
            self.requestID = requestID
        }
    }

    /// How many repositories ended in which way.
    package struct Counts: Hashable, Sendable {
        package var planned: Int
        package var applied: Int
        /// Already as planned when the run came to them.
        package var alreadyDone: Int
        package var failed: Int
        package var conflicts: Int
        /// Announced and not heard of again, since the run was killed.
        package var inDoubt: Int

        package init(
            planned: Int, applied: Int = 0, alreadyDone: Int = 0, failed: Int = 0, conflicts: Int = 0, inDoubt: Int = 0
        ) {
            self.planned = planned
            self.applied = applied
            self.alreadyDone = alreadyDone
            self.failed = failed
            self.conflicts = conflicts
            self.inDoubt = inDoubt
        }

        /// Planned repositories that were never started.
        package var open: Int { max(0, planned - applied - alreadyDone - failed - conflicts - inDoubt) }

        /// Counts one change.
        package mutating func count(_ outcome: ChangeOutcome) {
            planned += 1
            switch outcome {
            case .written: applied += 1
            case .alreadyDone: alreadyDone += 1
            case .failed: failed += 1
            case .conflict: conflicts += 1
            case .inDoubt: inDoubt += 1
            case .notStarted: break
            }
        }

        /// Each outcome that happened, with its number.
        package var parts: [(outcome: ChangeOutcome, count: Int)] {
            [
                (.written, applied), (.alreadyDone, alreadyDone), (.failed, failed), (.conflict, conflicts),
                (.inDoubt, inDoubt), (.notStarted, open),
            ].filter { $0.1 > 0 }
        }
    }

    package let header: PlanHeader
    package let state: State
    /// RFC 3339, UTC; nil for a run that never started.
    package let startedAt: String?
    /// Whole seconds from start to end; nil while it runs.
    package let seconds: Int?
    /// The caller's ARN; nil when it is not known.
    package let caller: String?
    package let counts: Counts
    /// Failures and conflicts, sorted by repository.
    package let failures: [Failure]
    /// What came of each change that was started.
    package let outcomes: [RepositoryID: ChangeOutcome]

    package init(
        header: PlanHeader, state: State, startedAt: String?, seconds: Int?, caller: String?, counts: Counts,
        failures: [Failure], outcomes: [RepositoryID: ChangeOutcome] = [:]
    ) {
        self.header = header
        self.state = state
        self.startedAt = startedAt
        self.seconds = seconds
        self.caller = caller
        self.counts = counts
        self.failures = failures
        self.outcomes = outcomes
    }

    /// What came of a change of the plan.
    package func outcome(of repository: RepositoryID) -> ChangeOutcome { outcomes[repository] ?? .notStarted }
}
