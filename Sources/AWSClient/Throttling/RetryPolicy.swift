import AWSValues

/// How often and after what wait a failed request is sent again: the SDKs' standard mode of 2026, with more attempts
/// for throttling.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
package struct RetryPolicy: Hashable, Sendable {
    /// Attempts in all, the first included.
    package var maximumAttempts = 3
    /// Attempts in all when they were throttled. The standard says 3; a bulk run meets many refusals at once while it
    /// learns the allowed rate, all its calls may be repeated, and giving up one repository of ten thousand for being
    /// refused three times would be the worse answer.
    package var maximumThrottledAttempts = 10
    /// New sessions for one call. One is not enough where many calls share a session that does not last: a call may
    /// meet the end of its second one too.
    package var maximumRenewals = 3
    /// Of the backoff before the first retry, in seconds; doubled for each further one.
    package var transientBase = 0.05
    package var throttlingBase = 1.0
    /// In seconds.
    package var maximumBackoff = 20.0
    package var transientCost = 14
    package var throttlingCost = 5
    /// By how many seconds the server's hint may lengthen a backoff.
    package var maximumHintExcess = 5.0
}

/// What became of one attempt that failed.
package struct FailedAttempt: Sendable {
    package var retryClass: RetryClass
    /// Whether the attempt may have had an effect although no response confirmed it.
    package var mayHaveHappened: Bool
    /// The value of `x-amz-retry-after`.
    package var retryAfter: Duration?
    /// Whether the response had a date that can correct the signature's.
    package var clockWasCorrected: Bool

    package init(
        _ retryClass: RetryClass,
        mayHaveHappened: Bool = false,
        retryAfter: Duration? = nil,
        clockWasCorrected: Bool = false
    ) {
        self.retryClass = retryClass
        self.mayHaveHappened = mayHaveHappened
        self.retryAfter = retryAfter
        self.clockWasCorrected = clockWasCorrected
    }
}

/// The retries of one call.
package struct RetryState: Sendable {
    /// What is to be done after a failed attempt.
    package enum Action: Hashable, Sendable {
        case giveUp
        case retry(after: Duration)
        /// Open a new session first, then send again.
        case renewSession
    }

    private let policy: RetryPolicy
    private let isWrite: Bool
    /// Attempts so far.
    package private(set) var attempts = 0
    private var lastCost: Int?
    private var renewals = 0

    package init(_ policy: RetryPolicy, isWrite: Bool) {
        self.policy = policy
        self.isWrite = isWrite
    }

    /// To be called before each sending.
    package mutating func attemptStarts() {
        attempts += 1
    }

    package func succeeded(_ quota: inout RetryQuota) {
        quota.giveBack(lastCost ?? 1)
    }

    /// What follows the failure of an attempt.
    ///
    /// A write that may have happened is never repeated: whether it did is found out by reading. `random` gives a
    /// number in 0..<1; it is asked only when there is another attempt.
    package mutating func failed(
        _ failure: FailedAttempt, _ quota: inout RetryQuota, random: () -> Double
    ) -> Action {
        guard !(isWrite && failure.mayHaveHappened) else { return .giveUp }
        switch failure.retryClass {
        case .final:
            return .giveUp
        case .expiredSession:
            guard renewals < policy.maximumRenewals else { return .giveUp }
            renewals += 1
            return .renewSession
        case .clockSkew, .possibleClockSkew:
            guard failure.clockWasCorrected else { return .giveUp }
            return retry(
                limit: policy.maximumAttempts, cost: policy.transientCost, base: 0, failure.retryAfter, &quota, random
            )
        case .transient:
            return retry(
                limit: policy.maximumAttempts, cost: policy.transientCost, base: policy.transientBase,
                failure.retryAfter, &quota, random
            )
        case .throttling:
            return retry(
                limit: policy.maximumThrottledAttempts, cost: policy.throttlingCost, base: policy.throttlingBase,
                failure.retryAfter, &quota, random
            )
        }
    }

    private mutating func retry(
        limit: Int,
        cost: Int,
        base: Double,
        _ hint: Duration?,
        _ quota: inout RetryQuota,
        _ random: () -> Double
    ) -> Action {
        guard attempts < limit, quota.take(cost) else { return .giveUp }
        lastCost = cost
        var doubled = base
        for _ in 1..<max(attempts, 1) where doubled < policy.maximumBackoff { doubled *= 2 }
        let backoff = random() * min(doubled, policy.maximumBackoff)
        let hint = hint?.inSeconds ?? 0
        return .retry(after: .seconds(max(backoff, min(hint, backoff + policy.maximumHintExcess))))
    }
}
