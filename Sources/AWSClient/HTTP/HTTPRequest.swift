/// One request, ready to be sent.
package struct HTTPRequest: Sendable {
    /// The methods that AWS is asked with.
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    /// Which hosts may be spoken to without TLS.
    package enum PlainTextRule: Sendable {
        /// This machine only.
        case loopbackOnly
        /// Also the link-local addresses where AWS hands out credentials inside a machine or a container.
        case loopbackAndCredentialHosts
    }

    package var method: Method
    package var url: HTTPURL
    /// `Host` and `Content-Length` are added on sending.
    package var headers: HTTPHeaders = [:]
    package var body: [UInt8] = []
    /// Whether the transport may by itself send the request again when a kept-alive connection turns out to be dead.
    /// False for writes: whether the first one arrived is for the caller to find out.
    package var mayBeRepeated = true
    /// How long it may wait for a free connection; after that it is not sent. Nil for no limit.
    package var maximumWait: Duration?
    package var plainTextRule = PlainTextRule.loopbackOnly
    /// Overrides the client's limit for the whole exchange.
    package var totalTimeout: Duration?
    /// Overrides the client's limit for the body of the answer, in bytes.
    package var maximumResponseSize: Int?
}

extension HTTPRequest {
    /// The fixed addresses of the container and instance credential services.
    /// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
    static let credentialHosts: Set = [
        "169.254.169.254", "fd00:ec2::254", "169.254.170.2", "169.254.170.23", "fd00:ec2::23",
    ]

    var isToCredentialHost: Bool { HTTPRequest.credentialHosts.contains(url.host) }

    /// Whether no proxy is asked, whatever the environment says: what it is sent to is on this machine or beside it.
    var goesStraight: Bool { url.isLoopback || isToCredentialHost }

    /// Refuses what must not be sent at all: plain text to another machine, and header fields that would end early.
    func validate() throws(HTTPError) {
        let isPlainTextAllowed =
            url.isLoopback || (plainTextRule == .loopbackAndCredentialHosts && isToCredentialHost)
        guard url.scheme == .https || isPlainTextAllowed else {
            throw HTTPError(
                .notAllowed, notSending: self,
                "plain http is accepted for loopback addresses only; use https://\(url.authority)")
        }
        for field in headers.fields {
            let isClean =
                !field.name.isEmpty && !field.value.hasByte { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }
                && !field.name.hasByte { $0 <= 0x20 || $0 >= 0x7F || $0 == UInt8(ascii: ":") }
            guard isClean else {
                // The value may be a token, so only the name is shown.
                throw HTTPError(
                    .notAllowed, notSending: self,
                    "the header field \(String(reflecting: field.name)) contains a control character")
            }
        }
    }
}

extension String {
    /// Looks at all bytes, at many of them at once: a session token has a thousand and comes with every call.
    @inline(__always)
    fileprivate func hasByte(where isWanted: (UInt8) -> Bool) -> Bool {
        var text = self
        return text.withUTF8 { bytes in
            var found = false
            for byte in bytes { found = isWanted(byte) || found }
            return found
        }
    }
}
