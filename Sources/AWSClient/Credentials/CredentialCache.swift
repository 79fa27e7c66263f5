package import AWSValues
import Synchronization

/// Credentials with what is known about them.
package struct SessionCredentials: Sendable {
    package let credentials: Credentials
    /// Nil when they do not expire.
    package let expiration: Timestamp?
    /// The account they belong to, where their source says so.
    package let account: AccountID?

    package init(_ credentials: Credentials, expiration: Timestamp? = nil, account: AccountID? = nil) {
        self.credentials = credentials
        self.expiration = expiration
        self.account = account
    }
}

/// Why a cache has no credentials to give.
package enum CredentialFailure: Error, Sendable {
    case credentials(CredentialsError)
    case signIn(SignInError)
    case cancelled

    package var cause: AWSError.Cause {
        switch self {
        case .credentials(.cancelled), .cancelled: .cancelled
        case .credentials(let error): .credentials(error)
        case .signIn(let error): .signIn(error)
        }
    }
}

/// Holds credentials and gets new ones in time: once for all who wait.
///
/// Whoever comes first fetches, in its own task; the others wait. When that task is cancelled, the next one takes over.
/// A failure goes to those who waited for it and is not remembered.
package final class CredentialCache: Sendable {
    package typealias Fetch = @Sendable () async throws(CredentialFailure) -> SessionCredentials

    /// Credentials are renewed this long before they expire.
    private static let renewalMargin: Duration = .seconds(5 * 60)
    /// While one caller renews them, the others use credentials that are valid for at least this long.
    private static let usableMargin: Duration = .seconds(60)

    private struct State {
        var current: SessionCredentials?
        var flight: Flight?

        /// The current credentials, unless it is time to renew them or to wait for those who do.
        func usable(at now: Timestamp) -> SessionCredentials? {
            guard let timeLeft = current?.expiration.map({ $0 - now }) else { return current }
            let margin = flight == nil ? CredentialCache.renewalMargin : CredentialCache.usableMargin
            return timeLeft > margin ? current : nil
        }
    }

    /// One fetch and those who wait for it.
    private final class Flight: Sendable {
        let outcome = Mutex<Result<SessionCredentials, CredentialFailure>?>(nil)
        let waiting = Mutex<[Signal]>([])
    }

    private enum Step {
        case use(SessionCredentials)
        case fetch(Flight)
        case wait(Flight, Signal)
    }

    private let clock: AWSClock
    private let fetch: Fetch
    private let state = Mutex(State())

    package init(clock: AWSClock, fetch: @escaping Fetch) {
        self.clock = clock
        self.fetch = fetch
    }

    /// Credentials that are good for a while.
    package func credentials() async throws(CredentialFailure) -> Credentials {
        try await session().credentials
    }

    /// Credentials that are good for a while, if there is nothing to wait for. Every call asks, and an asynchronous
    /// function would cost it more than the answer.
    var present: Credentials? {
        let now = clock.wall()
        return state.withLock { $0.usable(at: now) }?.credentials
    }

    /// The last credentials that came and that no service has refused, however long they are good for.
    var atHand: Credentials? { state.withLock { $0.current }?.credentials }

    /// As ``credentials()``, with what is known about them.
    package func session() async throws(CredentialFailure) -> SessionCredentials {
        while true {
            switch nextStep() {
            case .use(let session):
                return session
            case .fetch(let flight):
                return try await fetch(flight)
            case .wait(let flight, let signal):
                do throws(CancellationError) {
                    try await signal.wait()
                } catch {
                    throw .cancelled
                }
                // Without an outcome the fetching task was cancelled, and somebody must take over.
                if let outcome = flight.outcome.withLock({ $0 }) { return try outcome.get() }
            }
        }
    }

    /// Forgets these credentials because a service refused them; others that came since are kept.
    package func invalidate(_ credentials: Credentials) {
        state.withLock { state in
            if state.current?.credentials == credentials { state.current = nil }
        }
    }

    private func nextStep() -> Step {
        let now = clock.wall()
        return state.withLock { state in
            if let usable = state.usable(at: now) { return .use(usable) }
            if let flight = state.flight {
                let signal = Signal()
                flight.waiting.withLock { $0.append(signal) }
                return .wait(flight, signal)
            }
            let flight = Flight()
            state.flight = flight
            return .fetch(flight)
        }
    }

    private func fetch(_ flight: Flight) async throws(CredentialFailure) -> SessionCredentials {
        let outcome: Result<SessionCredentials, CredentialFailure>
        do throws(CredentialFailure) {
            outcome = .success(try await fetch())
        } catch {
            outcome = .failure(error)
        }
        let isAbandoned = if case .failure(.cancelled) = outcome { true } else { false }
        let fallback = state.withLock { state -> SessionCredentials? in
            if case .success(let session) = outcome { state.current = session }
            state.flight = nil
            return state.current
        }
        if !isAbandoned { flight.outcome.withLock { $0 = outcome } }
        for signal in flight.waiting.withLock({ $0 }) { signal.fire() }
        // A renewal that failed too early to hurt: the old credentials still work.
        if case .failure = outcome, !isAbandoned, let fallback,
            fallback.expiration.map({ $0 - clock.wall() > CredentialCache.usableMargin }) ?? true
        {
            return fallback
        }
        return try outcome.get()
    }
}
