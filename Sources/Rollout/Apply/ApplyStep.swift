package import SharePlan

/// Whether two policies mean the same; nil is "no policy". ``PolicyDocument/haveSameMeaning(_:_:in:)`` is one.
package typealias PolicyComparison = @Sendable (String?, String?, Partition) -> Bool

/// The way of one change from its first read to its outcome, as a state machine: each method takes what happened and
/// returns what to do next.
///
/// It holds the rules of a safe write. Nothing is written unless the live policy is the one that the plan was made from,
/// read just before. A write whose answer was lost is settled by reading. What was written is read back.
package struct ApplyStep: Sendable {
    /// What to do next.
    package enum Action: Hashable, Sendable {
        /// Read the live policy, then ``didRead(_:)``.
        case read
        /// Put the announcement on disk, then ``didAnnounce()``.
        case announce
        /// Write the text, or delete the policy when it is nil, then ``didWrite(_:)``.
        case write(String?)
        /// Wait, then ``didWait(isStopping:)``; a wait that is cut by a stop ends as soon as the run is asked to stop.
        case wait(Duration, isCutByStop: Bool = false)
        case finish(RepositoryOutcome)
    }

    private enum Phase: Hashable, Sendable {
        /// The live policy must be read before a write.
        case comparing
        case announcing
        case writing
        /// The write was answered with success, and is read back; `pauses` were made.
        case readingBack(answer: String?, pauses: Int)
        /// The write was not answered, or not clearly.
        case settling(StoreError, pauses: Int)
        /// ECR did not know a principal.
        case awaitingPrincipal(StoreError)
    }

    private let change: Change
    private let pace: ApplyPace
    private let haveSameMeaning: PolicyComparison
    private var phase = Phase.comparing
    private var isAnnounced = false
    /// Whether a write of this step may have reached ECR.
    private var written = Written.no
    private var principalPauses = 0
    private var lostWrites = 0

    package init(_ change: Change, pace: ApplyPace = ApplyPace(), haveSameMeaning: @escaping PolicyComparison) {
        self.change = change
        self.pace = pace
        self.haveSameMeaning = haveSameMeaning
    }

    /// The first thing to do.
    package var start: Action { .read }

    package mutating func didRead(_ result: Result<String?, StoreError>) -> Action {
        switch (phase, result) {
        case (.comparing, .success(let live)): return compare(live)
        case (.comparing, .failure(let error)): return .finish(.failed(error, written: written))
        case (.readingBack(let answer, let pauses), .success(let live)): return readBack(live, answer, pauses)
        case (.readingBack, .failure(let error)): return .finish(.failed(error.afterWrite, written: .yes))
        case (.settling(let error, let pauses), .success(let live)): return settle(live, error, pauses)
        case (.settling(let error, _), .failure): return .finish(.failed(error, written: written))
        case (.announcing, _), (.writing, _), (.awaitingPrincipal, _): preconditionFailure("nothing was to be read")
        }
    }

    package mutating func didAnnounce() -> Action {
        isAnnounced = true
        phase = .writing
        return .write(change.after)
    }

    /// `result` is the policy as ECR printed it in its answer; nil after a deletion.
    package mutating func didWrite(_ result: Result<String?, StoreError>) -> Action {
        switch result {
        case .success(let answer):
            written = .yes
            phase = .readingBack(answer: answer, pauses: 0)
            return .read
        case .failure(let error):
            return didFail(error)
        }
    }

    /// `isStopping` says that the run was asked to stop: a write that is on its way is still brought to its end, but a
    /// principal is not waited for any more.
    package mutating func didWait(isStopping: Bool) -> Action {
        guard case .awaitingPrincipal(let error) = phase else { return .read }
        if isStopping { return .finish(.failed(error, written: written)) }
        // Somebody may have edited the policy meanwhile.
        phase = .comparing
        return .read
    }

    private mutating func compare(_ live: String?) -> Action {
        // Mostly the text is still the one that was planned from, and so not that of the change.
        if live != change.before {
            if isSame(live, change.after) { return .finish(written == .no ? .alreadyDone : .applied) }
            guard isSame(live, change.before) else { return .finish(.conflict(live: live, written: written)) }
        }
        phase = .announcing
        return isAnnounced ? didAnnounce() : .announce
    }

    private mutating func didFail(_ error: StoreError) -> Action {
        switch error.kind {
        case .principalNotFound:
            guard principalPauses < pace.newPrincipal.count, change.after.map(namesRoleOrUser) ?? false else { break }
            defer { principalPauses += 1 }
            phase = .awaitingPrincipal(error)
            return .wait(pace.newPrincipal[principalPauses], isCutByStop: true)
        case .outcomeUnknown, .other:
            // Servers have been seen to do what they call failed.
            if written == .no { written = .unknown }
            phase = .settling(error, pauses: 0)
            return .read
        case .repositoryNotFound, .signIn, .accessDenied: break
        }
        return .finish(.failed(error, written: written))
    }

    private mutating func readBack(_ live: String?, _ answer: String?, _ pauses: Int) -> Action {
        if isSame(live, change.after) { return .finish(.applied) }
        guard isSame(live, change.before) else {
            // What ECR answered to the write tells its own doing from somebody's edit.
            let isOfECR = isSame(live, answer)
            return .finish(
                isOfECR ? .failed(.storedOtherwise, written: .yes) : .conflict(live: live, written: .yes))
        }
        guard pauses < pace.readBack.count else { return .finish(.failed(.notReadBack, written: .yes)) }
        phase = .readingBack(answer: answer, pauses: pauses + 1)
        return .wait(pace.readBack[pauses])
    }

    private mutating func settle(_ live: String?, _ error: StoreError, _ pauses: Int) -> Action {
        if isSame(live, change.after) { return .finish(.applied) }
        guard isSame(live, change.before) else { return .finish(.conflict(live: live, written: written)) }
        if error.kind == .other {
            if written == .unknown, lostWrites == 0 { written = .no }
            return .finish(.failed(error, written: written))
        }
        if pauses < pace.settling.count {
            phase = .settling(error, pauses: pauses + 1)
            return .wait(pace.settling[pauses])
        }
        guard lostWrites < pace.lostWrites else { return .finish(.failed(error, written: written)) }
        lostWrites += 1
        phase = .announcing
        return didAnnounce()
    }

    private func isSame(_ left: String?, _ right: String?) -> Bool {
        left == right || haveSameMeaning(left, right, change.repository.region.partition)
    }
}

extension StoreError {
    /// The policy was written and cannot be read.
    fileprivate var afterWrite: StoreError {
        StoreError(
            kind: kind, code: code, message: "the policy was written, but reading it back failed: \(message)",
            requestID: requestID)
    }

    /// The policy that ECR stored means something else than the one that it was sent.
    fileprivate static let storedOtherwise = StoreError(
        kind: .other, code: "stored-otherwise",
        message: "ECR stored a policy that means something else than the one it was sent; compare it with the plan's, "
            + "and please report both")

    /// The policy was written and reads as before.
    fileprivate static let notReadBack = StoreError(
        kind: .other, code: "not-read-back",
        message: "ECR took the policy but still returns the old one; plan again to see what is live")
}

/// Whether a policy names a role or user, which may be newer than what ECR knows of IAM.
private func namesRoleOrUser(_ policy: String) -> Bool {
    func names(_ value: JSONValue) -> Bool {
        switch value {
        case .string(let text): PrincipalARN(text) != nil
        case .array(let elements): elements.contains(where: names)
        case .object(let members): members.contains { names($0.value) }
        case .null, .bool, .number: false
        }
    }
    return (try? JSONValue(parsing: policy)).map(names) ?? false
}
