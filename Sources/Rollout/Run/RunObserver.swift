package import AWSValues
package import SharePlan
import Synchronization

/// Receives the progress of a run, for a progress line or a log. Called from many tasks; it should return soon.
package struct RunObserver: Sendable {
    /// The counts changed.
    package let progress: @Sendable (RunProgress) -> Void
    /// One repository of an apply is done with.
    package let outcome: @Sendable (RepositoryID, RunOutcome) -> Void
    /// So many more repositories, or less, wait for ECR to learn of a new principal, which takes up to two minutes.
    package let awaitingPrincipal: @Sendable (Int) -> Void

    package init(
        progress: @escaping @Sendable (RunProgress) -> Void = { _ in },
        outcome: @escaping @Sendable (RepositoryID, RunOutcome) -> Void = { _, _ in },
        awaitingPrincipal: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.progress = progress
        self.outcome = outcome
        self.awaitingPrincipal = awaitingPrincipal
    }
}

/// How far a run is, in repositories.
package struct RunProgress: Hashable, Sendable {
    /// What the run is at.
    package enum Phase: Hashable, Sendable {
        /// Live policies are read and planned.
        case reading
        /// The canaries are written.
        case canary
        /// Policies are written.
        case writing
    }

    package let phase: Phase
    /// Everything that is done with, whatever came of it.
    package private(set) var done = 0
    /// Of those done: problems of a plan, failures of an apply.
    package private(set) var failed = 0
    /// Of those done: edited by somebody since the plan was made.
    package private(set) var conflicts = 0
    /// How many there are, as far as known: it grows while registries are listed.
    package private(set) var total = 0

    package var left: Int { total - done }

    package init(_ phase: Phase, total: Int = 0) {
        self.phase = phase
        self.total = total
    }

    package mutating func expect(_ number: Int) {
        total += number
    }

    package mutating func count(failed isFailure: Bool = false, conflict isConflict: Bool = false) {
        done += 1
        if isFailure { failed += 1 }
        if isConflict { conflicts += 1 }
    }
}

/// Counts for an observer.
final class ProgressTally: Sendable {
    private let progress: Mutex<RunProgress>
    private let observer: RunObserver

    init(_ phase: RunProgress.Phase, observer: RunObserver) {
        self.progress = Mutex(RunProgress(phase))
        self.observer = observer
    }

    func expect(_ number: Int) {
        update { $0.expect(number) }
    }

    func count(_ entry: PlanEntry) {
        count(failed: entry.kind == .problem)
    }

    func count(failed isFailure: Bool) {
        update { $0.count(failed: isFailure) }
    }

    /// Counts a change that was written, or that ended without it.
    func count(_ ending: ApplyStep.Ending) {
        update {
            switch ending {
            case .written, .outcome(.written), .outcome(.alreadyDone): $0.count()
            case .outcome(.conflict): $0.count(conflict: true)
            case .outcome(.failed): $0.count(failed: true)
            case .outcome(.inDoubt), .outcome(.notStarted): break
            }
        }
    }

    private func update(_ change: (inout RunProgress) -> Void) {
        let now = progress.withLock { progress in
            change(&progress)
            return progress
        }
        observer.progress(now)
    }
}
