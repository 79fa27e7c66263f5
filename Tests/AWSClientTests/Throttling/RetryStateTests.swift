import AWSValues
import Testing

@testable import AWSClient

@Suite struct RetryStateTests {
    /// The actions after the same failure again and again, until it gives up.
    private func actions(
        _ failure: FailedAttempt,
        isWrite: Bool = false,
        quota: inout RetryQuota,
        random: Double = 0.999_999
    ) -> [RetryState.Action] {
        var state = RetryState(RetryPolicy(), isWrite: isWrite)
        var actions: [RetryState.Action] = []
        while actions.last != .giveUp, actions.count < 100 {
            state.attemptStarts()
            actions.append(state.failed(failure, &quota, random: { random }))
        }
        return actions
    }

    private func seconds(_ actions: [RetryState.Action]) -> [Double] {
        actions.compactMap { action in
            guard case .retry(let span) = action else { return nil }
            return (span.inSeconds * 1_000).rounded() / 1_000
        }
    }

    @Test func `Transient failures are retried twice, after up to 50 and 100 milliseconds`() {
        var quota = RetryQuota()
        let actions1 = actions(FailedAttempt(.transient), quota: &quota)
        #expect(seconds(actions1) == [0.05, 0.1])
        #expect(quota.available == 500 - 28)
    }

    @Test func `Throttled calls are retried nine times, after up to 20 seconds`() {
        var quota = RetryQuota()
        let actions2 = actions(FailedAttempt(.throttling), quota: &quota)
        #expect(seconds(actions2) == [1, 2, 4, 8, 16, 20, 20, 20, 20])
        #expect(quota.available == 500 - 45)
    }

    @Test func `Jitter is full: the wait may be nothing`() {
        var quota = RetryQuota()
        let actions3 = actions(FailedAttempt(.throttling), quota: &quota, random: 0)
        #expect(seconds(actions3) == Array(repeating: 0, count: 9))
    }

    @Test(arguments: [(0.0, 0.0, 0.0), (0.0, 3.0, 3.0), (0.0, 60.0, 5.0), (0.5, 0.1, 0.5), (0.5, 60.0, 5.5)])
    func `The server's hint lengthens the wait, by five seconds at most`(
        random: Double,
        hint: Double,
        expected: Double
    ) {
        var quota = RetryQuota()
        let failure = FailedAttempt(.throttling, retryAfter: .seconds(hint))
        let actions4 = actions(failure, quota: &quota, random: random)
        #expect(seconds(actions4).first == expected)
    }

    @Test func `An empty quota ends the retries, and successes fill it up again`() {
        var quota = RetryQuota()
        for _ in 0..<20 { _ = actions(FailedAttempt(.transient), quota: &quota) }
        #expect(quota.available < 14)
        let actions5 = actions(FailedAttempt(.transient), quota: &quota)
        #expect(actions5 == [.giveUp])
        var retried = RetryState(RetryPolicy(), isWrite: false)
        retried.attemptStarts()
        _ = retried.failed(FailedAttempt(.throttling), &quota, random: { 0 })
        let before = quota.available
        retried.succeeded(&quota)
        #expect(quota.available == before + 5)
        RetryState(RetryPolicy(), isWrite: false).succeeded(&quota)
        #expect(quota.available == before + 6)
        for _ in 0..<1_000 { RetryState(RetryPolicy(), isWrite: false).succeeded(&quota) }
        #expect(quota.available == RetryQuota.capacity)
    }

    @Test(arguments: [RetryClass.transient, .throttling, .expiredSession, .clockSkew])
    func `A write that may have happened is never repeated`(retryClass: RetryClass) {
        var quota = RetryQuota()
        let failure = FailedAttempt(retryClass, mayHaveHappened: true, clockWasCorrected: true)
        let actions6 = actions(failure, isWrite: true, quota: &quota)
        #expect(actions6 == [.giveUp])
        let actions7 = actions(failure, isWrite: false, quota: &quota)
        #expect(actions7.count > 1)
    }

    @Test func `A final failure is final`() {
        var quota = RetryQuota()
        let actions8 = actions(FailedAttempt(.final), quota: &quota)
        #expect(actions8 == [.giveUp])
    }

    @Test func `An expired session is renewed three times at most`() {
        var quota = RetryQuota()
        let actions9 = actions(FailedAttempt(.expiredSession), quota: &quota)
        #expect(actions9 == [.renewSession, .renewSession, .renewSession, .giveUp])
        #expect(quota.available == 500)
    }

    @Test func `A skewed clock is worth another attempt only when it was corrected`() {
        var quota = RetryQuota()
        let actions10 = actions(FailedAttempt(.clockSkew), quota: &quota)
        #expect(actions10 == [.giveUp])
        let corrected = FailedAttempt(.clockSkew, clockWasCorrected: true)
        let actions11 = actions(corrected, quota: &quota)
        #expect(seconds(actions11) == [0, 0])
    }
}
