package import SharePlan

/// Reads back what a change wrote, as a state machine like ``ApplyStep``: whether the policy is still the one that was
/// sent, or somebody has written at the same moment or since.
package struct ReadBack: Sendable {
    /// What to do next.
    package enum Action: Hashable, Sendable {
        /// Read the live policy, then ``didRead(_:)``.
        case read
        /// Wait, then read.
        case wait(Duration)
        case finish(RunOutcome)
    }

    private let change: Change
    private let pace: ApplyPace
    private let answer: ApplyStep.UnexpectedAnswer?
    private var pauses = 0

    /// `answer` is what ECR said that it stored, when that means something else than what it was sent.
    package init(_ change: Change, answer: ApplyStep.UnexpectedAnswer?, pace: ApplyPace) {
        self.change = change
        self.answer = answer
        self.pace = pace
    }

    package mutating func didRead(_ result: Result<Policy?, StoreError>) -> Action {
        switch result {
        case .failure(let error): return .finish(.failed(error.afterWrite, written: .yes))
        case .success(let live):
            if change.areSame(live, change.after) { return .finish(.written) }
            if let answer, change.areSame(live, answer.policy) {
                return .finish(.failed(.storedOtherwise, written: .yes))
            }
            guard change.areSame(live, change.before) else { return .finish(.conflict(.policy(live), written: .yes)) }
            // ECR may take a moment to show what it stored.
            guard pauses < pace.readBack.count else { return .finish(.failed(.notReadBack, written: .yes)) }
            defer { pauses += 1 }
            return .wait(pace.readBack[pauses])
        }
    }
}

extension StoreError {
    /// The policy was written and cannot be read.
    fileprivate var afterWrite: StoreError {
        StoreError(
            kind: kind, code: code, message: "the policy was written, but reading it back failed: \(message)",
            requestID: requestID)
    }

    /// What ECR stored means something else than what it was sent.
    fileprivate static let storedOtherwise = StoreError(
        kind: .other, code: "stored-otherwise",
        message: "ECR stored a policy that differs in meaning from the one it was sent; compare it with the plan's, "
            + "and please report both")

    /// The policy was written and reads as before.
    fileprivate static let notReadBack = StoreError(
        kind: .other, code: "not-read-back",
        message: "ECR accepted the policy, but the old one is live: somebody put it back, or ECR has not stored it; "
            + "plan again to see what is live")
}
