package import AWSValues
package import SharePlan

/// A plan, and what it cannot say of itself.
package struct PlanResult: Sendable {
    /// A registry whose repositories could not be listed: those that the matrix names are in the plan, those that only
    /// its globs mean are not.
    package struct UnlistedRegistry: Hashable, Sendable {
        package let registry: Registry
        package let error: StoreError
    }

    /// An owner account that could not be signed in to; each of its repositories is a problem of the plan.
    package struct SignInFailure: Hashable, Sendable {
        package let account: AccountID
        package let error: StoreError
    }

    /// A run that was started after the one that is undone, and cannot be read whole.
    package struct UnreadableRun: Hashable, Sendable {
        package let run: RunID
        /// What is wrong and what that means, as the end of "run …".
        package let reason: String
    }

    package let plan: PlanFile
    /// Sorted by registry; each is a problem of the plan too.
    package internal(set) var unlistedRegistries: [UnlistedRegistry] = []
    /// Sorted by account, one an account.
    package internal(set) var signInFailures: [SignInFailure] = []
    /// Whether no account could be signed in to or reached.
    package internal(set) var reachedNothing = false
    /// For each code of a problem in a registry, AWS's id of one request that failed with it. The plan has none, so
    /// that the same input makes the same plan.
    package internal(set) var requestIDs: [Registry: [String: String]] = [:]
    /// For a rollback: the changes of the run that are not in the plan, because the run never wrote them or they were
    /// not chosen.
    package internal(set) var leftOut = 0
    /// Those of ``leftOut`` that were chosen and that the run never wrote.
    package internal(set) var neverWritten = 0
    /// For a rollback: it is not known for certain what these runs did since. Sorted.
    package internal(set) var unreadableRuns: [UnreadableRun] = []
    /// For a rollback: the sides of those of the plan's problems that are conflicts.
    package internal(set) var conflicts: [RepositoryID: PolicyConflict] = [:]
    /// For a rollback, whose header does not have them: the registries whose own policies were not read.
    package internal(set) var registryNotes: [PlanHeader.Note] = []

    /// Whether the plan mentions everything that was asked for, without a problem.
    package var isComplete: Bool { plan.summary.problems == 0 }
}
