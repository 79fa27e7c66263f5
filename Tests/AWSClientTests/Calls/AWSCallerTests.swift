import AWSValues
import Synchronization
import Testing

@testable import AWSClient

@Suite struct AWSCallerTests {
    /// What the server saw and how the call ended.
    private func call(
        isWrite: Bool = false,
        credentials: CredentialCache = .fixed(),
        clock: AWSClock = .impatient,
        times: Int = 1,
        handler: @escaping LoopbackServer.Handler
    ) async throws -> (response: HTTPResponse?, error: AWSError?, requests: [LoopbackServer.Request]) {
        try await withLoopbackServer(handler) { server in
            try await withCaller(clock) { caller in
                var call = AWSCall(
                    service: .ecr,
                    operation: "SetRepositoryPolicy",
                    account: "111122223333",
                    endpoint: Endpoint(url: try server.url, signingRegion: "eu-west-1"),
                    headers: ["Content-Type": "application/x-amz-json-1.1"],
                    body: Array("{}".utf8),
                    credentials: credentials
                )
                call.isWrite = isWrite
                var response: HTTPResponse?
                var failure: AWSError?
                for _ in 0..<times {
                    do throws(AWSError) {
                        response = try await caller.answer(to: call)
                    } catch {
                        failure = error
                    }
                }
                return (response, failure, server.requests)
            }
        }
    }

    /// Answers with the first, then the second, and so on; then with the last again and again.
    private func sequence(_ replies: LoopbackServer.Reply...) -> LoopbackServer.Handler {
        let position = ManualCounter()
        return { _ in replies[min(position.next(), replies.count - 1)] }
    }

    private static func refusal(_ code: String, status: Int = 400, headers: [String: String] = [:])
        -> LoopbackServer.Reply
    {
        .answer(status: status, headers: headers, body: #"{"__type":"\#(code)","message":"m"}"#)
    }

    @Test(arguments: [
        refusal("ThrottlingException"), refusal("Rate", status: 429), refusal("ServerException", status: 500),
        .answer(status: 503), refusal("RequestTimeout"),
    ]) func `What may pass is retried, signed anew`(first: LoopbackServer.Reply) async throws {
        let result = try await call(handler: sequence(first, .answer(body: "ok")))
        #expect(result.response?.status == 200)
        #expect(result.requests.count == 2)
        for request in result.requests {
            #expect(request.headers["authorization"]?.contains("SignedHeaders=content-type;host;x-amz-date;") == true)
        }
    }

    @Test func `A reset is retried for a read`() async throws {
        let result = try await call(handler: sequence(.reset, .answer(body: "ok")))
        #expect(result.response?.status == 200)
    }

    @Test(arguments: [
        LoopbackServer.Reply.reset, .raw(""), .raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"),
        .answer(status: 500), .answer(status: 502), .answer(status: 503), .answer(status: 504, body: "<html>"),
    ]) func `A write whose answer is lost is not repeated and says so`(reply: LoopbackServer.Reply) async throws {
        let result = try await call(isWrite: true, handler: sequence(reply, .answer()))
        #expect(result.error?.outcomeIsUnknown == true)
        #expect(result.error?.description.contains("may have happened") == true)
        #expect(result.requests.count == 1)
    }

    @Test func `A write that was throttled is repeated`() async throws {
        let result = try await call(isWrite: true, handler: sequence(Self.refusal("ThrottlingException"), .answer()))
        #expect(result.response?.status == 200)
        #expect(result.requests.count == 2)
    }

    @Test func `Ten attempts are made against throttling, three against failures`() async throws {
        let throttled = try await call(handler: sequence(Self.refusal("ThrottlingException")))
        #expect(throttled.error?.isThrottling == true)
        #expect(throttled.error?.attempts == 10)
        #expect(throttled.requests.count == 10)
        let failing = try await call(handler: sequence(Self.refusal("ServerException", status: 500)))
        #expect(failing.error?.isTransient == true)
        #expect(failing.requests.count == 3)
    }

    @Test(arguments: ["AccessDeniedException", "LimitExceededException", "InvalidParameterException", "Whatever"])
    func `What will not pass is not retried`(code: String) async throws {
        let result = try await call(handler: sequence(Self.refusal(code)))
        #expect(result.error?.code == code)
        #expect(result.requests.count == 1)
    }

    @Test func `An expired session is renewed once, then the call continues`() async throws {
        let renewals = ManualCounter()
        let cache = CredentialCache(clock: .live) { () async throws(CredentialFailure) in
            SessionCredentials(Credentials(accessKeyID: "KEY\(renewals.next())", secretAccessKey: "s"))
        }
        let result = try await call(
            credentials: cache,
            handler: { request in
                request.headers["authorization"]?.contains("KEY0") == true
                    ? Self.refusal("ExpiredTokenException", status: 403) : .answer()
            }
        )
        #expect(result.response?.status == 200)
        #expect(result.requests.count == 2)
        let hopeless = try await call(credentials: cache, handler: sequence(Self.refusal("ExpiredTokenException")))
        #expect(hopeless.error?.isExpiredSession == true)
        #expect(hopeless.requests.count == 4)
    }

    @Test func `A wrong clock is corrected from the answer, and stays corrected`() async throws {
        let clock = ManualClock(Timestamp(CivilDate(year: 2026, month: 5, day: 1, hour: 12)))
        let handler: LoopbackServer.Handler = { request in
            let real = Timestamp(CivilDate(year: 2026, month: 5, day: 1, hour: 12, minute: 20))
            guard request.headers["x-amz-date"]?.hasPrefix("20260501T12200") == true else {
                return Self.refusal("InvalidSignatureException", headers: ["Date": real.httpDate])
            }
            return .answer(headers: ["Date": real.httpDate])
        }
        let result = try await call(clock: clock.clock, times: 2, handler: handler)
        #expect(result.error == nil)
        #expect(
            result.requests.map { $0.headers["x-amz-date"] } == [
                "20260501T120000Z", "20260501T122000Z", "20260501T122000Z",
            ])
    }

