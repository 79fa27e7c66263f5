package import AWSValues
import Synchronization

/// Makes calls: waits for the allowed rate, signs with the corrected clock, sends, retries, and renews sessions.
///
/// Everything learned about rates, clocks and quotas is kept for as long as the caller lives, so an apply starts with
/// what its plan has learned.
package final class AWSCaller: Sendable {
    /// What AWS meters separately.
    private struct Meter: Hashable {
        let service: AWSService
        let account: AccountID?
        let region: String
        let operation: String
    }

    private struct Client: Hashable {
        let service: AWSService
        let account: AccountID?
        let region: String
    }

    private struct Learned {
        var gates: [Meter: RateGate] = [:]
        var quotas: [Client: RetryQuota] = [:]
        /// By host: each service has a clock of its own.
        var clocks: [String: ClockSkew] = [:]
    }

    private let http: HTTPClient
    package let clock: AWSClock
    private let policy: RetryPolicy
    private let signer = RequestSigner()
    private let learned = Mutex(Learned())

    package init(_ http: HTTPClient, policy: RetryPolicy = RetryPolicy(), clock: AWSClock = .live) {
        self.http = http
        self.policy = policy
        self.clock = clock
    }

    /// Makes one call that changes nothing and returns its successful answer. The error is final: what could be retried
    /// has been.
    package func answer(to call: AWSCall) async throws(AWSError) -> HTTPResponse {
        var attempts = attempts(at: call)
        while true {
            try await takeTurn(for: &attempts)
            do throws(AWSError) {
                return try await send(&attempts)
            } catch {
                guard attempts.mayRepeat else { throw error }
            }
        }
    }

    /// A call that changes something, to be sent once for each turn that it takes.
    package func write(_ call: AWSCall) -> AWSWrite {
        AWSWrite(attempts(at: call), self)
    }

    /// The rate in requests a second that refusals have taught for an operation of one account and region; nil without
    /// any refusal.
    package func learnedRate(service: AWSService, account: AccountID?, region: String, operation: String) -> Double? {
        let meter = Meter(service: service, account: account, region: region, operation: operation)
        return learned.withLock { $0.gates[meter] }?.learnedRate
    }
}

extension AWSCaller {
    /// Where calls wait at the moment because AWS has refused faster ones, in any order.
    package var heldBackCalls: [HeldBackCalls] {
        learned.withLock { $0.gates }.compactMap { meter, gate in
            let (rate, waiting) = gate.queue
            guard let rate, waiting > 0 else { return nil }
            return HeldBackCalls(
                service: meter.service, account: meter.account, region: meter.region, operation: meter.operation,
                rate: rate, waiting: waiting)
        }
    }
}

// MARK: - One attempt

extension AWSCaller {
    func attempts(at call: AWSCall) -> CallAttempts {
        CallAttempts(
            call: call, gate: gate(for: call), retry: RetryState(policy, isWrite: call.isWrite && !call.isIdempotent))
    }

    /// Waits as long as the last failure asks for, opens the session that the call needs, and waits for the call's turn
    /// at the rate limit. ``send(_:)`` or ``giveTurnBack(_:)`` must follow.
    func takeTurn(for attempts: inout CallAttempts) async throws(AWSError) {
        let call = attempts.call
        do throws(CancellationError) {
            if let pause = attempts.pause.take() { try await clock.sleep(pause) }
        } catch {
            throw call.error(.cancelled, attempts: attempts.retry.attempts)
        }
        // The session is opened before the turn comes, so that a turn is not held up by it.
        _ = try await credentials(for: call, attempts: attempts.retry.attempts)
        do throws(CancellationError) {
            attempts.admittedAt = try await attempts.gate.enter(clock)
        } catch {
            throw call.error(.cancelled, attempts: attempts.retry.attempts)
        }
    }

    /// Gives a turn back that is not used; without a turn does nothing.
    func giveTurnBack(_ attempts: inout CallAttempts) {
        guard let admittedAt = attempts.admittedAt.take() else { return }
        attempts.gate.leave(.unknown, admittedAt: admittedAt, clock)
    }

    /// Sends the call once and uses up its turn. After a failure ``CallAttempts/mayRepeat`` says whether another turn
    /// may be taken.
    func send(_ attempts: inout CallAttempts) async throws(AWSError) -> HTTPResponse {
        guard let admittedAt = attempts.admittedAt.take() else {
            preconditionFailure("a call is sent without its turn")
        }
        let call = attempts.call
        let client = Client(service: call.service, account: call.account, region: call.endpoint.signingRegion)
        let result: Result<HTTPResponse, Failure>
        do throws(AWSError) {
            result = try await transmit(call, admittedAt, attempts.gate, &attempts.retry)
        } catch {
            attempts.mayRepeat = false
            throw error
        }
        switch result {
        case .success(let response):
            // Whatever is wrong with the answer, the call was carried out.
            attempts.mayRepeat = false
            learned.withLock { attempts.retry.succeeded(&$0.quotas[client, default: RetryQuota()]) }
            return response
        case .failure(let failure):
            let action = learned.withLock {
                attempts.retry.failed(
                    failure.attempt, &$0.quotas[client, default: RetryQuota()], random: clock.random)
            }
            attempts.prepare(for: action, signedWith: failure.credentials)
            throw call.error(
                failure.cause, attempts: attempts.retry.attempts, signedWith: failure.credentials)
        }
    }
}

