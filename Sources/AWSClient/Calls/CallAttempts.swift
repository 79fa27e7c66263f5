/// The attempts at one call: its turn at the rate limit, and what follows a failure.
struct CallAttempts: Sendable {
    let call: AWSCall
    let gate: RateGate
    var retry: RetryState
    /// When the turn came that is held, by ``AWSClock/uptime``; nil while none is.
    var admittedAt: Duration?
    /// Whether the retry policy grants another attempt after the last one, which failed.
    var mayRepeat = false
    /// Before the next turn is asked for.
    var pause: Duration?

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
