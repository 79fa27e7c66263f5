import AWSValues
import Platform

/// Decides when the next request to one (account, region, operation) may be sent, and learns the allowed rate from
/// refusals. A pure state machine; times are of any clock that never jumps.
///
/// AWS throttles with token buckets whose rate and depth it does not publish for these calls. The SDKs' adaptive mode
/// follows a CUBIC curve that runs into the limit every few seconds and is refused there, again and again. But a bucket
/// gives its rate away: it is empty at each refusal, so what it handed out between two refusals is what flowed in, and
/// (accepted requests) ÷ (time) between them *is* the rate, wherever in between they were sent. So:
///
/// 1. **Opening.** Nothing is known: requests are limited by their number in flight, which grows slowly until dozens
///    have been accepted, then fast. A service without a limit is at full speed within two dozen round trips; a limit
///    is overrun by few.
/// 2. **First refusal.** The accepted ones emptied a full bucket, of one second's worth as a first guess. From there
///    the rate grows until the next refusal, whose measurement is good.
/// 3. **Measured.** When the rate never was below the measured one, no credit can have overflowed the bucket, and the
///    measurement is exact: the limiter settles just under it. Else the truth lies between the measured and the current
///    rate; the middle is tried.
/// 4. **Settled.** After a quiet time the rate grows, very slowly at first, to find out whether more is allowed by now.
/// 5. **Refused before enough was accepted to measure by.** The rate is too high: it is cut to what was accepted, at
///    most by half. When nothing at all was accepted since the last refusal, sending pauses for the rest of the second
///    first, since some limits count by the second.
/// 6. **Refused at random.** A rate that was proven by an exact measurement is lowered again and again, and refusals do
///    not stop: they have nothing to do with the rate. It returns to the proven one, and grows until so many are
///    refused that a limit must be there.
///
/// In simulation, ten accounts with 20 requests a second each, buckets from a quarter of a second's worth to two
/// seconds' worth: all done within 1.15 times the ideal time with 0.5 to 2% refused from 400 requests an account on.
package struct AdaptiveRateLimiter: Sendable {
    /// Whether a call may be sent now.
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

    /// What shapes the curve. Times in seconds, rates in requests a second, growths per second (0.1 is e^0.1-fold).
    package struct Tuning: Sendable {
        package var openingWindow = 3.0
        /// Accepted requests before the window grows fast.
        package var openingCalm = 50
        /// By how much the window grows with each accepted request, before and after that.
        package var calmGrowth = 0.04
        package var openingGrowth = 0.7
        /// The lowest first guess.
        package var firstGuess = 5.0
        package var growthAfterGuess = 0.1
        /// When the first guess is only the lowest one.
        package var growthFromLowestGuess = 1.0
        /// Accepted requests that make a measurement, and that must be accepted before a rate grows.
        package var sample = 8
        /// Of the measured rate.
        package var share = 0.97
        /// The distance (as a logarithm) of measured and current rate up to which the measured one is believed.
        package var closeEnough = 0.1
        /// Of holding requests back, before a settled rate grows.
        package var quietTime = 20.0
        package var probeGrowth = 0.01
        package var minimumRate = 0.5
        /// Of the proven rate; a refusal below that is suspicious.
        package var suspicious = 0.8
        /// Suspicious refusals that make it certain, when they are few among the accepted requests.
        package var suspicions = 4
        package var growthAtRandom = 0.2
        /// The share of refused requests that only a limit explains.
        package var limitedShare = 0.2
        /// How much unused time may be made up for at once, so that coarse timers do not cost throughput.
        package var catchUp = 0.01
    }

    /// Since the last refusal that was measured.
    private struct Measurement: Sendable {
        var since: Double?
        var accepted = 0
        /// Accepted among those sent after the last refusal of any kind.
        var acceptedSinceRefusal = 0
        /// The rate at which it began, 0 when sending paused meanwhile.
        var lowestRate = 0.0
        /// The highest rate that was refused before it was finished.
        var refusedRate = 0.0
    }

    /// Whether refusals have to do with the rate at all.
    private struct Suspicion: Sendable {
        /// The highest rate that was measured exactly since refusals last stopped.
        var provenRate = 0.0
        /// At rates clearly below the proven one.
        var accepted = 0
        var refused = 0
        /// The share that is refused of late, once refusals are known to come at random.
        var randomShare: Double?
    }

    private struct Growth: Sendable {
        var perSecond = 0.0
        /// Whether it begins after the quiet time only, and then becomes faster and faster.
        var isProbe = false
        /// The seconds during which requests were held back at this rate.
        var busyTime = 0.0
    }

    private let tuning: Tuning
    /// How many may be in flight; nil when the rate rules.
    private var window: Double?
    private var inFlight = 0
    private var rate = Double.infinity
    private var rateAsOf = 0.0
    /// Whether a request waits for its time, so that the rate, and not the caller, is what limits the sending.
    private var isHoldingBack = false
    private var growth = Growth()
    private var measurement = Measurement()
    private var suspicion = Suspicion()
    /// When the next request is due.
    private var nextSend = -Double.infinity
    /// Refusals of requests admitted before this are consequences of the same overrun.
    private var overrunEnds = -Double.infinity

    package init(_ tuning: Tuning = Tuning()) {
        self.tuning = tuning
        window = tuning.openingWindow
    }

    /// The rate in requests a second that has been learned, nil as long as there was no refusal.
    package var learnedRate: Double? { rate.isFinite ? rate : nil }

    /// Asks to send now. `send` counts the request as sent.
    package mutating func next(at time: Duration) -> Decision {
        let now = time.inSeconds
        if let window {
            guard Double(inFlight) < window else { return .waitForAnswer }
            if measurement.since == nil { measurement.since = now }
        } else {
            grow(until: now)
            // A nanosecond early is in time: durations are rounded when they are slept.
            isHoldingBack = now < nextSend - 1e-9
            guard !isHoldingBack else { return .wait(.seconds(nextSend - now)) }
            nextSend = max(nextSend, now - tuning.catchUp) + 1 / rate
        }
        inFlight += 1
        return .send
    }

    /// Tells how a request ended that was admitted at one time and answered at another.
    package mutating func finished(_ outcome: Outcome, admittedAt: Duration, at time: Duration) {
        inFlight -= 1
        let now = time.inSeconds
        count(outcome, isSameOverrun: admittedAt.inSeconds < overrunEnds)
        switch outcome {
        case .unknown: break
        case .accepted:
            measurement.accepted += 1
            if admittedAt.inSeconds >= overrunEnds { measurement.acceptedSinceRefusal += 1 }
            if let window {
                let isCalm = measurement.accepted <= tuning.openingCalm
                self.window = window + (isCalm ? tuning.calmGrowth : tuning.openingGrowth)
            }
        case .throttled:
            guard admittedAt.inSeconds >= overrunEnds else { return }
            overrunEnds = now
            refused(now)
            measurement.acceptedSinceRefusal = 0
        }
    }
}

