/// What a call comes to.
struct Outcome: Sendable {
    enum Payload: Sendable {
        case json(JSON)
        /// The elements inside the result element of an XML answer.
        case xml(String)
        case s3(S3Answer)
    }

    var result: Result<Payload, ServiceError>
    var delivery = Delivery.whole
    /// Seconds before the first byte of the answer.
    var delay = 0.0
    var errorBody = FaultRule.ErrorBody.native
}

/// How an answer goes over the wire.
enum Delivery: Hashable, Sendable {
    case whole
    case reset
    case cut
    case corrupt
    case stall
    /// In ten pieces over this many seconds.
    case drip(Double)
    /// With another status and body than the service's own.
    case replaced(status: Int, body: String)
}

extension CloudState {
    /// Handles a call whose signature was right: counts, faults, and the operation itself.
    mutating func handle(_ call: Call) -> Outcome {
        var outcome = Outcome(result: .failure(ServiceError("InternalFailure", "", status: 500)))
        outcome.delay = latency()
        if let refusal = rateLimited(call) {
            outcome.result = .failure(refusal)
            return outcome
        }
        if let scripted = handleByScript(call) ?? handleByObjectScript(call) { return scripted }
        carryOut(call, firstEffect(on: call, delay: &outcome.delay), &outcome)
        return outcome
    }

    /// Lets a call take effect, or not, as `effect` wants it. Returns whether it did.
    @discardableResult
    mutating func carryOut(_ call: Call, _ effect: FaultRule.Effect?, _ outcome: inout Outcome) -> Bool {
        var isWorkDone = true
        var refusal: ServiceError?
        if let effect {
            switch effect {
            case .throttle(let status, let retryAfter):
                isWorkDone = false
                refusal = CloudState.throttling(status: status, retryAfterMilliseconds: retryAfter)
            case .serverError(let status, let body, let afterWork):
                isWorkDone = afterWork
                outcome.errorBody = body
                refusal = ServiceError("ServerException", "The server could not handle the request.", status: status)
                if status == 503 { refusal?.code = "ServiceUnavailable" }
            case .refuse(let code, let message, let status):
                isWorkDone = false
                refusal = ServiceError(code, message, status: status)
            case .answer(let status, let body, let afterWork):
                isWorkDone = afterWork
                outcome.delivery = .replaced(status: status, body: body)
            case .resetBeforeWork:
                isWorkDone = false
                outcome.delivery = .reset
            case .resetAfterWork: outcome.delivery = .reset
            case .cut: outcome.delivery = .cut
            case .corrupt: outcome.delivery = .corrupt
            case .stall: outcome.delivery = .stall
            case .drip(let milliseconds): outcome.delivery = .drip(milliseconds / 1000)
            case .delay: break
            case .expireSession:
                let now = now
                identities[call.caller.keyID]?.session?.end = now
            }
        }
        if isWorkDone { outcome.result = perform(call) }
        let isDone = if isWorkDone, case .success = outcome.result { true } else { false }
        if let refusal { outcome.result = .failure(refusal) }
        return isDone
    }

    /// Runs the operation, for callers whose session still lasts.
    private mutating func perform(_ call: Call) -> Result<Outcome.Payload, ServiceError> {
        do throws(ServiceError) {
            try countSessionCall(call)
            switch (call.service, call.input) {
            case (.s3, .s3(let input)): return .success(.s3(try performS3(call, input)))
            case (.ecr, .json(let input)): return .success(.json(try performECR(call, input)))
            case (.organizations, .json(let input)): return .success(.json(try performOrganizations(call, input)))
            case (.sts, .form(let input)): return .success(.xml(try performSTS(call, input)))
            case (.iam, .form(let input)): return .success(.xml(try performIAM(call, input)))
            default: return .failure(ServiceError("UnknownOperationException", ""))
            }
        } catch {
            return .failure(error)
        }
    }

    private mutating func countSessionCall(_ call: Call) throws(ServiceError) {
        guard let session = identities[call.caller.keyID]?.session else { return }
        identities[call.caller.keyID]?.session?.calls += 1
        let now = now
        if let limit = faults.sessionCalls, session.calls >= limit, session.end > now {
            identities[call.caller.keyID]?.session?.end = now
            throw CloudState.expired
        }
        guard session.end > now else { throw CloudState.expired }
    }

    static var expired: ServiceError {
        ServiceError("ExpiredTokenException", "The security token included in the request is expired")
    }

    private mutating func latency() -> Double {
        guard faults.jitterMilliseconds > 0 else { return faults.latencyMilliseconds / 1000 }
        return (faults.latencyMilliseconds + Double.random(in: 0..<faults.jitterMilliseconds, using: &random)) / 1000
    }

    static func throttling(status: Int, retryAfterMilliseconds: Int?) -> ServiceError {
        // ECR's guide names the second form: https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors.html
        let code = status == 429 ? "ThrottleException" : "ThrottlingException"
        var error = ServiceError(code, "Rate exceeded", status: status)
        error.retryAfterMilliseconds = retryAfterMilliseconds
        return error
    }

    private mutating func rateLimited(_ call: Call) -> ServiceError? {
        var refusal: ServiceError?
        for (index, limit) in faults.rateLimits.enumerated() where limit.target.includes(call) {
            let key = BucketKey(limit: index, key: call.key)
            let full = TokenBucket(
                perSecond: limit.perSecond,
                capacity: limit.burst ?? limit.perSecond,
                at: uptime
            )
            guard buckets[key, default: full].take(at: uptime) else {
                refusal = CloudState.throttling(
                    status: limit.status,
                    retryAfterMilliseconds: limit.retryAfterMilliseconds
                )
                continue
            }
        }
        return refusal
    }

    /// The first rule that hits decides; the delays of the rules before it add up.
    private mutating func firstEffect(on call: Call, delay: inout Double) -> FaultRule.Effect? {
        for (index, rule) in faults.rules.enumerated() where rule.target.includes(call) {
            let scope =
                switch rule.each {
                case .world: ""
                case .account: call.roleAccount ?? call.caller.account
                case .object: call.object ?? ""
                case .repository: "\(call.caller.account) \(call.region) \(call.repository ?? "")"
                }
            if rule.probability < 1, Double.random(in: 0..<1, using: &random) >= rule.probability { continue }
            let number = matches[RuleScope(rule: index, scope: scope), default: 0]
            matches[RuleScope(rule: index, scope: scope)] = number + 1
            guard number >= rule.skip, number - rule.skip < rule.count ?? .max else { continue }
            guard case .delay(let milliseconds) = rule.effect else { return rule.effect }
            delay += milliseconds / 1000
        }
        return nil
    }
}
