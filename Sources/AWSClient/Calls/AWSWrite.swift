import Synchronization

/// One call that changes something. Its turn at the rate limit is taken first, so that its caller can look at what it
/// is going to replace right before it is sent; it is sent once for each turn and never repeated by itself.
///
/// Used by one task at a time.
package final class AWSWrite: Sendable {
    private let caller: AWSCaller
    private let attempts: Mutex<CallAttempts>

    init(_ attempts: CallAttempts, _ caller: AWSCaller) {
        self.caller = caller
        self.attempts = Mutex(attempts)
    }

    /// Waits until the call may be sent: as long as the last failure asks for, for its session, and for its turn at the
    /// rate limit. Ends early when the task is cancelled.
    package func takeTurn() async throws(AWSError) {
        var attempts = attempts.withLock { $0 }
        defer { self.attempts.withLock { $0 = attempts } }
        try await caller.takeTurn(for: &attempts)
    }

    /// Gives a turn back that is not used; without a turn does nothing.
    package func giveTurnBack() {
        attempts.withLock { caller.giveTurnBack(&$0) }
    }

    /// Sends the call, once, and uses up the turn.
    package func send() async throws(AWSError) -> HTTPResponse {
        var attempts = attempts.withLock { $0 }
        defer { self.attempts.withLock { $0 = attempts } }
        return try await caller.send(&attempts)
    }

    /// After a failure: whether another turn may be taken, since nothing says that the call has had an effect and the
    /// retry policy grants another attempt.
    package var mayRepeat: Bool { attempts.withLock { $0.mayRepeat } }
}