// MARK: - Learning

extension AdaptiveRateLimiter {
    private mutating func refused(_ now: Double) {
        grow(until: now)
        guard !isRandom(now) else { return }
        let elapsed = max(now - (measurement.since ?? now), 1e-3)
        let accepted = Double(measurement.accepted)
        if window != nil {
            window = nil
            guess(accepted / (1 + elapsed), now)
        } else if measurement.accepted >= tuning.sample {
            settle(measured: min(accepted / elapsed, rate), now)
        } else if measurement.acceptedSinceRefusal == 0, elapsed < 1 {
            measurement.lowestRate = 0
            nextSend = now - elapsed + 1
            return
        } else {
            cut(to: (accepted + 0.5) / elapsed, now)
        }
        nextSend = now + 1 / rate
    }

    private mutating func guess(_ guess: Double, _ now: Double) {
        let isLowest = guess <= tuning.firstGuess
        let perSecond = isLowest ? tuning.growthFromLowestGuess : tuning.growthAfterGuess
        set(max(tuning.share * guess, tuning.firstGuess), Growth(perSecond: perSecond), now)
        measurement = Measurement(since: now, lowestRate: rate)
    }

    private mutating func settle(measured: Double, _ now: Double) {
        let distance = log(rate / measured)
        if distance <= tuning.closeEnough || measurement.lowestRate >= 0.98 * measured {
            if measured > suspicion.provenRate { suspicion = Suspicion(provenRate: measured) }
            set(tuning.share * measured, Growth(perSecond: tuning.probeGrowth, isProbe: true), now)
        } else {
            let perSecond = min(tuning.growthAfterGuess, distance / 2)
            set(tuning.share * (measured * rate).squareRoot(), Growth(perSecond: perSecond), now)
        }
        measurement = Measurement(since: now, lowestRate: rate)
    }

