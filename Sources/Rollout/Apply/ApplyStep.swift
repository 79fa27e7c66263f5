package import SharePlan

/// The way of one change to its write, as a state machine: each method takes what happened and returns what to do next.
///
/// It holds the rules of a safe write. The write's turn at the rate limit is taken first; then it is announced; then
/// the live policy is read and must be the one that the plan was made from; then it is sent, once. Whatever comes back
/// that is not a clear answer leads to another look. What was written is read back later, see ``ReadBack``.
package struct ApplyStep: Sendable {
    /// What to do next.
    package enum Action: Hashable, Sendable {
        /// Take a turn at the rate limit, then ``didTakeTurn(_:)``.
        case takeTurn
        /// Put the announcement on disk, then ``didAnnounce()``.
        case announce
        /// Read the live policy, then ``didRead(_:)``.
        case read
        /// Write the policy, or delete the policy when it is nil, then ``didWrite(_:)``. A turn is held.
        case write(Policy?)
        /// Give an unused turn back and wait, then ``didWait(isStopping:)``. A wait that is cut by a stop ends as soon
        /// as the run is asked to stop.
        case wait(Duration, isCutByStop: Bool = false)
        /// Give an unused turn back; this is what came of the write.
        case finish(Ending)
    }

    /// What came of the change.
    package enum Ending: Hashable, Sendable {
        /// It holds, for all that ECR says; to be read back. `answer` is the policy as ECR printed it when that means
        /// something else than what it was sent.
        case written(answer: UnexpectedAnswer?)
        case outcome(RunOutcome)
    }

    /// A policy that ECR said it stored, and that is not the one that it was sent.
    package struct UnexpectedAnswer: Hashable, Sendable {
        /// nil for no policy.
        package let policy: Policy?

        package init(policy: Policy?) {
            self.policy = policy
        }
    }

    /// How a turn ended that was waited for.
    package enum Turn: Hashable, Sendable {
        case taken
        /// The run was asked to stop before it came.
        case stopped
        case failed(StoreError)
    }

    private enum Phase: Hashable, Sendable {
        /// The live policy is looked at before a turn is taken, since it may be as planned already.
        case preparing
        case awaitingTurn
        case announcing
        /// The live policy must be read before a write.
        case comparing
        case writing
        /// The write was not answered, or not clearly.
        case settling(StoreError, pauses: Int)
        /// ECR did not know a principal.
        case awaitingPrincipal(StoreError)
    }

    private let change: Change
    private let pace: ApplyPace
    private let isTrial: Bool
    private let wasWritten: Bool
    private let isLeft: Bool
    private var phase: Phase
    private var isAnnounced = false
    /// Whether a write of this step may have reached ECR.
    private var written = Written.no
    private var principalPauses = 0
    private var lostWrites = 0
    /// Why the last write was refused.
    private var refusal: StoreError?

    /// With `looksFirst` the live policy is read before a turn is taken: for a run that is resumed, where most may be
    /// done. What `wasWritten` by the run before, and is now as it was before that, was undone by somebody, and is left
    /// alone. What `isLeft` to another run is not written: it is as planned, or a conflict. A `trial` is written even
    /// where the live policy is the wanted one already, to learn whether ECR takes it.
    package init(
        _ change: Change, pace: ApplyPace = ApplyPace(), looksFirst: Bool = false, wasWritten: Bool = false,
        isLeft: Bool = false, isTrial: Bool = false
    ) {
        self.change = change
        self.pace = pace
        self.isTrial = isTrial
        self.wasWritten = wasWritten
        self.isLeft = isLeft
        phase = looksFirst || isLeft ? .preparing : .awaitingTurn
    }

    /// The first thing to do.
    package var start: Action { phase == .preparing ? .read : .takeTurn }

    package mutating func didTakeTurn(_ turn: Turn) -> Action {
        switch turn {
        case .taken:
            phase = isAnnounced ? .comparing : .announcing
            return isAnnounced ? .read : .announce
        case .stopped:
            // Before the first write nothing has happened at all.
            return .finish(.outcome(refusal.map { .failed($0, written: written) } ?? .notStarted))
        case .failed(let error):
            return .finish(.outcome(.failed(error, written: written)))
        }
    }

    package mutating func didAnnounce() -> Action {
        isAnnounced = true
        phase = .comparing
        return .read
    }

    package mutating func didRead(_ result: Result<Policy?, StoreError>) -> Action {
        switch (phase, result) {
        case (.preparing, .success(let live)): return compare(live)
        case (.comparing, .success(let live)): return compare(live)
        case (.preparing, .failure(let error)), (.comparing, .failure(let error)):
            return .finish(.outcome(.failed(error, written: written)))
        case (.settling(let error, let pauses), .success(let live)): return settle(live, error, pauses)
        case (.settling(let error, _), .failure): return .finish(.outcome(.failed(error, written: written)))
        case (.awaitingTurn, _), (.announcing, _), (.writing, _), (.awaitingPrincipal, _):
            preconditionFailure("nothing was to be read")
        }
    }

    /// `result` is the policy as ECR printed it in its answer; nil after a deletion.
    package mutating func didWrite(_ result: Result<Policy?, WriteFailure>) -> Action {
        switch result {
        case .success(let answer):
            written = .yes
            let isExpected = change.areSame(answer, change.after)
            return .finish(.written(answer: isExpected ? nil : UnexpectedAnswer(policy: answer)))
        case .failure(let failure): return didFail(failure)
        }
    }

    /// `isStopping` says that the run was asked to stop: a write that is on its way is still settled, but a principal
    /// is not waited for any more.
    package mutating func didWait(isStopping: Bool) -> Action {
        guard case .awaitingPrincipal(let error) = phase else { return .read }
        return isStopping ? .finish(.outcome(.failed(error, written: written))) : takeTurn()
    }

    private mutating func takeTurn() -> Action {
        phase = .awaitingTurn
        return .takeTurn
    }

    private mutating func write() -> Action {
        phase = .writing
        return .write(change.after)
    }

    private mutating func compare(_ live: Policy?) -> Action {
        // Mostly the text is still the one that was planned from, and so not that of the change.
        if isTrial || live != change.before {
            if !isTrial, change.areSame(live, change.after) {
                return .finish(written == .no ? .outcome(.alreadyDone) : .written(answer: nil))
            }
            guard change.areSame(live, change.before) else {
                return .finish(.outcome(.conflict(.policy(live), written: written)))
            }
        }
        if wasWritten || isLeft {
            return .finish(.outcome(.conflict(.policy(live), written: wasWritten ? .yes : written)))
        }
        return phase == .preparing ? takeTurn() : write()
    }

    private mutating func didFail(_ failure: WriteFailure) -> Action {
        let error = failure.error
        refusal = error
        if failure.mayRepeat { return takeTurn() }
        switch error.kind {
        case .principalNotFound:
            guard principalPauses < pace.newPrincipal.count, change.bringsRoleOrUser else { break }
            defer { principalPauses += 1 }
            phase = .awaitingPrincipal(error)
            return .wait(pace.newPrincipal[principalPauses], isCutByStop: true)
        case .outcomeUnknown, .other:
            // Servers have been seen to do what they call failed.
            if written == .no { written = .unknown }
            phase = .settling(error, pauses: 0)
            return .read
        case .repositoryNotFound, .signIn, .accessDenied, .unreachable: break
        }
        return .finish(.outcome(.failed(error, written: written)))
    }

    private mutating func settle(_ live: Policy?, _ error: StoreError, _ pauses: Int) -> Action {
        if !isTrial, change.areSame(live, change.after) { return .finish(.written(answer: nil)) }
        guard change.areSame(live, change.before) else {
            return .finish(.outcome(.conflict(.policy(live), written: written)))
        }
        if error.kind == .other {
            // One clear refusal, and the policy is as it was. After an unclear attempt it is unknown.
            return .finish(.outcome(.failed(error, written: lostWrites == 0 ? .no : .unknown)))
        }
        if pauses < pace.settling.count {
            phase = .settling(error, pauses: pauses + 1)
            return .wait(pace.settling[pauses])
        }
        guard lostWrites < pace.lostWrites else { return .finish(.outcome(.failed(error, written: written))) }
        lostWrites += 1
        return takeTurn()
    }
}

extension Change {
    /// Whether the change lets in a role or user, which may be newer than what ECR knows of IAM.
    fileprivate var bringsRoleOrUser: Bool {
        grants.added.contains { if case .principal = $0.grant.consumer { true } else { false } }
    }
}
