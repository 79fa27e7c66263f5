import AWSValues
import SharePlan
import Synchronization

/// Folds what comes of a run's changes into its report while they are made.
final class RunTally: Sendable {
    private struct State {
        var report: RunReport
        var unread = 0
        /// Whether a write was announced.
        var hasAnnounced = false
        /// Why the run itself cannot continue.
        var fatal: (any Error)?
    }

    private let state: Mutex<State>

    /// The report of a run that executes `plan`, of which `done` are done already.
    init(of plan: PlanFile, done: [RepositoryID]) {
        var report = RunReport(header: plan.header, summary: plan.summary, phase: .unfinished)
        for repository in done { report.count(.alreadyDone, of: repository) }
        state = Mutex(State(report: report))
    }

    func count(_ outcome: RunOutcome, of repository: RepositoryID) {
        state.withLock { $0.report.count(outcome, of: repository) }
    }

    func addNotStarted(_ number: Int) {
        state.withLock { $0.report.counts[.notStarted] += number }
    }

    /// Counts changes that were written and not read back, since the run was asked to stop.
    func addUnread(_ number: Int) {
        state.withLock { state in
            state.report.counts[.written] += number
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

    var counts: RunCounts { state.withLock { $0.report.counts } }

    /// The report of the run that has ended.
    func report(_ ending: RunEnding) -> RunReport {
        state.withLock { state in
            state.report.phase = .finished(ending)
            return state.report
        }
    }
}
