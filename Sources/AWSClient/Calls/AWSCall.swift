package import AWSValues

/// One call to an AWS operation, before signing.
package struct AWSCall: Sendable {
    package var service: AWSService
    /// AWS's name for it.
    package var operation: String
    /// The account that pays for it, nil where it is not known yet. Rates are learned per account.
    package var account: AccountID?
    package var endpoint: Endpoint
    package var method: HTTPRequest.Method = .post
    /// What follows the endpoint's path; empty for most services.
    package var path = ""
    package var query = ""
    package var headers: HTTPHeaders
    package var body: [UInt8]
    /// Whether it changes something. Such a call is not repeated when it may have happened.
    package var isWrite = false
    /// Whether it may be repeated although it changes something and may have happened: doing it twice is doing it once.
    package var isIdempotent = false
    /// What it is about, in messages, where the account and region do not say it: an object as `s3://BUCKET/KEY`.
    package var resource: String?
    /// As ``HTTPRequest/totalTimeout``.
    package var totalTimeout: Duration?
    /// As ``HTTPRequest/maximumResponseSize``.
    package var maximumResponseSize: Int?
    /// Nil for a call that is not signed.
    package var credentials: CredentialCache?
    /// Texts that must not come out in an error, beside those of the credentials.
    package var secrets: [String] = []

    /// How long a write may wait for a connection: what it replaces was looked at right before. A write of S3 carries
    /// its condition itself.
    private static let maximumWaitOfWrites: Duration = .seconds(1)

    /// The request without a signature.
    var request: HTTPRequest {
        var url = endpoint.url
        if !path.isEmpty { url.path = (url.path == "/" ? "" : url.path) + path }
        url.query = query
        var request = HTTPRequest(method: method, url: url, headers: headers, body: body)
        request.mayBeRepeated = !isWrite || isIdempotent
        request.maximumWait = isWrite && service != .s3 ? AWSCall.maximumWaitOfWrites : nil
        request.totalTimeout = totalTimeout
        request.maximumResponseSize = maximumResponseSize
        return request
    }

    /// The id of an answer, unless it is something else.
    func requestID(of response: HTTPResponse) -> String? {
        response.requestID.flatMap { ErrorAnswer.harmless($0, hiding: secrets + (credentials?.atHand?.secrets ?? [])) }
    }

    /// A successful answer does not say what it must.
    func unreadable(_ response: HTTPResponse, _ reason: String) -> AWSError {
        error(
            .unreadable(reason: reason, httpStatus: response.status, requestID: requestID(of: response)), attempts: 1)
    }

    /// An error of this call; `signedWith` are the credentials that it was sent with.
    func error(_ cause: AWSError.Cause, attempts: Int = 0, signedWith: Credentials? = nil) -> AWSError {
        AWSError(
            service: service,
            operation: operation,
            account: account,
            region: endpoint.signingRegion,
            isWrite: isWrite,
            attempts: attempts,
            endpointOrigin: endpoint.origin,
            resource: resource,
            token: AWSError.Token(of: signedWith),
            cause: cause
        )
    }
}
