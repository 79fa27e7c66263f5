/// A refusal, not yet in the form of a protocol.
struct ServiceError: Error, Hashable, Sendable {
    var code: String
    var message: String
    var status = 400
    /// Whether the fault is the server's.
    var isServerFault: Bool { status >= 500 }
    /// Milliseconds for `x-amz-retry-after`.
    var retryAfterMilliseconds: Int?
    /// What S3 says beside code and message, as elements.
    var details: [S3Field] = []
    /// What S3 says in headers.
    var fields: [S3Field] = []

    init(_ code: String, _ message: String, status: Int = 400) {
        self.code = code
        self.message = message
        self.status = status
    }

    /// The code is spelled `AccessDenied`, with status 403, by STS; see ``spelled(for:)``.
    static func accessDenied(_ message: String) -> ServiceError {
        ServiceError("AccessDeniedException", message)
    }

    static func invalidParameter(_ name: String, _ constraint: String) -> ServiceError {
        ServiceError(
            "InvalidParameterException",
            "Invalid parameter at '\(name)' failed to satisfy constraint: '\(constraint)'"
        )
    }

    /// The spelling of a refusal that has one name in JSON services and another in Query services.
    /// Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html,
    /// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/CommonErrors.html,
    /// https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
    func spelled(for service: AWSService) -> ServiceError {
        guard let (code, status) = ServiceError.spellings[service]?[code] else { return self }
        var spelled = self
        spelled.code = code
        if let status { spelled.status = status }
        return spelled
    }

    private static let querySpellings: [String: (code: String, status: Int?)] = [
        "AccessDeniedException": ("AccessDenied", 403),
        "ThrottlingException": ("Throttling", nil),
        "ThrottleException": ("Throttling", nil),
        "UnrecognizedClientException": ("InvalidClientTokenId", 403),
        "InvalidSignatureException": ("SignatureDoesNotMatch", 403),
        "ExpiredTokenException": ("ExpiredToken", 403),
        "IncompleteSignatureException": ("IncompleteSignature", 400),
        "MissingAuthenticationTokenException": ("MissingAuthenticationToken", 403),
        "UnknownOperationException": ("InvalidAction", 400),
        "ServerException": ("InternalFailure", nil),
    ]
    private static let spellings: [AWSService: [String: (code: String, status: Int?)]] = [
        .s3: [
            "AccessDeniedException": ("AccessDenied", 403),
            "ThrottlingException": ("SlowDown", 503),
            "ThrottleException": ("SlowDown", 503),
            "UnrecognizedClientException": ("InvalidAccessKeyId", 403),
            "InvalidSignatureException": ("SignatureDoesNotMatch", 403),
            "RequestTimeTooSkewed": ("RequestTimeTooSkewed", 403),
            "ExpiredTokenException": ("ExpiredToken", 400),
            "IncompleteSignatureException": ("AuthorizationHeaderMalformed", 400),
            "MissingAuthenticationTokenException": ("AccessDenied", 403),
            "ServerException": ("InternalError", nil),
        ],
        .sts: querySpellings,
        .iam: querySpellings,
        .organizations: [
            "ThrottlingException": ("TooManyRequestsException", nil),
            "ThrottleException": ("TooManyRequestsException", nil),
            "ServerException": ("ServiceException", nil),
        ],
    ]
}
