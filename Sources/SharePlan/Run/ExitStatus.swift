/// The exit status of the program, as `docs/operating.md` lists it.
package enum ExitStatus: Int32, Sendable {
    case done = 0
    /// Failed before anything was written.
    case failed = 1
    /// `plan --detailed-exitcode`: there are changes.
    case changes = 2
    /// Some repositories failed or were in conflict; every other one is done.
    case incomplete = 3
    /// Refused by a guardrail; nothing was written.
    case refused = 4
    /// Wrong usage.
    case usage = 64
    /// Interrupted; what was in flight is finished and journaled.
    case interrupted = 130
}
