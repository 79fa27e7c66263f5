/// What became of one change of a run, while it runs and by its journal.
package enum RunOutcome: Hashable, Sendable {
    /// Written; read back as planned, unless the run ended before.
    case written
    /// It was as planned before anything was written.
    case alreadyDone
    case failed(StoreError, written: Written)
    /// The live policy was neither the one that was planned from nor the planned one. When this run had written before,
    /// somebody edited the policy right after it.
    case conflict(Found, written: Written)
    /// A write was announced, and the run ended before it heard of it.
    case inDoubt
    /// Nothing was sent.
    case notStarted

    /// A policy that was found instead of the one that was planned from.
    package enum Found: Hashable, Sendable {
        /// nil when there is no policy.
        case policy(Policy?)
        /// There are too many to keep them in memory; the run's journal has each.
        case inJournal
    }

    /// An outcome in the word of every report.
    package enum Kind: String, CaseIterable, Hashable, Sendable {
        case written
        case alreadyDone = "done already"
        case failed
        case conflict
        case inDoubt = "perhaps written"
        case notStarted = "not started"

        /// Whether the repository has the policy that was planned for it.
        package var isDone: Bool { self == .written || self == .alreadyDone }
    }

    package var kind: Kind {
        switch self {
        case .written: .written
        case .alreadyDone: .alreadyDone
        case .failed: .failed
        case .conflict: .conflict
        case .inDoubt: .inDoubt
        case .notStarted: .notStarted
        }
    }

    /// Whether the repository has the policy that was planned for it.
    package var isDone: Bool { kind.isDone }

    /// Whether the run wrote the policy.
    package var written: Written {
        switch self {
        case .written: .yes
        case .inDoubt: .unknown
        case .failed(_, let written), .conflict(_, let written): written
        case .alreadyDone, .notStarted: .no
        }
    }

    /// Why the change does not hold, and what is known of its write; nil where that is no failure or conflict.
    package var cause: StoreError? {
        switch self {
        case .written, .alreadyDone, .inDoubt, .notStarted: nil
        case .failed(let error, let written):
            StoreError(
                kind: error.kind, code: error.code, message: error.message + written.note, requestID: error.requestID)
        case .conflict(_, let written):
            StoreError(
                kind: .other, code: "conflict",
                message: "the policy was edited \(written.momentOfEdit), and is left alone; plan again")
        }
    }
}

/// Whether the run has written a policy.
package enum Written: String, Hashable, Sendable {
    case no, yes
    /// The answer to the write was lost, and reading did not show whether it happened.
    case unknown

    fileprivate var note: String {
        switch self {
        case .no: ""
        case .yes: " (the policy was written)"
        case .unknown: " (the policy may have been written)"
        }
    }

    fileprivate var momentOfEdit: String {
        switch self {
        case .no: "after it was planned"
        case .yes: "by somebody after it was written"
        case .unknown: "while a write had no response"
        }
    }
}
