import AWSValues
import Crypto

/// A request in the one form that signer and server both compute.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
struct CanonicalRequest {
    private(set) var bytes: [UInt8] = []
    /// The signed fields' names, sorted, joined by semicolons.
    private(set) var signedHeaders: [UInt8] = []

    /// With `isForS3` the path is taken as it is.
    init(_ request: HTTPRequest, isForS3: Bool = false) {
        let headers = CanonicalRequest.headers(of: request)
        signedHeaders.reserveCapacity(96)
        for header in headers {
            if !signedHeaders.isEmpty { signedHeaders.append(UInt8(ascii: ";")) }
            signedHeaders.append(contentsOf: header.name.utf8)
        }
        bytes.reserveCapacity(headers.reduce(512) { $0 + $1.value.utf8.count })
        append(line: request.method.rawValue)
        append(line: isForS3 ? request.url.path : CanonicalRequest.path(request.url.path))
        append(line: CanonicalRequest.query(request.url.query))
        for header in headers {
            bytes.append(contentsOf: header.name.utf8)
            bytes.append(UInt8(ascii: ":"))
            append(line: header.value)
        }
        append(line: "")
        bytes.append(contentsOf: signedHeaders)
        bytes.append(UInt8(ascii: "\n"))
        if isForS3, let hash = request.headers["x-amz-content-sha256"] {
            bytes.append(contentsOf: hash.utf8)
        } else {
            SHA256.hash(data: request.body).withUnsafeBytes { bytes.append(hexadecimal: $0) }
        }
    }

    private mutating func append(line: String) {
        bytes.append(contentsOf: line.utf8)
        bytes.append(UInt8(ascii: "\n"))
    }

    private static func headers(of request: HTTPRequest) -> [HTTPHeaders.Field] {
        var merged: [HTTPHeaders.Field] = [HTTPHeaders.Field(name: "host", value: request.url.authority)]
        merged.reserveCapacity(request.headers.fields.count + 1)
        for field in request.headers.fields {
            let name = field.name.lowercased()
            guard name == "content-type" || (name.hasPrefix("x-amz") && name != "x-amzn-trace-id") else { continue }
            let value = trimmed(field.value)
            if let index = merged.firstIndex(where: { $0.name == name }) {
                merged[index] = HTTPHeaders.Field(name: name, value: "\(merged[index].value),\(value)")
            } else {
                merged.append(HTTPHeaders.Field(name: name, value: value))
            }
        }
        merged.sort { $0.name < $1.name }
        return merged
    }

    /// Without outer spaces, inner runs of spaces made one.
    private static func trimmed(_ value: String) -> String {
        var value = value
        // A session token has a thousand bytes and comes with every call.
        let isTrimmed = value.withUTF8 { bytes in
            var last: UInt8 = 0x20
            for byte in bytes {
                if byte == 0x09 || (byte == 0x20 && last == 0x20) { return false }
                last = byte
            }
            return last != 0x20
        }
        guard !isTrimmed else { return value }
        return value.utf8.split { $0 == 0x20 || $0 == 0x09 }.map { String(decoding: $0, as: UTF8.self) }
            .joined(separator: " ")
    }

    /// Dot segments resolved, slashes collapsed, then every segment percent-encoded once more: the path is encoded
    /// already as it is sent, and every service but S3 signs it encoded twice.
    private static func path(_ path: String) -> String {
        guard path != "/" else { return path }
        var segments: [Substring] = []
        for segment in path.split(separator: "/") {
            switch segment {
            case ".": continue
            case "..": _ = segments.popLast()
            default: segments.append(segment)
            }
        }
        let joined = "/" + segments.joined(separator: "/")
        return PercentEncoding.encode(
            path.hasSuffix("/") && joined != "/" ? joined + "/" : joined, keepingSlashes: true)
    }

    /// Parameters sorted by encoded name, then encoded value. What is percent-encoded already is not encoded twice.
    private static func query(_ query: String) -> String {
        guard !query.isEmpty else { return "" }
        let pairs = query.split(separator: "&").map { pair -> (name: [UInt8], value: [UInt8]) in
            let equals = pair.firstIndex(of: "=") ?? pair.endIndex
            let name = PercentEncoding.encode(PercentEncoding.decode(pair[..<equals]))
            let value = PercentEncoding.encode(PercentEncoding.decode(pair[equals...].dropFirst()))
            return (Array(name.utf8), Array(value.utf8))
        }
        let sorted = pairs.sorted {
            $0.name == $1.name
                ? $0.value.lexicographicallyPrecedes($1.value) : $0.name.lexicographicallyPrecedes($1.name)
        }
        return sorted.map { "\(String(decoding: $0.name, as: UTF8.self))=\(String(decoding: $0.value, as: UTF8.self))" }
            .joined(separator: "&")
    }
}
