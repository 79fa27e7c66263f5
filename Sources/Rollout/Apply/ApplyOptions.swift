package import SharePlan

/// How carefully and how fast a plan is applied.
package struct ApplyOptions: Sendable {
    /// The most repositories in work at once.
    package var concurrency: Int
    /// No further repository is started once this many have failed; nil for no limit.
    package var maximumFailures: Int?
    /// The changes that are made first; the others only when all of these hold. A share is one of the plan's changes.
    package var canary: PlanLimits.Bound?
    /// Undo what the run wrote when a repository failed or was in conflict.
    package var rollsBackOnFailure: Bool
    package var pace: ApplyPace

    package init(
        concurrency: Int = 64, maximumFailures: Int? = 10, canary: PlanLimits.Bound? = nil,
        rollsBackOnFailure: Bool = false, pace: ApplyPace = ApplyPace()
    ) {
        self.concurrency = concurrency
        self.maximumFailures = maximumFailures
        self.canary = canary
        self.rollsBackOnFailure = rollsBackOnFailure
        self.pace = pace
    }
}