extension AWSCaller {
    private struct Failure: Error {
        let attempt: FailedAttempt
        let cause: AWSError.Cause
        /// What the request was signed with.
        let credentials: Credentials?
    }

    private func gate(for call: AWSCall) -> RateGate {
        let meter = Meter(
            service: call.service,
            account: call.account,
            region: call.endpoint.signingRegion,
            operation: call.operation
        )
        return learned.withLock { learned in
            if let gate = learned.gates[meter] { return gate }
            var tuning = AdaptiveRateLimiter.Tuning()
            tuning.openingWindow = call.service.openingWindow
            let gate = RateGate(AdaptiveRateLimiter(tuning))
            learned.gates[meter] = gate
            return gate
        }
    }

    private func credentials(for call: AWSCall, attempts: Int) async throws(AWSError) -> Credentials? {
        guard let cache = call.credentials else { return nil }
        if let credentials = cache.present { return credentials }
        do throws(CredentialFailure) {
            return try await cache.credentials()
        } catch {
            throw call.error(error.cause, attempts: attempts)
        }
    }

    private func transmit(
        _ call: AWSCall,
        _ admittedAt: Duration,
        _ gate: RateGate,
        _ retry: inout RetryState
    ) async throws(AWSError) -> Result<HTTPResponse, Failure> {
        // They may have been renewed while the call waited.
        let credentials: Credentials?
        if call.isWrite, let cache = call.credentials {
            // What it replaces was looked at a moment ago, with a valid session: rather than wait for another
            // one it looks again.
            guard let atHand = cache.atHand else {
                gate.leave(.unknown, admittedAt: admittedAt, clock)
                let attempt = FailedAttempt(.expiredSession)
                return .failure(Failure(attempt: attempt, cause: .sessionEnded, credentials: nil))
            }
            credentials = atHand
        } else {
            do throws(AWSError) {
                credentials = try await self.credentials(for: call, attempts: retry.attempts)
            } catch {
                gate.leave(.unknown, admittedAt: admittedAt, clock)
                throw error
            }
        }
        retry.attemptStarts()
        var request = call.request
        let host = request.url.authority
        if let credentials {
            let now = clock.wall()
            signer.sign(
                &request,
                with: credentials,
                service: call.service.signingName,
                region: call.endpoint.signingRegion,
                at: learned.withLock { $0.clocks[host]?.signingTime(now) } ?? now
            )
        }
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try await http.send(request)
        } catch {
            gate.leave(.unknown, admittedAt: admittedAt, clock)
            let retryClass: RetryClass = error.isTransient ? .transient : .final
            let attempt = FailedAttempt(retryClass, mayHaveHappened: error.mayHaveReachedServer)
            return .failure(Failure(attempt: attempt, cause: .transport(error), credentials: credentials))
        }
        return judge(response, to: request, call, credentials) { gate.leave($0, admittedAt: admittedAt, clock) }
    }

    private func judge(
        _ response: HTTPResponse,
        to request: HTTPRequest,
        _ call: AWSCall,
        _ credentials: Credentials?,
        leave: (AdaptiveRateLimiter.Outcome) -> Void
    ) -> Result<HTTPResponse, Failure> {
        let (skew, isObserved) = learned.withLock { learned in
            func observe(_ skew: inout ClockSkew) -> (ClockSkew, isObserved: Bool) {
                let isObserved = skew.observe(response)
                return (skew, isObserved)
            }
            return observe(&learned.clocks[request.url.authority, default: ClockSkew()])
        }
        guard !response.isSuccess else {
            leave(.accepted)
            return .success(response)
        }
        let signature = request.headers["Authorization"]?.split(separator: "=").last.map(String.init)
        let secrets = (credentials?.secrets ?? []) + [signature].compactMap { $0 } + call.secrets + http.secrets
        let answer = ErrorAnswer(reading: response, hiding: secrets)
        let retryClass = answer.retryClass
        leave(retryClass == .throttling ? .throttled : answer.namesCode ? .accepted : .unknown)
        let attempt = FailedAttempt(
            retryClass,
            mayHaveHappened: answer.leavesOutcomeOpen,
            retryAfter: response.headers["x-amz-retry-after"].flatMap(UInt32.init).map { .milliseconds(Int($0)) },
            clockWasCorrected: skew.explains(retryClass, observed: isObserved)
        )
        return .failure(Failure(attempt: attempt, cause: .answered(answer), credentials: credentials))
    }
}
