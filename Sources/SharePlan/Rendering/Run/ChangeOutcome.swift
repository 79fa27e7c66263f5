/// What came of one change of a run, in the words of every report.
package enum ChangeOutcome: String, CaseIterable, Hashable, Sendable {
    case written
    /// It was as planned before anything was written.
    case alreadyDone = "done already"
    case failed
    case conflict
    /// A write was announced, and the run was killed before it heard of it.
    case inDoubt = "perhaps written"
    case notStarted = "not started"

    /// Whether the repository has the policy that was planned for it.
    package var isDone: Bool { self == .written || self == .alreadyDone }
}
