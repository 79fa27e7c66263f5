package import AWSValues

/// What a run came to: who ran it, how far it got, what failed.
///
/// It is folded from outcomes: while the run runs, from those of this attempt, where what an earlier one did is done
/// already; later from its journal, over all attempts. A plain value, so its forms need neither files nor clocks.
package struct RunReport: Hashable, Sendable {
    /// Of how many conflicts the policy that was found is kept.
    private static let keptPolicies = 200

    /// That of the plan, with the run's id.
    package let header: PlanHeader
    /// What was planned.
    package let summary: PlanSummary
    package var phase: RunPhase
    /// RFC 3339, UTC; nil for a run that never started.
    package var startedAt: String?
    /// Whole seconds from start to end; nil while it runs.
    package var seconds: Int?
    /// The caller's ARN; nil when it is not known.
    package var caller: String?
    package var counts = RunCounts()
    /// What came of each change that was started.
    package private(set) var outcomes: [RepositoryID: RunOutcome] = [:]

    /// The report of a run of which nothing has happened yet.
    package init(header: PlanHeader, summary: PlanSummary, phase: RunPhase) {
        self.header = header
        self.summary = summary
        self.phase = phase
    }

    /// Takes what became of one more change.
    package mutating func count(_ outcome: RunOutcome, of repository: RepositoryID) {
        var outcome = outcome
        if case .conflict(.policy, let written) = outcome, counts[.conflict] >= RunReport.keptPolicies {
            outcome = .conflict(.inJournal, written: written)
        }
        counts[outcome.kind] += 1
        if outcome != .notStarted { outcomes[repository] = outcome }
    }

    /// What came of a change of the plan.
    package func outcome(of repository: RepositoryID) -> RunOutcome { outcomes[repository] ?? .notStarted }

    /// The outcomes of these kinds, sorted by repository.
    package func outcomes(_ kinds: Set<RunOutcome.Kind>) -> [(repository: RepositoryID, outcome: RunOutcome)] {
        outcomes.filter { kinds.contains($0.value.kind) }.map { ($0.key, $0.value) }
            .sorted { $0.repository < $1.repository }
    }

    /// The repositories that ECR refused for a principal that it does not know, sorted.
    package var refusedPrincipals: [(repository: RepositoryID, error: StoreError)] {
        outcomes([.failed]).compactMap { repository, outcome in
            guard case .failed(let error, _) = outcome, error.kind == .principalNotFound else { return nil }
            return (repository, error)
        }
    }

    /// Why the run ended; nil when it did not.
    package var ending: RunEnding? {
        if case .finished(let ending) = phase { ending } else { nil }
    }

    /// Whether it has not ended.
    var isRunning: Bool {
        if case .running = phase { true } else { false }
    }

    /// Whether the run came to its end and every change holds.
    package var isDone: Bool { ending == .completed && counts.left == 0 }

    /// Whether anything may have been written.
    package var mayHaveWritten: Bool { counts[.written] > 0 || outcomes.values.contains { $0.written != .no } }

    /// As the command ends.
    package var exitStatus: ExitStatus {
        if ending == .interrupted { return .interrupted }
        return counts.left + summary.problems == 0 ? .done : .incomplete
    }
}
