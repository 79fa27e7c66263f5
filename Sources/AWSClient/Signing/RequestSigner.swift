package import AWSValues
import Crypto

/// Signs requests with AWS Signature Version 4, in their headers.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
package struct RequestSigner: Sendable {
    private let keys = SigningKeyCache()

    /// Signs `request` for one service and region at the given time.
    ///
    /// Sets `X-Amz-Date`, `X-Amz-Security-Token` (for temporary credentials) and `Authorization`; all three are
    /// replaced when they are there already, so a request may be signed again for another attempt. Signed are `host`,
    /// `content-type` and every `x-amz-*` field, except the trace id. For S3 the path is signed as it is sent, and the
    /// body by `x-amz-content-sha256`, which the request must have and which is not compared with the body here.
    package func sign(
        _ request: inout HTTPRequest,
        with credentials: Credentials,
        service: String,
        region: String,
        at time: Timestamp
    ) {
        let dateAndTime = time.compact
        request.headers.reserveCapacity(request.headers.fields.count + 3)
        request.headers["Authorization"] = nil
        request.headers["X-Amz-Date"] = dateAndTime
        request.headers["X-Amz-Security-Token"] = credentials.sessionToken

        let canonical = CanonicalRequest(request, isForS3: service == "s3")
        let key = keys.key(
            for: credentials, date: String(dateAndTime.prefix(8)), region: region, service: service)
        var text: [UInt8] = []
        text.reserveCapacity(192)
        text.append(contentsOf: "AWS4-HMAC-SHA256\n\(dateAndTime)\n".utf8)
        text.append(contentsOf: key.scope.utf8)
        text.append(UInt8(ascii: "\n"))
        SHA256.hash(data: canonical.bytes).withUnsafeBytes { text.append(hexadecimal: $0) }

        var authorization: [UInt8] = []
        authorization.reserveCapacity(320)
        authorization.append(contentsOf: "AWS4-HMAC-SHA256 Credential=".utf8)
        authorization.append(contentsOf: credentials.accessKeyID.utf8)
        authorization.append(UInt8(ascii: "/"))
        authorization.append(contentsOf: key.scope.utf8)
        authorization.append(contentsOf: ", SignedHeaders=".utf8)
        authorization.append(contentsOf: canonical.signedHeaders)
        authorization.append(contentsOf: ", Signature=".utf8)
        key.authenticationCode(of: text).withUnsafeBytes { authorization.append(hexadecimal: $0) }
        request.headers["Authorization"] = String(decoding: authorization, as: UTF8.self)
    }
}
