import Synchronization

/// Makes calls: waits for the allowed rate, signs with the corrected clock, sends, retries, and renews sessions.
///
/// Everything learned about rates, clocks and quotas is kept for as long as the caller lives, so an apply starts with
/// what its plan has learned.
package final class AWSCaller: Sendable {
    /// What AWS meters separately.
    private struct Meter: Hashable {
        let service: AWSService
        let account: String?
        let region: String
        let operation: String
    }

    private struct Client: Hashable {
        let service: AWSService
        let account: String?
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

    private let observe: (@Sendable (AttemptReport) -> Void)?

    package init(
        _ http: HTTPClient,
        policy: RetryPolicy = RetryPolicy(),
        clock: AWSClock = .live,
        observe: (@Sendable (AttemptReport) -> Void)? = nil
    ) {
        self.http = http
        self.policy = policy
        self.clock = clock
        self.observe = observe
    }

    /// Makes one call and returns its successful answer. The error is final: what could be retried has been.
    package func answer(to call: AWSCall) async throws(AWSError) -> HTTPResponse {
        let gate = gate(for: call)
        let client = Client(service: call.service, account: call.account, region: call.endpoint.signingRegion)
        var retry = RetryState(policy, isWrite: call.isWrite)
        while true {
            // The session is opened before the turn comes, so that a turn is not held up by it.
            _ = try await credentials(for: call, attempts: retry.attempts)
            let failure: Failure
            switch try await send(call, through: gate, &retry) {
            case .success(let response):
                learned.withLock { retry.succeeded(&$0.quotas[client, default: RetryQuota()]) }
                return response
            case .failure(let error):
                failure = error
            }
            let action = learned.withLock {
                retry.failed(failure.attempt, &$0.quotas[client, default: RetryQuota()], random: clock.random)
            }
            switch action {
            case .giveUp:
                throw call.error(failure.cause, attempts: retry.attempts)
            case .renewSession:
                guard let credentials = failure.credentials, let cache = call.credentials else {
                    throw call.error(failure.cause, attempts: retry.attempts)
                }
                cache.invalidate(credentials)
            case .retry(let delay):
                do throws(CancellationError) {
                    try await clock.sleep(delay)
                } catch {
                    throw call.error(.cancelled, attempts: retry.attempts)
                }
            }
        }
    }

    /// The rate in requests a second that refusals have taught for an operation of one account and region; nil without
    /// any refusal.
    package func learnedRate(service: AWSService, account: String?, region: String, operation: String) -> Double? {
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

    private func send(
        _ call: AWSCall,
        through gate: RateGate,
        _ retry: inout RetryState
    ) async throws(AWSError) -> Result<HTTPResponse, Failure> {
        let beganAt = clock.uptime()
        let admittedAt: Duration
        do throws(CancellationError) {
            admittedAt = try await gate.enter(clock)
        } catch {
            throw call.error(.cancelled, attempts: retry.attempts)
        }
        // They may have been renewed while the call waited.
        let credentials: Credentials?
        do throws(AWSError) {
            credentials = try await self.credentials(for: call, attempts: retry.attempts)
        } catch {
            gate.leave(.unknown, admittedAt: admittedAt, clock)
            throw error
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
            report(call, retry.attempts, beganAt, admittedAt, .transport(error))
            return .failure(Failure(attempt: attempt, cause: .transport(error), credentials: credentials))
        }
        let result = judge(response, call, credentials, host) { gate.leave($0, admittedAt: admittedAt, clock) }
        if case .failure(let failure) = result {
            report(call, retry.attempts, beganAt, admittedAt, failure.cause)
        } else {
            report(call, retry.attempts, beganAt, admittedAt, nil)
        }
        return result
    }

    private func report(
        _ call: AWSCall,
        _ attempt: Int,
        _ beganAt: Duration,
        _ admittedAt: Duration,
        _ cause: AWSError.Cause?
    ) {
        guard let observe else { return }
        observe(
            AttemptReport(
                service: call.service,
                operation: call.operation,
                account: call.account,
                region: call.endpoint.signingRegion,
                attempt: attempt,
                waited: admittedAt - beganAt,
                took: clock.uptime() - admittedAt,
                failure: cause.map { call.error($0, attempts: attempt) }
            )
        )
    }

    private func judge(
        _ response: HTTPResponse,
        _ call: AWSCall,
        _ credentials: Credentials?,
        _ host: String,
        leave: (AdaptiveRateLimiter.Outcome) -> Void
    ) -> Result<HTTPResponse, Failure> {
        let (skew, isObserved) = learned.withLock { learned in
            func observe(_ skew: inout ClockSkew) -> (ClockSkew, isObserved: Bool) {
                let isObserved = skew.observe(response)
                return (skew, isObserved)
            }
            return observe(&learned.clocks[host, default: ClockSkew()])
        }
        guard !response.isSuccess else {
            leave(.accepted)
            return .success(response)
        }
        let secrets = [credentials?.secretAccessKey, credentials?.sessionToken].compactMap { $0 } + call.secrets
        let answer = ErrorAnswer(reading: response, hiding: secrets)
        let retryClass = answer.retryClass
        leave(retryClass == .throttling ? .throttled : answer.namesCode ? .accepted : .unknown)
        let attempt = FailedAttempt(
            retryClass,
            // A gateway that gave up on the service does not know what became of the request.
            mayHaveHappened: [502, 504].contains(response.status),
            retryAfter: response.headers["x-amz-retry-after"].flatMap(UInt32.init).map { .milliseconds(Int($0)) },
            clockWasCorrected: skew.explains(retryClass, observed: isObserved)
        )
        return .failure(Failure(attempt: attempt, cause: .answered(answer), credentials: credentials))
    }
}
