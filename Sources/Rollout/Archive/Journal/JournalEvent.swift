package import AWSValues
package import SharePlan

/// One thing that happened in a run.
package enum JournalEvent: Hashable, Sendable {
    /// The run was archived: the first line of its journal, there before its plan is.
    case created(RunID)
    /// The run began, or was resumed. `caller` is the identity that it runs as, where known.
    case started(caller: String?)
    /// The policy is about to be written; on disk before the write is sent.
    case writing(RepositoryID)
    /// ECR took the policy.
    case applied(RepositoryID)
    /// The policy was read back and is as planned.
    case verified(RepositoryID)
    /// The policy was already as planned.
    case skipped(RepositoryID)
    /// The policy was neither as planned from nor as planned.
    case conflict(RepositoryID, live: Policy?, written: Written)
    case failed(RepositoryID, code: String, message: String, requestID: String?, written: Written)
    /// The run finished.
    case finished(RunEnding, RunCounts)

    /// The repository that it happened to.
    package var repository: RepositoryID? {
        switch self {
        case .created, .started, .finished: nil
        case .writing(let repository), .applied(let repository), .verified(let repository), .skipped(let repository),
            .conflict(let repository, _, _), .failed(let repository, _, _, _, _):
            repository
        }
    }
}

/// One line of a journal.
package struct JournalEntry: Hashable, Sendable {
    /// RFC 3339 in UTC with milliseconds.
    package let time: String
    package let event: JournalEvent
}
