package import SharePlan

/// What came of one change.
package enum RepositoryOutcome: Hashable, Sendable {
    /// Written; read back as planned, unless the run was asked to stop before.
    case applied
    /// It was as planned before anything was written.
    case alreadyDone
    /// The live policy is neither the one that was planned from nor the planned one. `live` is nil when there is no
    /// policy. When this run had written before, somebody edited the policy right after it.
    case conflict(live: Policy?, written: Written)
    case failed(StoreError, written: Written)
    /// The run was asked to stop before anything was sent.
    case notStarted

    /// Whether the repository is as planned.
    package var isDone: Bool {
        switch self {
        case .applied, .alreadyDone: true
        case .conflict, .failed, .notStarted: false
        }
    }
}
