import DequeModule
import Synchronization

/// The queue before one (account, region, operation): calls pass one after the other, when the limiter lets them.
///
/// Only the first in the queue watches the limiter; when it has passed, it wakes the next. Nobody holds a connection
/// while waiting, and no task is started for it.
final class RateGate: Sendable {
    private struct State {
        var limiter: AdaptiveRateLimiter
        /// The one whose turn it is.
        var first: Signal?
        /// Whether that one waits for an answer to come in.
        var firstAwaitsAnswer = false
        /// The others, oldest first.
        var queue: Deque<Signal> = []

        /// Ends the first one's turn and begins that of the next who still waits.
        mutating func passOn() {
            first = nil
            firstAwaitsAnswer = false
            while let next = queue.popFirst() {
                guard next.fire() else { continue }
                first = next
                break
            }
        }
    }

    /// The longest sleep before looking again, since the rate may have grown meanwhile.
    private static let longestSleep: Duration = .seconds(1)

    private let state: Mutex<State>

    init(_ limiter: AdaptiveRateLimiter = AdaptiveRateLimiter()) {
        state = Mutex(State(limiter: limiter))
    }

    var learnedRate: Double? { state.withLock { $0.limiter.learnedRate } }

    /// The learned rate, and how many calls wait for their turn.
    var queue: (learnedRate: Double?, waiting: Int) {
        state.withLock { state in
            let waiting = state.queue.count + (state.first == nil ? 0 : 1)
            return (state.limiter.learnedRate, waiting)
        }
    }

    /// Waits for permission to send one request and returns the time of it. ``leave(_:admittedAt:_:)`` must follow.
    func enter(_ clock: AWSClock) async throws(CancellationError) -> Duration {
        let turn = Signal()
        let isFirst = state.withLock { state in
            guard state.first == nil else {
                state.queue.append(turn)
                return false
            }
            state.first = turn
            return true
        }
        if !isFirst { try await turn.wait() }
        do throws(CancellationError) {
            while true {
                guard !Task.isCancelled else { throw CancellationError() }
                let now = clock.uptime()
                switch decide(at: now) {
                case .send: return now
                case .wait(let span): try await clock.sleep(min(span, RateGate.longestSleep))
                case .waitForAnswer: try await turn.wait()
                }
            }
        } catch {
            state.withLock { $0.passOn() }
            throw error
        }
    }

    /// Tells how the request ended that was let in at that time.
    func leave(_ outcome: AdaptiveRateLimiter.Outcome, admittedAt: Duration, _ clock: AWSClock) {
        let now = clock.uptime()
        state.withLock { state in
            state.limiter.finished(outcome, admittedAt: admittedAt, at: now)
            guard state.firstAwaitsAnswer else { return }
            state.firstAwaitsAnswer = false
            state.first?.fire()
        }
    }

    private func decide(at now: Duration) -> AdaptiveRateLimiter.Decision {
        state.withLock { state in
            let decision = state.limiter.next(at: now)
            switch decision {
            case .send: state.passOn()
            case .wait: break
            case .waitForAnswer: state.firstAwaitsAnswer = true
            }
            return decision
        }
    }
}
