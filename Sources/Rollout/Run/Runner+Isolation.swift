import AWSValues
package import SharePlan

/// What a search for unknown principals came to in one repository.
package struct IsolatedPrincipals: Hashable, Sendable {
    /// What the search found out about a change.
    package enum Finding: Hashable, Sendable {
        /// The principals that ECR does not know, sorted; never empty. The policy is the one from before.
        case unknown([Consumer])
        /// ECR does not even take the policy from before: a principal that it does not know is in one of these
        /// statements, whoever wrote them. The policy is the one from before.
        case inPolicyFromBefore([String])
        /// The search was broken off: why, and whether a policy of the search may still be there.
        case brokenOff(String, written: Written)
    }

    /// The change that was refused.
    package let change: Change
    package let finding: Finding
}

extension Runner {
    /// Finds, by trial, which principals ECR does not know in the repositories where a run was refused for one.
    ///
    /// ECR refuses a whole document for one unknown principal and does not name it. So the document from before is sent
    /// first, as it is: when even that is refused, the new principals are not to blame. Then each trial writes the
    /// document from before with some of the new principals, by the same rules as every write: announced in the
    /// journal, only over the policy that was expected, settled by reading when its answer is lost. At the end the
    /// policy from before is put back, so that what is left to do can be planned, reviewed and undone as a run of its
    /// own. A request to `stop` ends the search after the trial in flight.
    ///
    /// - Throws: ``RolloutError``, ``FileError``, `CancellationError`.
    package func isolatePrincipals(
        after execution: Execution, stop: StopSignal = StopSignal()
    ) async throws -> [IsolatedPrincipals] {
        let run = archive.archivedRun(execution.run)
        let (plan, report) = (execution.plan, execution.report)
        let refused = report.refusedPrincipals
        guard !refused.isEmpty else { return [] }
        return try await archive.withLock(for: run.id, clock: clock) {
            var options = options
            // A principal that may be new was waited for by the run already.
            options.pace.newPrincipal = []
            let applier = Applier(
                store: store, options: options,
                lastLook: await LastLook(at: plan, undoing: nil, in: archive, clock: clock), clock: clock,
                observer: observer,
                stop: stop)
            return try await run.withJournal(clock: clock) { journal in
                var found: [IsolatedPrincipals] = []
                for (repository, error) in refused {
                    guard case .change(let change)? = try plan.entry(for: repository) else { continue }
                    var trials = PrincipalTrials(
                        change, applier, journal, restoring: rollbackRules(plan.header), day: plan.header.day)
                    let finding = try await trials.run()
                    found.append(IsolatedPrincipals(change: change, finding: finding))
                    journal.note(
                        .failed(
                            repository, code: error.code, message: error.message, requestID: error.requestID,
                            written: finding.written))
                }
                try await journal.record(.finished(report.ending ?? .completed, report.counts))
                return found
            }
        }
    }
}

extension IsolatedPrincipals.Finding {
    /// Whether a policy of the search may still be there.
    fileprivate var written: Written {
        switch self {
        case .unknown, .inPolicyFromBefore: .no
        case .brokenOff(_, let written): written
        }
    }
}

/// The trials in one repository.
private struct PrincipalTrials {
    private struct Trial {
        /// nil for a deletion.
        let policy: Policy?
    }

    private static let edited = "somebody edited the policy meanwhile, and it is left alone"

    private let change: Change
    private let applier: Applier
    private let journal: Journal
    /// How a change is undone: the rules of a rollback.
    private let restoring: RollbackRules
    private let day: CalendarDate?
    private var search: PrincipalSearch
    /// The policy that should be live: the one from before, or that of the last trial that was taken.
    private var expected: Policy?
    /// Whether a trial's policy may be live.
    private var written = Written.no
    /// The policy that was sent last, if its answer was lost or reading it back failed: it may be live.
    private var doubtful: Trial?

    init(
        _ change: Change, _ applier: Applier, _ journal: Journal, restoring: RollbackRules, day: CalendarDate?
    ) {
        self.change = change
        self.applier = applier
        self.journal = journal
        self.restoring = restoring
        self.day = day
        search = PrincipalSearch(change.newPrincipals)
        expected = change.before
    }

