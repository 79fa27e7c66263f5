import AWSValues
import Testing

@testable import AWSClient

@Suite struct ErrorAnswerTests {
    private func read(_ status: Int, _ body: String, _ headers: HTTPHeaders = [:]) -> ErrorAnswer {
        let time = Timestamp(secondsSinceEpoch: 0)
        let response = HTTPResponse(
            status: status,
            headers: headers,
            body: Array(body.utf8),
            sentAt: time,
            receivedAt: time
        )
        return ErrorAnswer(reading: response, hiding: ["secret-token"])
    }

    @Test(arguments: [
        (#"{"__type":"RepositoryNotFoundException","message":"m"}"#, "RepositoryNotFoundException", "m"),
        (#"{"__type":"com.amazonaws.ecr#ServerException:http://x#y","Message":"m"}"#, "ServerException", "m"),
        (#"{"__type":"a#b#C"}"#, "C", ""), (#"{"code":"C","message":"m"}"#, "C", "m"),
        (#"{"message":"m"}"#, "FromHeader", "m"), ("", "FromHeader", ""), ("<html>", "FromHeader", ""),
        ("{", "FromHeader", ""),
        ("<ErrorResponse><Error><Code>A</Code><Message>m</Message></Error></ErrorResponse>", "A", "m"),
        ("<ErrorResponse><Errors><Error><Code>A</Code><Message>m</Message></Error></Errors></ErrorResponse>", "A", "m"),
        (" \n<Error><Code>A</Code></Error>", "A", ""),
        ("<!DOCTYPE x><Error><Code>A</Code></Error>", "FromHeader", ""),
        (#"{"__type":"C","message":"line 1\nline 2 secret-token"}"#, "C", "line 1 line 2 [hidden]"),
    ]) func `Code and message are found in every body that AWS sends`(body: String, code: String, message: String) {
        let answer = read(400, body, ["X-Amzn-ErrorType": "FromHeader:http://x"])
        #expect(answer.code == code)
        #expect(answer.message == message)
        #expect(answer.httpStatus == 400)
    }

    @Test(arguments: ["", "<html><body>Bad gateway</body></html>", "plain", "{}", "[]", "\u{0}\u{1}"])
    func `Without a code the status replaces it`(body: String) {
        let answer = read(502, body, ["Content-Type": "text/html"])
        #expect(answer.code == "http-502")
        #expect(!answer.namesCode)
        #expect(answer.message.contains("not an AWS error document"))
        #expect(answer.retryClass == .transient)
    }

    @Test func `The request id is taken from the headers, else from the body`() {
        let body = "<ErrorResponse><Error><Code>A</Code></Error><RequestId>body</RequestId></ErrorResponse>"
        #expect(read(400, body).requestID == "body")
        #expect(read(400, body, ["X-AMZN-RequestId": "head"]).requestID == "head")
        #expect(read(400, "").requestID == nil)
    }

    @Test(arguments: [
        #"{"__type":"AWS4-HMAC-SHA256 Credential=A/b, Signature=c","message":"m"}"#, #"{"__type":"secret-token"}"#,
        #"{"__type":"a\u001b]0;owned\u0007"}"#, #"{"__type":"a\u202eb"}"#, #"{"__type":"AKIAIOSFODNN7EXAMPLE"}"#,
    ]) func `What is not a code is not taken for one`(body: String) {
        let answer = read(400, body, ["x-amzn-requestid": "secret-token"])
        #expect(answer.code == "http-400")
        #expect(answer.requestID == nil)
        #expect(read(400, "", ["x-amzn-requestid": "a\u{9b}31m"]).requestID == nil)
    }

    @Test func `A secret that is cut, by whomever, is hidden as far as it is there`() {
        let token = "IQoJb3JpZ2luX2VjEBYaCXVzLWVhc3QtMSJHMEUCIQDq4Kx0Gm7T3xvXCYqYh2Zr5N1cPs9kLbV6t"
        func read(_ body: String, _ headers: HTTPHeaders) -> ErrorAnswer {
            let time = Timestamp(secondsSinceEpoch: 0)
            return ErrorAnswer(
                reading: HTTPResponse(
                    status: 400, headers: headers, body: Array(body.utf8), sentAt: time, receivedAt: time),
                hiding: [token])
        }
        for part in [token, String(token.prefix(64)), String(token.prefix(20)), String(token.suffix(12))] {
            #expect(read("x", ["Content-Type": part]).message.hasSuffix("1 bytes of [hidden]"))
            #expect(read("x", ["Content-Type": "text/html; charset=\(part)"]).message.contains(part) == false)
            let answer = read(#"{"__type":"\#(part)","message":"x"}"#, ["x-amzn-requestid": part])
            #expect(answer.code == "http-400" && answer.requestID == nil)
        }
        #expect(read("x", ["Content-Type": String(repeating: "x", count: 999)]).message.count < 200)
    }

    @Test func `The request id of a success that cannot be read is none of the call's secrets`() async throws {
        let session = Credentials(
            accessKeyID: "ASIAEXAMPLE", secretAccessKey: "s", sessionToken: "FwoGZXIvYXdzEBYaDHqa0")
        let cache = CredentialCache.fixed(session)
        _ = try await cache.credentials()
        var call = AWSCall(
            service: .ecr, operation: "o",
            endpoint: try EndpointResolver().endpoint(for: .ecr, region: "us-east-1"), headers: [:],
            body: [], credentials: cache)
        call.secrets = ["bearer-of-everything"]
        let time = Timestamp(secondsSinceEpoch: 0)
        for (id, isKept) in [("FwoGZXIvYXdzEBYa", false), ("bearer-of-everything", false), ("0a1b-2c", true)] {
            let headers: HTTPHeaders = ["x-amzn-requestid": id]
            let json = HTTPResponse(status: 200, headers: headers, body: [], sentAt: time, receivedAt: time)
            #expect(throws: AWSError.self) { try JSONAnswer(json, to: call) }
            do throws(AWSError) { _ = try JSONAnswer(json, to: call) } catch {
                #expect((error.requestID == id) == isKept)
            }
            do throws(AWSError) { _ = try QueryAnswer(json, to: call) } catch {
                #expect((error.requestID == id) == isKept)
            }
        }
    }

    @Test func `A message of any length is bounded`() {
        let answer = read(400, #"{"__type":"C","message":"\#(String(repeating: "x", count: 100_000))"}"#)
        #expect(answer.message.count < 1_100)
    }

    @Test(arguments: [
        ("Throttling", 400, RetryClass.throttling), ("ThrottlingException", 400, .throttling),
        ("TooManyRequestsException", 400, .throttling), ("ThrottleException", 400, .throttling),
        ("Anything", 429, .throttling), ("LimitExceededException", 400, .final),
        ("LimitExceededException", 429, .final),
        ("ServerException", 500, .transient), ("Anything", 503, .transient), ("Anything", 501, .final),
        ("RequestTimeout", 400, .transient), ("IDPCommunicationError", 400, .transient),
        ("ExpiredTokenException", 400, .expiredSession), ("ExpiredToken", 403, .expiredSession),
        ("RequestExpired", 400, .clockSkew), ("RequestTimeTooSkewed", 403, .clockSkew),
        ("InvalidSignatureException", 400, .possibleClockSkew), ("SignatureDoesNotMatch", 403, .possibleClockSkew),
        ("AccessDeniedException", 400, .final), ("UnrecognizedClientException", 400, .final),
    ]) func `Code and status give the class`(code: String, status: Int, expected: RetryClass) {
        #expect(ErrorAnswer(code: code, message: "", httpStatus: status).retryClass == expected)
    }
}

@Suite struct AWSErrorTests {
    private func error(_ code: String, _ message: String = "m", status: Int = 400, isWrite: Bool = false) -> AWSError {
        AWSError(
            service: .ecr,
            operation: "SetRepositoryPolicy",
            account: "111122223333",
            region: "eu-west-1",
            isWrite: isWrite,
            attempts: 2,
            cause: .answered(ErrorAnswer(code: code, message: message, requestID: "req", httpStatus: status))
        )
    }

    @Test func `One line says what, where, why, and AWS's own code and request id`() {
        #expect(
            error("RepositoryNotFoundException").description
                == "ECR SetRepositoryPolicy in 111122223333/eu-west-1: RepositoryNotFoundException: m "
                + "(HTTP 400, request id req, 2 attempts)"
        )
    }

    @Test func `The error answers for itself`() {
        #expect(error("AccessDeniedException").isAccessDenied)
        #expect(error("AccessDenied", status: 403).isAccessDenied)
        #expect(error("RepositoryNotFoundException").isRepositoryNotFound)
        #expect(error("RepositoryPolicyNotFoundException").isRepositoryPolicyNotFound)
        #expect(error("ThrottlingException").isThrottling)
        #expect(error("ServerException", status: 500).isTransient)
        #expect(error("ExpiredTokenException").isExpiredSession)
        #expect(error("InvalidSignatureException").isClockSkew)
        let constraint = "Invalid parameter at 'PolicyText' failed to satisfy constraint: "
        #expect(error("InvalidParameterException", constraint + "'Principal not found'").isPrincipalNotFound)
        #expect(
            !error("InvalidParameterException", constraint + "'Invalid repository policy provided'").isPrincipalNotFound
        )
        #expect(!error("ServerException", "Principal not found").isPrincipalNotFound)
    }

    @Test func `Only a write can have an unknown outcome`() {
        for status in [500, 502, 504] {
            #expect(error("http-\(status)", status: status, isWrite: true).outcomeIsUnknown)
            #expect(!error("http-\(status)", status: status, isWrite: false).outcomeIsUnknown)
        }
        #expect(!error("AccessDeniedException", isWrite: true).outcomeIsUnknown)
        for (sent, isWrite) in [(true, true), (true, false), (false, true)] {
            let cause = HTTPError(kind: .timedOut, reason: "r", host: "h", mayHaveReachedServer: sent)
            let lost = AWSError(service: .ecr, operation: "o", isWrite: isWrite, cause: .transport(cause))
            #expect(lost.outcomeIsUnknown == (sent && isWrite))
            #expect(lost.isTransient)
        }
    }
}
