import NIOHTTP1

/// The canonical form of a request, as Signature Version 4 hashes it.
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html#create-canonical-request
struct CanonicalRequest {
    let bytes: [UInt8]

    /// The payload hash is the lower-case hexadecimal SHA-256 of the body.
    /// What a client of S3 signs is the path encoded once and otherwise as it is.
    init(_ request: WireRequest, signedHeaders: [String], payloadHash: String, isForS3: Bool = false) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1024)
        func line(_ text: some Sequence<UInt8>) {
            bytes += text
            bytes.append(UInt8(ascii: "\n"))
        }
        line(request.method.utf8)
        line(isForS3 ? CanonicalRequest.pathForS3(request.path) : CanonicalRequest.path(request.path))
        line(CanonicalRequest.query(request.query))
        for name in signedHeaders {
            bytes += name.utf8
            bytes.append(UInt8(ascii: ":"))
            for (index, value) in request.headers[name].enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                CanonicalRequest.append(trimmed: value, to: &bytes)
            }
            bytes.append(UInt8(ascii: "\n"))
        }
        line([])
        line(signedHeaders.joined(separator: ";").utf8)
        bytes += payloadHash.utf8
        self.bytes = bytes
    }

    /// Without white space at either end, and every run inside as one space.
    private static func append(trimmed value: String, to bytes: inout [UInt8]) {
        var isFirst = true
        for word in value.utf8.split(whereSeparator: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) {
            if !isFirst { bytes.append(UInt8(ascii: " ")) }
            bytes += word
            isFirst = false
        }
    }

    /// Without dot segments and empty segments, and percent-encoded once more.
    private static func path(_ path: Substring) -> [UInt8] {
        if path == "/" || path.isEmpty { return [UInt8(ascii: "/")] }
        var segments: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
        }
        var bytes = segments.flatMap { [UInt8(ascii: "/")] + encoded($0.utf8) }
        if bytes.isEmpty || path.hasSuffix("/") { bytes.append(UInt8(ascii: "/")) }
        return bytes
    }

    /// Decoded, and every byte but slashes encoded again.
    private static func pathForS3(_ path: Substring) -> [UInt8] {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        return Array(segments.map { encoded(decoded($0)) }.joined(separator: [UInt8(ascii: "/")]))
    }

    /// Sorted by name, then by value, both decoded and encoded again.
    private static func query(_ query: Substring) -> [UInt8] {
        if query.isEmpty { return [] }
        let pairs = query.split(separator: "&").map { pair in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (encoded(decoded(halves[0])), encoded(decoded(halves.count > 1 ? halves[1] : "")))
        }
        let sorted = pairs.sorted { first, second in
            first.0 == second.0
                ? first.1.lexicographicallyPrecedes(second.1) : first.0.lexicographicallyPrecedes(second.0)
        }
        return Array(sorted.map { $0.0 + [UInt8(ascii: "=")] + $0.1 }.joined(separator: [UInt8(ascii: "&")]))
    }

    static func decoded(_ text: Substring) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                rest = rest.dropFirst(2)
                bytes.append(value)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    static func encoded(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return bytes.flatMap { byte -> [UInt8] in
            switch Unicode.Scalar(byte) {
            case "A"..."Z", "a"..."z", "0"..."9", "-", "_", ".", "~": [byte]
            default: [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
    }
}
