/// What is told of a run that is over or stands still: who ran it, how far it got, what failed.
///
/// A plain value of the archive's words, so that the text form needs neither files nor clocks.
package struct RunRendering: Hashable, Sendable {
    /// How a run ended, or that it did not.
    package enum State: String, Hashable, Sendable {
        case finished, failed, interrupted, running
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
        package var skipped: Int

        package init(
            planned: Int, applied: Int = 0, alreadyDone: Int = 0, failed: Int = 0, conflicts: Int = 0, skipped: Int = 0
        ) {
            self.planned = planned
            self.applied = applied
            self.alreadyDone = alreadyDone
            self.failed = failed
            self.conflicts = conflicts
            self.skipped = skipped
        }

        /// Planned repositories of which nothing is known yet.
        package var open: Int { max(0, planned - applied - alreadyDone - failed - conflicts - skipped) }
    }

    package let header: PlanHeader
    package let state: State
    /// RFC 3339, UTC.
    package let startedAt: String
    /// Whole seconds from start to end; nil while it runs.
    package let seconds: Int?
    /// The caller's ARN; nil when it is not known.
    package let caller: String?
    package let counts: Counts
    /// Failures and conflicts, sorted by repository.
    package let failures: [Failure]

    package init(
        header: PlanHeader, state: State, startedAt: String, seconds: Int?, caller: String?, counts: Counts,
        failures: [Failure]
    ) {
        self.header = header
        self.state = state
        self.startedAt = startedAt
        self.seconds = seconds
        self.caller = caller
        self.counts = counts
        self.failures = failures
    }
}