    /// The measurement goes on: the bucket was empty when it began and is empty now.
    private mutating func cut(to measured: Double, _ now: Double) {
        measurement.refusedRate = max(measurement.refusedRate, rate)
        let newRate = tuning.share * min(max(measured, rate / 2), rate)
        // The deeper the cut, the less is known, the faster the way back.
        let perSecond = max(0.05, log(measurement.refusedRate / newRate) / 4)
        set(newRate, Growth(perSecond: perSecond), now)
        measurement.lowestRate = rate
    }

    private mutating func set(_ newRate: Double, _ newGrowth: Growth, _ now: Double) {
        rate = max(newRate, tuning.minimumRate)
        rateAsOf = now
        growth = newGrowth
    }

    /// Lets the rate grow, once enough was accepted at it. Only time in which requests were held back counts: what
    /// nobody uses, a refusal cannot correct.
    private mutating func grow(until now: Double) {
        // A request that waits asks again within a second; a longer silence means that it went away.
        let span = min(now - rateAsOf, 1)
        rateAsOf = now
        guard window == nil, isHoldingBack, span > 0, measurement.accepted >= tuning.sample else { return }
        growth.busyTime += span
        guard growth.isProbe else {
            rate *= exp(growth.perSecond * span)
            return
        }
        guard growth.busyTime > tuning.quietTime else { return }
        suspicion = Suspicion()
        // A probe's growth itself grows, by its first value every five seconds.
        rate *= exp(growth.perSecond * span * (growth.busyTime - tuning.quietTime) / 5)
    }
}

// MARK: - Suspecting

extension AdaptiveRateLimiter {
    private mutating func count(_ outcome: Outcome, isSameOverrun: Bool) {
        guard outcome != .unknown else { return }
        if let share = suspicion.randomShare {
            suspicion.randomShare = share + ((outcome == .throttled ? 1 : 0) - share) / 32
        } else if rate < tuning.suspicious * suspicion.provenRate {
            // What was sent before the last refusal was known says nothing against the rate since.
            if outcome == .accepted { suspicion.accepted += 1 } else if !isSameOverrun { suspicion.refused += 1 }
        }
    }

    /// Finds out about one refusal whether the rate has nothing to do with it.
    private mutating func isRandom(_ now: Double) -> Bool {
        if let share = suspicion.randomShare {
            if share < tuning.limitedShare { return true }
            suspicion = Suspicion()
            measurement = Measurement(since: now)
            return false
        }
        guard suspicion.refused >= tuning.suspicions, 8 * suspicion.refused <= suspicion.accepted else { return false }
        suspicion.randomShare = Double(suspicion.refused) / Double(suspicion.refused + suspicion.accepted)
        set(suspicion.provenRate, Growth(perSecond: tuning.growthAtRandom), now)
        return true
    }
}
