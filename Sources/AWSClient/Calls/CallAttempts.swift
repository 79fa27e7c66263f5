/// The attempts at one call: its turn at the rate limit, and what follows a failure.
struct CallAttempts: Sendable {
    /// A permission to send one request.
    struct Turn: Sendable {
        /// When the wait for it began; by ``AWSClock/uptime``.
        let beganAt: Duration
        let admittedAt: Duration
    }

    let call: AWSCall
    let gate: RateGate
    var retry: RetryState
    /// Nil while none is held.
    var turn: Turn?
    /// Whether the retry policy grants another attempt after the last one, which failed.
    private(set) var mayRepeat = false
    /// Before the next turn is asked for.
    var pause: Duration?

    mutating func takeTurn() -> Turn? {
        defer { turn = nil }
        return turn
    }

    mutating func takePause() -> Duration? {
        defer { pause = nil }
        return pause
    }

    mutating func giveUp() {
        mayRepeat = false
    }

    /// Takes what the retry policy says after a failure. A session that has expired is given up, so that the next turn
    /// opens another one.
    mutating func prepare(for action: RetryState.Action, signedWith credentials: Credentials?) {
        switch action {
        case .giveUp: mayRepeat = false
        case .retry(let delay):
            mayRepeat = true
            pause = delay
        case .renewSession:
            mayRepeat = call.credentials != nil
            if let credentials { call.credentials?.invalidate(credentials) }
        }
    }
}
