import AWSValues

@testable import AWSClient
import TestSupport

/// A service's limit, in simulated seconds.
struct SimulatedLimit {
    enum Kind {
        /// Holds this many tokens at most.
        case bucket(depth: Double)
        /// Restarts the count every second.
        case window
        /// Refuses this share of the requests, however many they are.
        case random(share: Double)
    }

    private let kind: Kind
    /// Requests a second; may be changed while a simulation runs.
    var rate: Double
    private var tokens: Double
    private var last = 0.0
    private var second = -1.0
    private var random = SeededGenerator(seed: 99)

    init(_ kind: Kind, rate: Double) {
        self.kind = kind
        self.rate = rate
        tokens = if case .bucket(let depth) = kind { depth } else { 0 }
    }

    mutating func admits(at now: Double) -> Bool {
        switch kind {
        case .bucket(let depth):
            tokens = min(depth, tokens + (now - last) * rate)
            last = now
        case .random(let share):
            return random.fraction() >= share
        case .window:
            if now.rounded(.down) != second { tokens = rate }
            second = now.rounded(.down)
        }
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}

/// Many calls over several accounts through their limiters, with a clock that jumps from event to event.
struct SimulatedRun {
    struct Result {
        var seconds = 0.0
        var calls = 0
        var refused = 0
        var refusedShare: Double { Double(refused) / Double(calls) }
    }

    private enum Event {
        case arrival(account: Int, admittedAt: Double, answerAt: Double)
        case answer(account: Int, admittedAt: Double, isAccepted: Bool)
        case retry(account: Int)
        case wake(account: Int)
    }

    var limiters: [AdaptiveRateLimiter]
    private var limits: [SimulatedLimit]
    private let concurrency: Int
    private let roundTrip: Double
    private var random: SeededGenerator
    private var now = 0.0
    private var events: [(time: Double, event: Event)] = []
    private var ready: [Int]
    private var isWakeSet: [Bool]
    private var inFlight = 0

    /// A round trip is in seconds; every one takes up to a third longer.
    init(accounts: Int, limit: SimulatedLimit, concurrency: Int = 64, roundTrip: Double = 0.03, seed: UInt64 = 1) {
        limiters = Array(repeating: AdaptiveRateLimiter(), count: accounts)
        limits = Array(repeating: limit, count: accounts)
        self.concurrency = concurrency
        self.roundTrip = roundTrip
        random = SeededGenerator(seed: seed)
        ready = Array(repeating: 0, count: accounts)
        isWakeSet = Array(repeating: false, count: accounts)
    }

    mutating func setRate(_ rate: Double) {
        for index in limits.indices { limits[index].rate = rate }
    }

    mutating func setLimit(_ limit: SimulatedLimit) {
        for index in limits.indices { limits[index] = limit }
    }

    /// Makes this many calls in each account, one after the other or together as the limiters allow, and continues from
    /// the time and the knowledge that the last run left.
    mutating func run(callsPerAccount: Int) -> Result {
        let start = now
        var open = callsPerAccount * ready.count
        var result = Result(calls: open)
        for account in ready.indices {
            ready[account] = callsPerAccount
            send(account)
        }
        while open > 0, let next = popEvent() {
            now = next.time
            switch next.event {
            case .arrival(let account, let admittedAt, let answerAt):
                let isAccepted = limits[account].admits(at: now)
                push(answerAt, .answer(account: account, admittedAt: admittedAt, isAccepted: isAccepted))
            case .answer(let account, let admittedAt, let isAccepted):
                inFlight -= 1
                limiters[account].finished(
                    isAccepted ? .accepted : .throttled,
                    admittedAt: .seconds(admittedAt),
                    at: .seconds(now)
                )
                if isAccepted {
                    open -= 1
                } else {
                    result.refused += 1
                    push(now + random.fraction(), .retry(account: account))
                }
                for account in ready.indices { send(account) }
            case .retry(let account):
                ready[account] += 1
                send(account)
            case .wake(let account):
                isWakeSet[account] = false
                send(account)
            }
        }
        result.seconds = now - start
        return result
    }

    private mutating func send(_ account: Int) {
        while ready[account] > 0, inFlight < concurrency {
            switch limiters[account].next(at: .seconds(now)) {
            case .send:
                ready[account] -= 1
                inFlight += 1
                let latency = roundTrip * (1 + random.fraction() / 3)
                push(now + latency / 2, .arrival(account: account, admittedAt: now, answerAt: now + latency))
            case .wait(let span):
                if !isWakeSet[account] {
                    isWakeSet[account] = true
                    push(now + span.inSeconds, .wake(account: account))
                }
                return
            case .waitForAnswer:
                return
            }
        }
    }

    /// The events are few at any time, so a sorted list is enough. Later events come first.
    private mutating func push(_ time: Double, _ event: Event) {
        let index = events.lastIndex { $0.time > time }.map { $0 + 1 } ?? 0
        events.insert((time, event), at: index)
    }

    private mutating func popEvent() -> (time: Double, event: Event)? {
        events.popLast()
    }
}
