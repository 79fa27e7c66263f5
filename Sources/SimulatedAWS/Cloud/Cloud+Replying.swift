import Synchronization
import NIOHTTP1

extension Cloud {
    /// Answers one request of a client. ``finish(_:)`` must follow once the answer is delivered.
    func reply(to request: WireRequest) -> Reply {
        var target = RequestTarget(request)
        var caller: Identity?
        do throws(ServiceError) {
            let authorization = try Authorization(request)
            target.region = authorization.region
            let (signer, now, skewCode) = state.withLock {
                ($0.identities[authorization.keyID], $0.now, $0.faults.skewErrorCode)
            }
            guard let signer else { throw SignatureCheck.unknownKey }
            caller = signer
            guard let service = target.service, let input = target.input else {
                throw target.error ?? ServiceError("UnknownOperationException", "")
            }
            try signatures.check(
                request,
                authorization,
                for: service,
                signer: signer,
                now: now,
                skewCode: skewCode
            )
            let call = Call(
                service: service,
                operation: target.operation,
                region: authorization.region,
                caller: signer,
                input: input,
                repository: target.repository,
                object: target.object,
                roleAccount: target.roleAccount
            )
            return handle(call)
        } catch {
            return refuse(error, target, caller)
        }
    }

    /// Ends the time in flight of a call.
    func finish(_ key: CallKey) {
        state.withLock { $0.ledger.end(key) }
    }

    private func handle(_ call: Call) -> Reply {
        let (outcome, format, date) = state.withLock { state in
            state.uptime = Cloud.uptime
            state.ledger.begin(call.key)
            let requestID = state.random.requestID()
            var outcome = state.handle(call)
            if case .failure(let error) = outcome.result {
                outcome.result = .failure(error.spelled(for: call.service))
            }
            state.ledger.record(
                RecordedCall(
                    key: call.key,
                    repository: call.repository,
                    object: call.object,
                    requestID: requestID,
                    error: outcome.recordedError
                )
            )
            let format = WireFormat(
                service: call.service,
                operation: call.operation,
                requestID: requestID,
                namespacesErrors: state.faults.namespacesErrors
            )
            return (outcome, format, state.now)
        }
        return reply(outcome, format, date, call.key)
    }

    /// Refuses what could not be authenticated or understood.
    private func refuse(_ error: ServiceError, _ target: RequestTarget, _ caller: Identity?) -> Reply {
        let service = target.service ?? .ecr
        let error = error.spelled(for: service)
        let key = CallKey(account: caller?.account ?? "", region: target.region, operation: target.operation)
        let (format, date) = state.withLock { state in
            let requestID = state.random.requestID()
            state.ledger.begin(key)
            state.ledger.record(
                RecordedCall(
                    key: key, repository: target.repository, object: target.object, requestID: requestID,
                    error: error.code)
            )
            let format = WireFormat(
                service: service,
                operation: target.operation,
                requestID: requestID,
                namespacesErrors: state.faults.namespacesErrors
            )
            return (format, state.now)
        }
        return reply(Outcome(result: .failure(error)), format, date, key)
    }

    private func reply(_ outcome: Outcome, _ format: WireFormat, _ date: Timestamp, _ key: CallKey) -> Reply {
        let commonHeaders = HTTPHeaders([(format.requestIDHeader, format.requestID), ("date", date.http)])
        var headers = commonHeaders
        var reply: Reply
        switch outcome.result {
        case .success(.s3(let answer)):
            for field in answer.fields { headers.add(name: field.name, value: field.value) }
            reply = Reply(
                status: answer.status, contentType: answer.contentType, body: answer.body, headers: headers)
            if let length = answer.announcedLength {
                reply.headers.replaceOrAdd(name: "content-length", value: String(length))
            }
        case .success(let payload):
            reply = Reply(status: 200, contentType: format.contentType, body: format.body(payload), headers: headers)
        case .failure(let error):
            if let milliseconds = error.retryAfterMilliseconds {
                headers.add(name: "x-amz-retry-after", value: String(milliseconds))
            }
            for field in error.fields { headers.add(name: field.name, value: field.value) }
            let body = format.body(error, form: outcome.errorBody)
            reply = Reply(status: error.status, contentType: body.contentType, body: body.bytes, headers: headers)
        }
        if case .replaced(let status, let body) = outcome.delivery {
            reply = Reply(
                status: status, contentType: format.contentType, body: Array(body.utf8), headers: commonHeaders)
        } else {
            reply.delivery = outcome.delivery
        }
        reply.delay = outcome.delay
        reply.key = key
        return reply
    }
}

extension Outcome {
    fileprivate var recordedError: String? {
        switch delivery {
        case .reset: return "reset"
        case .stall: return "stall"
        case .cut: return "cut"
        case .corrupt: return "corrupt"
        case .replaced(let status, _): return status == 200 ? nil : "http-\(status)"
        case .whole, .drip: break
        }
        if case .failure(let error) = result { return error.code }
        return nil
    }
}
