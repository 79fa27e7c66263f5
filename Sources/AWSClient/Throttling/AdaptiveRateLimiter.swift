/// Decides when the next request to one (account, region, operation) may be sent, and learns the allowed rate from
/// refusals. A pure state machine; times are of any clock that never jumps.
///
/// AWS throttles with token buckets whose rate and depth it does not publish for these calls. The SDKs' adaptive mode
/// follows a CUBIC curve that runs into the limit every few seconds and is refused there, again and again. But a bucket
/// gives its rate away: it is empty at each refusal, so between two refusals it handed out exactly what flowed in, and
/// (answers accepted) ÷ (time) between them *is* the rate, wherever in between the requests were sent. So:
///
/// 1. **Opening.** Nothing is known: requests are limited by number in flight, from two, one more for every two accepted.
///    A service without a limit is at full speed within a few round trips; a limit is overrun by only a few requests.
/// 2. **First refusal.** The accepted ones came from a full bucket, of about one second's worth as a first guess.
/// 3. **Searching.** From there the rate grows by a tenth a second until the next refusal, whose measurement is exact.
/// 4. **Settled.** Just under the measured rate. After a quiet minute it grows by one per cent a second, to find out
///    whether more is allowed by now. A refusal before enough was accepted to measure by means that the rate is far
///    too high: it is halved.
package struct AdaptiveRateLimiter: Sendable {
    package enum Decision: Hashable, Sendable {
        case send
        /// Not before that much time has passed.
        case wait(Duration)
        /// Not before an answer has come.
        case waitForAnswer
    }

    /// How an admitted request ended.
    package enum Outcome: Hashable, Sendable {
        case accepted
        case throttled
        /// Without an answer that says anything about the rate.
        case unknown
    }

    /// What shapes the curve; times in seconds, rates in requests a second.
    package struct Tuning: Sendable {
        package var initialWindow = 2.0
        package var windowGrowth = 0.5
        /// Of the measured rate, when settled.
        package var share = 0.97
        package var searchGrowth = 0.1
        package var probeGrowth = 0.01
        package var quietTime = 60.0
        /// Accepted requests that make a measurement.
        package var sample = 8
        package var minimumRate = 0.5
        /// How much unused time may be made up for at once, so that coarse timers do not cost throughput.
        package var catchUp = 0.01

        package init() {}
    }

    private enum Phase: Sendable {
        case opening(window: Double)
        case searching
        case settled(since: Double)
    }

    private let tuning: Tuning
    private var phase: Phase
    private var inFlight = 0
    private var rate = Double.infinity
    /// When the next request is due.
    private var nextSend = -Double.infinity
    private var rateChangedAt = 0.0
    /// When the measurement began: the last refusal that was measured, or the first request.
    private var measuringSince: Double?
    private var acceptedSince = 0
    /// Refusals of requests admitted before this are consequences of the same overrun.
    private var overrunEnds = -Double.infinity

    package init(_ tuning: Tuning = Tuning()) {
        self.tuning = tuning
        phase = .opening(window: tuning.initialWindow)
    }

    /// The rate in requests a second that has been learned, nil as long as there was no refusal.
    package var learnedRate: Double? { rate.isFinite ? rate : nil }

    /// Asks to send now. `send` counts the request as sent.
    package mutating func next(at time: Duration) -> Decision {
        let now = time.inSeconds
        if case .opening(let window) = phase {
            guard Double(inFlight) < window else { return .waitForAnswer }
            if measuringSince == nil { measuringSince = now }
            inFlight += 1
            return .send
        }
        grow(now)
        guard now >= nextSend else { return .wait(.seconds(nextSend - now)) }
        nextSend = max(nextSend, now - tuning.catchUp) + 1 / rate
        inFlight += 1
        return .send
    }

    /// Tells how a request ended that was admitted at one time and answered at another.
    package mutating func finished(_ outcome: Outcome, admittedAt: Duration, at time: Duration) {
        inFlight -= 1
        let now = time.inSeconds
        switch outcome {
        case .unknown: break
        case .accepted:
            acceptedSince += 1
            if case .opening(let window) = phase { phase = .opening(window: window + tuning.windowGrowth) }
        case .throttled:
            guard admittedAt.inSeconds >= overrunEnds else { return }
            overrunEnds = now
            grow(now)
            slowDown(now)
        }
    }

    private mutating func slowDown(_ now: Double) {
        let elapsed = max(now - (measuringSince ?? now), 1e-3)
        let accepted = Double(acceptedSince)
        switch phase {
        case .opening:
            setRate(tuning.share * accepted / (1 + elapsed), now)
            phase = .searching
            startMeasuring(now)
        case .searching, .settled:
            if acceptedSince >= tuning.sample {
                setRate(tuning.share * min(accepted / elapsed, rate), now)
                phase = .settled(since: now)
                startMeasuring(now)
            } else {
                // The measurement goes on: the bucket was empty when it began and is empty now.
                setRate(rate / 2, now)
                phase = .searching
            }
        }
        nextSend = now + 1 / rate
    }

    private mutating func startMeasuring(_ now: Double) {
        measuringSince = now
        acceptedSince = 0
    }

    private mutating func setRate(_ newRate: Double, _ now: Double) {
        rate = max(newRate, tuning.minimumRate)
        rateChangedAt = now
    }

    private mutating func grow(_ now: Double) {
        let growth: Double
        let from: Double
        switch phase {
        case .opening: return
        case .searching: (growth, from) = (tuning.searchGrowth, rateChangedAt)
        case .settled(let since): (growth, from) = (tuning.probeGrowth, max(rateChangedAt, since + tuning.quietTime))
        }
        guard now > from else { return }
        rate *= 1 + growth * (now - from)
        rateChangedAt = now
    }
}
