/// What distinguishes one content of an object from the others that it had: S3's ETag. It is opaque; under SSE-KMS it
/// is no hash of the content.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
package struct S3Tag: Hashable, Sendable, CustomStringConvertible {
    /// Without the quotes around it, which some stores leave out in listings.
    private let text: String

    /// Reads a tag with or without its quotes; nil when it cannot be one. At most 256 bytes, all of them visible ASCII.
    package init?(_ header: String) {
        let bytes = Array(header.utf8)
        let isQuoted = bytes.count > 2 && bytes.first == UInt8(ascii: "\"") && bytes.last == UInt8(ascii: "\"")
        let inner = isQuoted ? bytes[1..<(bytes.count - 1)] : bytes[...]
        guard (1...256).contains(inner.count), inner.allSatisfy({ (0x21..<0x7F).contains($0) }),
            inner.first != UInt8(ascii: "\""), inner.first != UInt8(ascii: "*")
        else { return nil }
        text = String(decoding: inner, as: UTF8.self)
    }

    /// As `If-Match` carries it, in quotes.
    var header: String { text.hasPrefix("W/") ? text : "\"\(text)\"" }

    /// Without quotes.
    package var description: String { text }
}
