import Crypto

/// Signs requests with AWS Signature Version 4, in their headers.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
package struct RequestSigner: Sendable {
    private let keys = SigningKeyCache()

    package init() {}

    /// Signs `request` for one service and region at the given time.
    ///
    /// Sets `X-Amz-Date`, `X-Amz-Security-Token` (for temporary credentials) and `Authorization`; all three are replaced
    /// when they are there already, so a request may be signed again for another attempt. Signed are `host`,
    /// `content-type` and every `x-amz-*` field, save the trace id.
    package func sign(
        _ request: inout HTTPRequest,
        with credentials: Credentials,
        service: String,
        region: String,
        at time: Timestamp
    ) {
        let dateAndTime = time.signatureDate
        let date = String(dateAndTime.prefix(8))
        request.headers["Authorization"] = nil
        request.headers["X-Amz-Date"] = dateAndTime
        request.headers["X-Amz-Security-Token"] = credentials.sessionToken

        let canonical = CanonicalRequest(request)
        let scope = "\(date)/\(region)/\(service)/aws4_request"
        let text = "AWS4-HMAC-SHA256\n\(dateAndTime)\n\(scope)\n\(hexadecimal(SHA256.hash(data: canonical.bytes)))"
        let key = keys.key(for: credentials, date: date, region: region, service: service)
        let signature = hexadecimal(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
        request.headers["Authorization"] =
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), "
            + "SignedHeaders=\(canonical.signedHeaders), Signature=\(signature)"
    }
}

/// Lower-case hexadecimal digits of some bytes.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits: StaticString = "0123456789abcdef"
    return digits.withUTF8Buffer { digits in
        var text: [UInt8] = []
        text.reserveCapacity(bytes.underestimatedCount * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
