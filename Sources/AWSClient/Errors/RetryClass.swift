/// How a failed attempt is to be met.
package enum RetryClass: Hashable, Sendable {
    /// The service asks to be slower.
    case throttling
    /// It may well work in a moment.
    case transient
    /// The signature's time was off. Worth another attempt only if the response had the right time.
    case clockSkew
    /// As ``clockSkew``, but the code also has other causes.
    case possibleClockSkew
    /// The session has ended; a new one may be let in.
    case expiredSession
    /// Final.
    case final
}

extension ErrorAnswer {
    /// Whether the request may have had an effect all the same: a service or gateway that fails does not know what
    /// became of it. One that refuses does, one that says that it cannot do such a thing at all (501) included.
    package var leavesOutcomeOpen: Bool { httpStatus >= 500 && httpStatus != 501 && retryClass != .throttling }

    /// The class that code and status put the answer into.
    ///
    /// Source: the lists of the AWS SDKs (botocore `retries/standard.py`, aws-sdk-go-v2 `aws/retry`), with two changes:
    /// status 429 throttles whatever the code, as ECR's guide describes it, and `LimitExceededException` does not,
    /// since with ECR it means a full quota, which waiting does not fix. A conditional write that S3 refuses because of
    /// another one at the same time has had no effect:
    /// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    package var retryClass: RetryClass {
        if ErrorAnswer.throttlingCodes.contains(code) || (httpStatus == 429 && code != "LimitExceededException") {
            return .throttling
        }
        if ErrorAnswer.expiredSessionCodes.contains(code) { return .expiredSession }
        if ErrorAnswer.clockSkewCodes.contains(code) { return .clockSkew }
        if ErrorAnswer.possibleClockSkewCodes.contains(code) { return .possibleClockSkew }
        if ErrorAnswer.transientCodes.contains(code) || [500, 502, 503, 504].contains(httpStatus) { return .transient }
        return .final
    }

    private static let throttlingCodes: Set = [
        "Throttling", "ThrottlingException", "ThrottledException", "ThrottleException", "RequestThrottled",
        "RequestThrottledException", "TooManyRequestsException", "ProvisionedThroughputExceededException",
        "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded", "SlowDown",
        "PriorRequestNotComplete", "EC2ThrottledException",
    ]
    private static let transientCodes: Set = [
        "RequestTimeout", "RequestTimeoutException", "InternalFailure", "InternalError", "ServerException",
        "ServiceUnavailable", "ServiceUnavailableException", "IDPCommunicationError", "ConditionalRequestConflict",
        "OperationAborted",
    ]
    private static let expiredSessionCodes: Set = ["ExpiredToken", "ExpiredTokenException"]
    private static let clockSkewCodes: Set = ["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"]
    private static let possibleClockSkewCodes: Set = [
        "InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure",
    ]
}
