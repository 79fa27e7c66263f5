/// What a service says when it refuses or fails: AWS's own words, never changed but for secrets taken out.
package struct ErrorAnswer: Hashable, Sendable {
    /// AWS's code, for example `RepositoryNotFoundException`; `http-502` and the like when the answer names none.
    package let code: String
    package let message: String
    /// For AWS support.
    package let requestID: String?
    package let httpStatus: Int
    /// Whether AWS itself wrote the answer; a proxy or load balancer did otherwise.
    package let namesCode: Bool

    package init(code: String, message: String, requestID: String? = nil, httpStatus: Int, namesCode: Bool = true) {
        self.code = code
        self.message = message
        self.requestID = requestID
        self.httpStatus = httpStatus
        self.namesCode = namesCode
    }
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
        let code = body?.code ?? headerCode
        self.code = code ?? "http-\(response.status)"
        namesCode = code != nil
        httpStatus = response.status
        requestID = response.requestID ?? body?.requestID
        let fallback = code == nil ? "the answer is no AWS error document: \(ErrorAnswer.summary(response))" : ""
        message = ErrorAnswer.cleaned(body?.message ?? fallback, hiding: secrets)
    }

    private struct Body {
        var code: String?
        var message: String?
        var requestID: String?
    }

    private static func readBody(_ bytes: [UInt8]) -> Body? {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
        switch bytes.first(where: { !isSpace($0) }) {
        case UInt8(ascii: "{"):
            // An unreadable body is an answer like an empty one: the status still tells.
            guard let json = try? JSONNode(parsing: bytes) else { return nil }
            return Body(
                code: (json["__type"] ?? json["code"])?.string.flatMap(shortCode),
                message: (json["message"] ?? json["Message"])?.string
            )
        case UInt8(ascii: "<"):
            guard let root = try? XMLReader.read(bytes), let error = root.first("Error") else { return nil }
            return Body(
                code: error.text(of: "Code").flatMap(shortCode),
                message: error.text(of: "Message"),
                requestID: root.first("RequestId")?.text ?? root.first("RequestID")?.text
            )
        default: return nil
        }
    }

    /// `com.amazonaws.ecr#ServerException:http://…` is `ServerException`.
    private static func shortCode(_ text: String) -> String? {
        let beforeColon = text.utf8.prefix { $0 != UInt8(ascii: ":") }
        let start = beforeColon.lastIndex(of: UInt8(ascii: "#")).map { beforeColon.index(after: $0) }
        let code = beforeColon[(start ?? beforeColon.startIndex)...].filter { $0 > 0x20 }
        // Longer than any code there is: then it is something else.
        return code.isEmpty || code.count > 128 ? nil : String(decoding: code, as: UTF8.self)
    }

    private static func summary(_ response: HTTPResponse) -> String {
        let type = response.headers["content-type"].map { " of \($0.prefix(64))" } ?? ""
        return response.body.isEmpty ? "empty" : "\(response.body.count) bytes\(type)"
    }

    /// The message as one line of bounded length, without secrets.
    ///
    /// Works on bytes as far as it can: that a repository has no policy is said in an error, thousands of times in a run.
    private static func cleaned(_ message: String, hiding secrets: [String]) -> String {
        var bytes = Array(message.utf8)
        // What follows repeats the signed headers; see "Troubleshooting" in AWS's pages on Signature Version 4.
        if let cut = bytes.start(of: "The Canonical String for this request") { bytes.removeSubrange(cut...) }
        for secret in secrets where secret.utf8.count >= 8 {
            while let start = bytes.start(of: secret) {
                bytes.replaceSubrange(start..<(start + secret.utf8.count), with: "[hidden]".utf8)
            }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let isPlain = bytes.allSatisfy { (0x20..<0x7F).contains($0) } && bytes.first != 0x20 && bytes.last != 0x20
        if isPlain, bytes.count <= 1_000 { return text }
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        let bounded = line.count > 1_000 ? line.prefix(1_000) + "…" : line[...]
        return String(bounded.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}

extension [UInt8] {
    /// Where `text` begins, or nil.
    fileprivate func start(of text: String) -> Int? {
        guard !text.isEmpty, text.utf8.count <= count else { return nil }
        var text = text
        return withUnsafeBytes { bytes in
            text.withUTF8 { text in
                (0...(bytes.count - text.count)).first { start in
                    bytes[start] == text[0] && bytes[start..<(start + text.count)].elementsEqual(text)
                }
            }
        }
    }
}
