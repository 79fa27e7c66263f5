import AWSValues
import OrderedJSON

/// What a service says when it refuses or fails: AWS's own words, never changed but for secrets taken out.
package struct ErrorAnswer: Hashable, Sendable {
    /// AWS's code, for example `RepositoryNotFoundException`; `http-502` and the like when the answer names none.
    package let code: String
    package let message: String
    /// For AWS support.
    package var requestID: String?
    package let httpStatus: Int
    /// Where the code was found; nil when the answer names none.
    package var codeSource: CodeSource? = .type
    /// Where S3 says that the bucket is, when a request for it came to another region.
    package var bucketRegion: String?

    /// The places in an answer that can hold a code.
    package enum CodeSource: Hashable, Sendable {
        /// The member `__type` of a JSON body, without a contradicting header: the services that speak JSON.
        case type
        /// Another body, such as XML.
        case body
        /// A header alone.
        case header
    }

    /// Whether AWS itself wrote the answer; a proxy or load balancer did otherwise.
    package var namesCode: Bool { codeSource != nil }

    /// Whether the service itself says what the code says, in the only form that it says it in. Gateways, caches and
    /// mistaken endpoints can repeat a code too; what follows from "there is none" is too much to take it from them.
    package var isServicesOwnWord: Bool { httpStatus == 400 && codeSource == .type }
}

extension ErrorAnswer {
    /// Reads an answer whose status is not a success.
    ///
    /// The code is `__type` in JSON (cut at the first colon, then what follows the last `#`), or the first `Error`
    /// element in XML, whichever the body is: gateways answer a JSON call in XML. The header `X-Amzn-Errortype` is the
    /// fallback. No body of any kind makes the reading fail.
    ///
    /// `secrets` are texts that must not come out: a refused signature's message repeats the signed headers, and with
    /// them the session token.
    package init(reading response: HTTPResponse, hiding secrets: [String]) {
        let body = ErrorAnswer.readBody(response.body)
        let headerCode = response.headers["x-amzn-errortype"].flatMap(ErrorAnswer.shortCode)
        let requestID = response.requestID ?? body?.requestID
        // Thousands of answers say that there is no policy: what holds none of the secrets is searched for them once.
        let words = [body?.code ?? headerCode, requestID, body?.message ?? response.headers["content-type"]]
        let text = words.compactMap { $0 }.joined(separator: " ")
        let secrets = SecretCopies.places(of: secrets, in: Array(text.utf8)).isEmpty ? [] : secrets
        let code = (body?.code ?? headerCode).flatMap { ErrorAnswer.harmless($0, hiding: secrets) }
        self.code = code ?? "http-\(response.status)"
        codeSource =
            switch (code, body?.code) {
            case (nil, _): nil
            case (_, nil): .header
            case (_, let inBody): body?.isTyped == true && (headerCode ?? inBody) == inBody ? .type : .body
            }
        httpStatus = response.status
        bucketRegion = [response.headers["x-amz-bucket-region"], body?.region].compactMap { $0 }
            .first(where: EndpointResolver.isRegionName)
        self.requestID = requestID.flatMap { ErrorAnswer.harmless($0, hiding: secrets) }
        let fallback =
            code == nil ? "the response is not an AWS error document: \(ErrorAnswer.summary(response, secrets))" : ""
        message = CleanText(body?.message ?? fallback, hiding: secrets).description
    }

    private struct Body {
        var code: String?
        /// Whether ``code`` is the member `__type`.
        var isTyped = false
        var message: String?
        var requestID: String?
        var region: String?
    }

    private static func readBody(_ bytes: [UInt8]) -> Body? {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
        switch bytes.first(where: { !isSpace($0) }) {
        case UInt8(ascii: "{"):
            // An unreadable body is a response like an empty one: the status still counts.
            guard let json = try? JSONValue(lenient: bytes) else { return nil }
            return Body(
                code: (json["__type"] ?? json["code"])?.string.flatMap(shortCode),
                isTyped: json["__type"] != nil,
                message: (json["message"] ?? json["Message"])?.string
            )
        case UInt8(ascii: "<"):
            guard let root = try? XMLReader.read(bytes), let error = root.first("Error") else { return nil }
            return Body(
                code: error.text(of: "Code").flatMap(shortCode),
                message: error.text(of: "Message"),
                requestID: root.first("RequestId")?.text ?? root.first("RequestID")?.text,
                region: error.text(of: "Region")
            )
        default: return nil
        }
    }

    /// `com.amazonaws.ecr#ServerException:http://…` is `ServerException`.
    private static func shortCode(_ text: String) -> String? {
        let beforeColon = text.utf8.prefix { $0 != UInt8(ascii: ":") }
        let start = beforeColon.lastIndex(of: UInt8(ascii: "#")).map { beforeColon.index(after: $0) }
        let code = beforeColon[(start ?? beforeColon.startIndex)...].filter { $0 > 0x20 }
        // No code that there is looks otherwise: then it is something else.
        return isName(code, longest: 128) ? String(decoding: code, as: UTF8.self) : nil
    }

    /// A code or request id, unless it is something else.
    static func harmless(_ text: String, hiding secrets: [String]) -> String? {
        let isCopied = CleanText(text, hiding: secrets, hidesLongWords: true).description == text
        return isCopied && isName(Array(text.utf8), longest: 256) ? text : nil
    }

    private static func isName(_ bytes: [UInt8], longest: Int) -> Bool {
        (1...longest).contains(bytes.count)
            && bytes.allSatisfy { $0.isLetterOrDigit || "-_.=+/".utf8.contains($0) }
    }

    private static func summary(_ response: HTTPResponse, _ secrets: [String]) -> String {
        let type = response.headers["content-type"].map {
            " of \(CleanText($0, hiding: secrets, hidesLongWords: true).description.prefix(64))"
        }
        return response.body.isEmpty ? "empty" : "\(response.body.count) bytes\(type ?? "")"
    }
}