    @Test func `A refused signature without a wrong clock is final`() async throws {
        let clock = ManualClock()
        let reply = Self.refusal("InvalidSignatureException", headers: ["Date": clock.now.httpDate])
        let result = try await call(clock: clock.clock, handler: sequence(reply))
        #expect(result.error?.isClockSkew == true)
        #expect(result.requests.count == 1)
    }

    @Test func `A refused signature's message does not leak the token`() async throws {
        let message =
            "The request signature we calculated does not match. The Canonical String for this request "
            + "should have been 'POST\\n/\\n\\nx-amz-security-token:TOKEN+/=secret'"
        let result = try await call(
            credentials: .fixed(
                Credentials(accessKeyID: "A", secretAccessKey: "sssssssss", sessionToken: "TOKEN+/=secret")),
            handler: { _ in
                .answer(
                    status: 403, body: #"{"__type":"InvalidSignatureException","message":"\#(message) TOKEN+/=secret"}"#
                )
            }
        )
        #expect(result.error?.code == "InvalidSignatureException")
        #expect(result.error?.description.contains("TOKEN") == false)
    }

    @Test func `What refusals teach is kept for the next calls`() async throws {
        let count = ManualCounter()
        try await withLoopbackServer { _ in
            count.next() == 5 ? Self.refusal("ThrottlingException") : .answer()
        } _: { server in
            try await withCaller(.live) { caller in
                let call = AWSCall(
                    service: .ecr,
                    operation: "GetRepositoryPolicy",
                    account: "111122223333",
                    endpoint: Endpoint(url: try server.url, signingRegion: "r"),
                    headers: [:],
                    body: [],
                    credentials: nil
                )
                func rate() -> Double? {
                    caller.learnedRate(
                        service: .ecr, account: "111122223333", region: "r", operation: "GetRepositoryPolicy")
                }
                for _ in 0..<5 { _ = try await caller.answer(to: call) }
                #expect(rate() == nil)
                _ = try await caller.answer(to: call)
                #expect(rate() != nil)
                let other = caller.learnedRate(
                    service: .ecr, account: "222233334444", region: "r", operation: "GetRepositoryPolicy")
                #expect(other == nil)
            }
        }
    }

    @Test func `A failure says what was asked where, after how many attempts, without any secret`() async throws {
        try await withLoopbackServer { _ in
            Self.refusal("ThrottlingException")
        } _: { server in
            try await withHTTPClient { client in
                let caller = AWSCaller(client, policy: RetryPolicy(maximumThrottledAttempts: 2), clock: .impatient)
                let call = AWSCall(
                    service: .ecr,
                    operation: "GetRepositoryPolicy",
                    account: "111122223333",
                    endpoint: Endpoint(url: try server.url, signingRegion: "eu-west-1"),
                    headers: [:],
                    body: [],
                    credentials: .fixed()
                )
                let error = await #expect(throws: AWSError.self) { _ = try await caller.answer(to: call) }
                let text = error?.description ?? ""
                #expect(text.hasPrefix("ECR GetRepositoryPolicy in 111122223333/eu-west-1: ThrottlingException"))
                #expect(text.contains("2 attempts"))
                #expect(!text.contains("TOKEN") && !text.contains("wJalr"))
            }
        }
    }

    @Test func `Cancelling a call that waits for its next attempt ends it`() async throws {
        try await withLoopbackServer { _ in
            Self.refusal("ThrottlingException")
        } _: { server in
            try await withHTTPClient { client in
                var clock = AWSClock.live
                clock.random = { 0.999 }
                let caller = AWSCaller(client, clock: clock)
                let call = AWSCall(
                    service: .ecr,
                    operation: "GetRepositoryPolicy",
                    endpoint: Endpoint(url: try server.url, signingRegion: "r"),
                    headers: [:],
                    body: [],
                    credentials: nil
                )
                let task = Task { await error { () async throws(AWSError) in try await caller.answer(to: call) } }
                while server.requests.isEmpty { await Task.yield() }
                task.cancel()
                let failure = await task.value
                #expect(failure?.isCancelled == true || failure?.isThrottling == true)
                #expect(server.requests.count <= 2)
            }
        }
    }
}

/// Counts from 0.
final class ManualCounter: Sendable {
    private let value = Mutex(0)

    func next() -> Int {
        value.withLock { value in
            defer { value += 1 }
            return value
        }
    }
}

extension Timestamp {
    /// As a `Date` header has it.
    var httpDate: String {
        let date = civilDate
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "Mon, \(two(date.day)) \(months[date.month - 1]) \(date.year) "
            + "\(two(date.hour)):\(two(date.minute)):\(two(date.second)) GMT"
    }
}
