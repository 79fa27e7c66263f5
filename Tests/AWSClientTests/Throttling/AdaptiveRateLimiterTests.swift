import TestSupport
import Testing

@testable import AWSClient

@Suite struct AdaptiveRateLimiterTests {
    /// The depths are in seconds' worth of the rate.
    @Test(arguments: [0.25, 0.5, 1, 1.5, 2], [400, 1_000])
    func `Ten accounts at 20 a second finish in 1.15 times the ideal time with 2% refused at most`(
        depth: Double,
        calls: Int
    ) {
        for seed in 1...3 as ClosedRange<UInt64> {
            let limit = SimulatedLimit(.bucket(depth: 20 * depth), rate: 20)
            var run = SimulatedRun(accounts: 10, limit: limit, seed: seed)
            let result = run.run(callsPerAccount: calls)
            #expect(result.seconds <= 1.15 * Double(calls) / 20, "\(result)")
            #expect(result.refusedShare <= 0.02, "\(result)")
        }
    }

    @Test(arguments: [5.0, 10, 40]) func `Other limits are found as well`(rate: Double) {
        let limit = SimulatedLimit(.bucket(depth: rate), rate: rate)
        var run = SimulatedRun(accounts: 10, limit: limit)
        let result = run.run(callsPerAccount: 1_000)
        #expect(result.seconds <= 1.15 * 1_000 / rate, "\(result)")
        #expect(result.refusedShare <= 0.02, "\(result)")
    }

    @Test func `A limit that counts by the second is found as well`() {
        var run = SimulatedRun(accounts: 10, limit: SimulatedLimit(.window, rate: 20))
        let result = run.run(callsPerAccount: 1_000)
        #expect(result.seconds <= 1.2 * 50, "\(result)")
        #expect(result.refusedShare <= 0.02, "\(result)")
    }

    @Test func `What a plan has learned carries over to the apply`() {
        var run = SimulatedRun(accounts: 10, limit: SimulatedLimit(.bucket(depth: 20), rate: 20))
        _ = run.run(callsPerAccount: 1_000)
        for limiter in run.limiters {
            #expect((18...20.5).contains(limiter.learnedRate ?? 0))
        }
        let second = run.run(callsPerAccount: 1_000)
        #expect(second.seconds <= 1.08 * 50, "\(second)")
        #expect(second.refusedShare <= 0.01, "\(second)")
    }

    @Test func `A lowered limit is found quickly, and a raised one in time`() {
        var run = SimulatedRun(accounts: 1, limit: SimulatedLimit(.bucket(depth: 20), rate: 20), concurrency: 8)
        _ = run.run(callsPerAccount: 1_000)
        run.setRate(5)
        let lowered = run.run(callsPerAccount: 500)
        #expect(lowered.seconds <= 1.15 * 100, "\(lowered)")
        #expect(lowered.refusedShare <= 0.04, "\(lowered)")
        run.setRate(20)
        let raised = run.run(callsPerAccount: 4_000)
        #expect(raised.seconds <= 1.4 * 200, "\(raised)")
    }

    @Test func `A service without a limit is at full speed after a moment`() {
        let limit = SimulatedLimit(.bucket(depth: 1e9), rate: 1e9)
        var run = SimulatedRun(accounts: 1, limit: limit)
        let result = run.run(callsPerAccount: 10_000)
        let ideal = 10_000 / 64 * 0.03 * 7 / 6
        #expect(result.refused == 0)
        #expect(result.seconds <= ideal + 1.5, "\(result)")
        #expect(run.limiters[0].learnedRate == nil)
    }

    @Test(arguments: [0.01, 0.04, 0.1])
    func `Refusals that come at random do not slow a run down for good`(share: Double) {
        var run = SimulatedRun(accounts: 10, limit: SimulatedLimit(.random(share: share), rate: 0))
        let first = run.run(callsPerAccount: 1_000)
        #expect(first.seconds <= 80, "\(first)")
        let second = run.run(callsPerAccount: 1_000)
        #expect(second.seconds <= 15, "\(second)")
    }

    @Test func `A limit behind random refusals is found again`() {
        var run = SimulatedRun(accounts: 1, limit: SimulatedLimit(.random(share: 0.04), rate: 0))
        _ = run.run(callsPerAccount: 2_000)
        run.setLimit(SimulatedLimit(.bucket(depth: 20), rate: 20))
        let limited = run.run(callsPerAccount: 1_000)
        #expect(limited.seconds <= 1.2 * 50, "\(limited)")
        #expect(limited.refusedShare <= 0.05, "\(limited)")
    }

    @Test func `A rate that nobody uses does not grow`() {
        var run = SimulatedRun(accounts: 1, limit: SimulatedLimit(.bucket(depth: 20), rate: 20))
        _ = run.run(callsPerAccount: 1_000)
        var limiter = run.limiters[0]
        let learned = limiter.learnedRate ?? 0
        for minute in 0..<600 {
            let now = Duration.seconds(1_000 + 60 * minute)
            if limiter.next(at: now) == .send { limiter.finished(.accepted, admittedAt: now, at: now) }
        }
        #expect((limiter.learnedRate ?? 0) < 1.1 * learned)
    }

    @Test func `Answers that say nothing about the rate change nothing but the number in flight`() {
        var limiter = AdaptiveRateLimiter()
        let decisions = (0..<4).map { _ in limiter.next(at: .zero) }
        #expect(decisions == [.send, .send, .send, .waitForAnswer])
        limiter.finished(.unknown, admittedAt: .zero, at: .seconds(1))
        let decision = limiter.next(at: .seconds(1))
        #expect(decision == .send)
        #expect(limiter.learnedRate == nil)
    }

    @Test func `However it is used, the rate stays positive and finite`() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            var limiter = AdaptiveRateLimiter()
            var now = Duration.zero
            var admitted: [Duration] = []
            for _ in 0..<300 {
                now += .seconds(random.fraction() * 2)
                if random.fraction() < 0.6, limiter.next(at: now) == .send { admitted.append(now) }
                if let first = admitted.first, random.fraction() < 0.6 {
                    admitted.removeFirst()
                    let outcomes = [AdaptiveRateLimiter.Outcome.accepted, .throttled, .unknown]
                    limiter.finished(outcomes[Int(random.fraction() * 3)], admittedAt: first, at: now)
                }
                guard let rate = limiter.learnedRate else { continue }
                guard rate >= 0.5, rate < 1_000 else {
                    Issue.record("\(rate)")
                    return
                }
            }
        }
    }
}
