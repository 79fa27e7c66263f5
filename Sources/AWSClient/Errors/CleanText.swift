/// What others wrote (AWS, a proxy, libcurl), as our messages may repeat it: one line of bounded length,
/// without secrets. Everything of that kind passes here, whoever wrote it.
///
/// Three things are hidden: texts that are known to be secret, and parts of them; values after a name that suggests one
/// (`SessionToken=…`, `"password": "…"`, `https://user:…@`); and everything from a signature or an `Authorization`
/// header on, since AWS repeats whole requests where it refuses them. An unknown secret without such a name is not
/// recognized.
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html
package struct CleanText: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    private static let longest = 1_000
    /// In bytes: what comes after them is never shown.
    private static let longestRead = 32 << 10

    /// `secrets` must not be shown, nor parts of them, as ``SecretCopies`` finds them. With `hidesLongWords` whatever
    /// looks like a key is hidden too.
    package init(_ text: String, hiding secrets: [String] = [], hidesLongWords: Bool = false) {
        // Whatever is cut off is cut after the secrets are hidden: the start of one is a secret too.
        let read = Array(text.utf8.prefix(2 * CleanText.longestRead))
        var bytes: [UInt8] = []
        var start = 0
        for place in SecretCopies.places(of: secrets, in: read) where place.lowerBound < CleanText.longestRead {
            bytes += read[start..<place.lowerBound] + CleanText.replacement
            start = place.upperBound
        }
        bytes += read[start..<max(start, min(read.count, CleanText.longestRead))]
        var scanner = SecretScanner(bytes, hidesLongWords: hidesLongWords)
        bytes = scanner.cleaned()
        let isPlain = bytes.allSatisfy { (0x20..<0x7F).contains($0) } && bytes.first != 0x20 && bytes.last != 0x20
        guard !isPlain || bytes.count > CleanText.longest else {
            description = String(decoding: bytes, as: UTF8.self)
            return
        }
        let line = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).joined(separator: " ")
        let scalars = line.unicodeScalars
        let bounded = String(scalars.prefix(CleanText.longest)) + (scalars.count > CleanText.longest ? "…" : "")
        description = String(
            bounded.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    static let replacement = Array("[hidden]".utf8)
}