    mutating func run() async throws -> IsolatedPrincipals.Finding {
        if let end = try await control() { return end }
        var reason: String?
        while reason == nil, let leftOut = search.leftOut {
            reason = applier.stop.isRequested ? "it was interrupted" : try await tryLeaving(leftOut)
        }
        if let left = try await putBack() {
            return .brokenOff("the policy from before could not be put back: \(left)", written: written)
        }
        if let reason { return .brokenOff(reason, written: .no) }
        return search.unknown.isEmpty
            ? .brokenOff("every principal was accepted on its own", written: .no) : .unknown(search.unknown.sorted())
    }

    /// Sends the policy from before as it is. Returns what ends the search: ECR refuses that too, or another policy is
    /// there.
    private func control() async throws -> IsolatedPrincipals.Finding? {
        let suspects = change.statementsNamingPrincipals
        guard !suspects.isEmpty else { return nil }
        let control = Change(
            repository: change.repository, before: change.before, after: restorable(change.before),
            grants: GrantDifference())
        return switch try await outcome(of: control, stop: applier.stop, isTrial: true) {
        case .failed(let error, .no) where error.kind == .principalNotFound: .inPolicyFromBefore(suspects)
        case .conflict: .brokenOff(Self.edited, written: .no)
        case .written, .alreadyDone, .failed, .inDoubt, .notStarted: nil
        }
    }

    /// Makes one trial; returns why the search cannot go on.
    private mutating func tryLeaving(_ leftOut: Set<Consumer>) async throws -> String? {
        let trial: Change
        do {
            trial = try change.leaving(
                leftOut, sidPrefix: restoring.sidPrefix, maximumPolicySize: restoring.maximumPolicySize, on: day)
        } catch { return "\(error)" }
        if let objection = applier.lastLook.objection(to: trial) { return objection.message }
        switch try await write(trial.after, stop: applier.stop) {
        case .written, .alreadyDone:
            search.tried(isAccepted: true)
            return nil
        case .failed(let error, .no) where error.kind == .principalNotFound:
            search.tried(isAccepted: false)
            return nil
        case .failed(let error, _): return "\(error)"
        case .conflict: return Self.edited
        case .inDoubt, .notStarted: return "it was interrupted"
        }
    }

    /// Makes a change by the rules of every write, and reads it back at once.
    private func outcome(of step: Change, stop: StopSignal, isTrial: Bool = false) async throws -> RunOutcome {
        let machine = ApplyStep(step, pace: applier.options.pace, isTrial: isTrial)
        switch try await applier.take(machine, of: step, stop, journal) {
        case .outcome(let outcome): return outcome
        case .written(let answer): return try await applier.outcome(ofReadingBack: step, answer: answer)
        }
    }

    /// Replaces the expected policy.
    private mutating func write(
        _ policy: Policy?, stop: StopSignal, evenIfLive: Bool = false
    ) async throws -> RunOutcome {
        let step = Change(repository: change.repository, before: expected, after: policy, grants: change.grants)
        let outcome = try await outcome(of: step, stop: stop, isTrial: evenIfLive)
        switch outcome {
        case .written, .alreadyDone:
            expected = policy
            written = .yes
        case .failed(_, .no), .conflict(_, .no), .inDoubt, .notStarted: break
        case .failed(_, let doubt), .conflict(_, let doubt):
            written = written == .yes ? .yes : doubt
            if case .failed = outcome { doubtful = Trial(policy: policy) }
        }
        return outcome
    }

    /// Puts the policy from before back if a trial replaced it; returns why it could not.
    private mutating func putBack() async throws -> String? {
        guard written != .no else { return nil }
        // A request to stop does not leave a trial's policy behind. Where the last trial is in doubt, the policy from
        // before is sent even if it seems to be live, since that look may be older than the trial.
        var outcome = try await write(
            restorable(change.before), stop: StopSignal(), evenIfLive: doubtful != nil)
        if case .conflict(.policy(let live), _) = outcome, let trial = doubtful, change.areSame(live, trial.policy) {
            expected = live
            outcome = try await write(restorable(change.before), stop: StopSignal())
        }
        switch outcome {
        case .written, .alreadyDone:
            written = .no
            return nil
        case .failed(let error, _): return "\(error)"
        case .conflict: return Self.edited
        case .inDoubt, .notStarted: return "it was interrupted"
        }
    }

    /// The policy in the form in which ECR takes it back: what it prints may be longer than what it takes.
    private func restorable(_ policy: Policy?) -> Policy? {
        let trial = Change(repository: change.repository, before: policy, after: expected, grants: change.grants)
        guard case .change(let undo) = restoring.entry(undoing: trial, live: expected) else { return policy }
        return undo.after
    }
}
