import NIOHTTP1
import Crypto
import Synchronization

/// Checks signatures of Signature Version 4, with a cache of the keys that are derived from secrets.
///
/// It is written apart from the program's own signer, so that a mistake there is not repeated by its judge.
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv4.html
final class SignatureCheck: Sendable {
    private struct KeyScope: Hashable {
        var keyID, date, region, service: String
    }

    /// Each has taken in its key.
    private let keys = Mutex<[KeyScope: HMAC<SHA256>]>([:])

    /// Refuses a request to a service whose signature, date or session token is not right.
    ///
    /// The skew code is the code for a date outside the window, in place of the usual one.
    func check(
        _ request: WireRequest,
        _ authorization: Authorization,
        for service: AWSService,
        signer: Identity,
        now: Timestamp,
        skewCode: String?
    ) throws(ServiceError) {
        guard authorization.service == service.rawValue else {
            throw SignatureCheck.invalid("Credential should be scoped to correct service: '\(service.rawValue)'. ")
        }
        // Organizations and IAM have one region in each partition, wherever the caller is.
        let home =
            switch service {
            case .organizations: Partition.organizationsRegion(ofRegion: authorization.region)
            case .iam: Partition.iamRegion(ofRegion: authorization.region)
            case .ecr, .sts, .s3: authorization.region
            }
        guard Partition.isRegion(authorization.region), authorization.region == home else {
            throw SignatureCheck.invalid("Credential should be scoped to a valid region. ")
        }
        // Credentials mean nothing in another partition.
        guard signer.partition == Partition.name(ofRegion: authorization.region) else {
            throw SignatureCheck.unknownKey
        }
        guard request.header("x-amz-security-token") == signer.session?.token else {
            throw SignatureCheck.unknownKey
        }
        let usualSkewCode = service == .s3 ? "RequestTimeTooSkewed" : "InvalidSignatureException"
        let date = try checkDate(request, authorization, now: now, skewCode: skewCode ?? usualSkewCode)
        try checkHeaders(request, authorization)

        if service != .s3, let stated = request.header("x-amz-content-sha256"),
            stated != SHA256.hash(data: request.body).hexadecimal
        {
            throw SignatureCheck.invalid("The value of X-Amz-Content-Sha256 does not fit the body.")
        }
        guard signature(of: request, authorization, date: date, secret: signer.secret) == authorization.signature else {
            throw SignatureCheck.invalid(
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
                    + "Access Key and signing method. Consult the service documentation for details."
            )
        }
        if service == .s3 { try checkContentHash(request) }
    }

    /// For S3 the header says what of the body is signed.
    /// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
    private func checkContentHash(_ request: WireRequest) throws(ServiceError) {
        guard let stated = request.header("x-amz-content-sha256") else {
            throw ServiceError("InvalidRequest", "Missing required header for this request: x-amz-content-sha256")
        }
        guard stated != "UNSIGNED-PAYLOAD" else { return }
        guard !stated.hasPrefix("STREAMING-") else { throw S3Error.notImplemented }
        let actual = SHA256.hash(data: request.body).hexadecimal
        guard stated == actual else { throw S3Error.wrongContentHash(stated: stated, actual: actual) }
    }

    /// The signature that a request should carry; the date is the value of its `X-Amz-Date`.
    func signature(of request: WireRequest, _ authorization: Authorization, date: String, secret: String) -> String {
        let isForS3 = authorization.service == AWSService.s3.rawValue
        let stated = isForS3 ? request.header("x-amz-content-sha256") : nil
        let canonical = CanonicalRequest(
            request,
            signedHeaders: authorization.signedHeaders,
            payloadHash: stated ?? SHA256.hash(data: request.body).hexadecimal,
            isForS3: isForS3
        )
        let scope = "\(authorization.date)/\(authorization.region)/\(authorization.service)/aws4_request"
        let canonicalHash = SHA256.hash(data: canonical.bytes).hexadecimal
        let text = "AWS4-HMAC-SHA256\n\(date)\n\(scope)\n\(canonicalHash)"
        var code = code(authorization, secret: secret)
        code.update(data: Array(text.utf8))
        return code.finalize().hexadecimal
    }

    static var unknownKey: ServiceError {
        ServiceError("UnrecognizedClientException", "The security token included in the request is invalid.")
    }

    /// The date that was signed, once it is within 15 minutes of the clock.
    private func checkDate(
        _ request: WireRequest,
        _ authorization: Authorization,
        now: Timestamp,
        skewCode: String
    ) throws(ServiceError) -> String {
        guard let text = request.header("x-amz-date"), let date = Timestamp(basic: text) else {
            throw ServiceError(
                "IncompleteSignatureException",
                "Date must be in ISO-8601 'basic format'. Authorization header requires existence of either a "
                    + "'X-Amz-Date' or a 'Date' header."
            )
        }
        guard text.hasPrefix(authorization.date) else {
            throw SignatureCheck.invalid(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                    + "'\(authorization.date)' != '\(text.prefix(8))', from '\(text)'."
            )
        }
        let code = skewCode
        guard date >= now + -900 else {
            throw ServiceError(
                code,
                "Signature expired: \(text) is now earlier than \((now + -900).basic) (\(now.basic) - 15 min.)"
            )
        }
        guard date <= now + 900 else {
            throw ServiceError(
                code,
                "Signature not yet current: \(text) is still later than \((now + 900).basic) (\(now.basic) + 15 min.)"
            )
        }
        return text
    }

    /// `host` and every `x-amz-…` header must be signed, and what is signed must be there.
    private func checkHeaders(_ request: WireRequest, _ authorization: Authorization) throws(ServiceError) {
        let mandatory = request.headers.lazy.map { $0.name.lowercased() }.filter { $0.hasPrefix("x-amz-") }
        guard authorization.signedHeaders.contains("host") else {
            throw SignatureCheck.invalid("'host' must be a 'SignedHeader' in the AWS Authorization.")
        }
        for name in mandatory where !authorization.signedHeaders.contains(name) {
            throw SignatureCheck.invalid("'\(name)' must be a 'SignedHeader' in the AWS Authorization.")
        }
        for name in authorization.signedHeaders where !request.headers.contains(name: name) {
            throw SignatureCheck.invalid("The signed header '\(name)' is not in the request.")
        }
    }

    private func code(_ authorization: Authorization, secret: String) -> HMAC<SHA256> {
        let scope = KeyScope(
            keyID: authorization.keyID,
            date: authorization.date,
            region: authorization.region,
            service: authorization.service
        )
        if let code = keys.withLock({ $0[scope] }) { return code }
        var key = SymmetricKey(data: Array("AWS4\(secret)".utf8))
        for part in [scope.date, scope.region, scope.service, "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        let code = HMAC<SHA256>(key: key)
        keys.withLock { keys in
            // Sessions come and go; the cache need not remember all of them.
            if keys.count > 100_000 { keys.removeAll() }
            keys[scope] = code
        }
        return code
    }

    private static func invalid(_ message: String) -> ServiceError {
        ServiceError("InvalidSignatureException", message)
    }
}

extension Sequence<UInt8> {
    /// Two lower-case digits for each byte.
    var hexadecimal: String {
        let digits: StaticString = "0123456789abcdef"
        var text: [UInt8] = []
        text.reserveCapacity(2 * underestimatedCount)
        for byte in self {
            text.append(digits.utf8Start[Int(byte >> 4)])
            text.append(digits.utf8Start[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
