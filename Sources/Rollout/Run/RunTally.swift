import AWSValues
import SharePlan
import Synchronization

/// Counts what comes of a run's changes while they are made.
final class RunTally: Sendable {
    private struct State {
        var counts = RunCounts()
        var failures: [RunReport.Failure] = []
        var conflicts: [RunReport.Conflict] = []
        var unread = 0
        /// Whether a write was announced.
        var hasAnnounced = false
        /// Why the run itself cannot continue.
        var fatal: (any Error)?
    }

    private let state = Mutex(State())

    func count(_ outcome: RepositoryOutcome, of repository: RepositoryID) {
        state.withLock { state in
            switch outcome {
            case .applied: state.counts.applied += 1
            case .alreadyDone: state.counts.skipped += 1
            case .notStarted: state.counts.notStarted += 1
            case .failed(let error, let written):
                state.counts.failed += 1
                state.failures.append(RunReport.Failure(repository: repository, error: error, written: written))
            case .conflict(let live, let written):
                let isKept = state.counts.conflicts < RunReport.keptPolicies
                state.counts.conflicts += 1
                state.conflicts.append(
                    RunReport.Conflict(
                        repository: repository, live: isKept ? .policy(live) : .inJournal, written: written))
            }
        }
    }

    func addNotStarted(_ number: Int) {
        state.withLock { $0.counts.notStarted += number }
    }

    /// Counts changes that were written and not read back, since the run was asked to stop.
    func addUnread(_ number: Int) {
        state.withLock { state in
            state.counts.applied += number
            state.unread += number
        }
    }

    /// How many changes were written and not read back.
    var unread: Int { state.withLock { $0.unread } }

    func noteAnnouncement() {
        state.withLock { $0.hasAnnounced = true }
    }

    var hasAnnounced: Bool { state.withLock { $0.hasAnnounced } }

    /// Ends the run: nothing more is started, and ``throwIfFatal()`` throws the first such error.
    func end(with error: any Error) {
        state.withLock { $0.fatal = $0.fatal ?? error }
    }

    func throwIfFatal() throws {
        if let error = state.withLock({ $0.fatal }) { throw error }
    }

    var isFatal: Bool { state.withLock { $0.fatal != nil } }

    var counts: RunCounts { state.withLock { $0.counts } }

    func report(of run: RunID, _ summary: PlanSummary, ending: RunEnding) -> RunReport {
        state.withLock { state in
            RunReport(
                run: run, ending: ending, counts: state.counts, unchanged: summary.unchanged,
                problems: summary.problems,
                failures: state.failures.sorted { $0.repository < $1.repository },
                conflicts: state.conflicts.sorted { $0.repository < $1.repository }
            )
        }
    }
}
