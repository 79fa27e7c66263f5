/// What others wrote (AWS, libcurl, a credential process), as our messages may repeat it: one line of bounded length,
/// without secrets. Everything of that kind passes here, whoever wrote it.
///
/// Three things are hidden: texts that are known to be secret; values beside a name that suggests one
/// (`SessionToken=…`, `"password": "…"`, `https://user:…@`); and everything from a signature or an `Authorization`
/// header on, since AWS repeats whole requests where it refuses them.
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html
package struct CleanText: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    private static let longest = 1_000
    /// Shorter ones are hardly secrets, and hiding them would garble every other word.
    private static let shortestSecret = 6

    /// `secrets` must not be shown, whatever surrounds them. With `hidesLongWords` whatever looks like a key is hidden
    /// too, for writers who print what they like.
    package init(_ text: String, hiding secrets: [String] = [], hidesLongWords: Bool = false) {
        var bytes = Array(text.utf8)
        for secret in secrets where secret.utf8.count >= CleanText.shortestSecret && secret.utf8.count <= bytes.count {
            bytes = CleanText.hide(secret, in: bytes)
            let encoded = PercentEncoding.encode(secret)
            if encoded != secret { bytes = CleanText.hide(encoded, in: bytes) }
        }
        var scanner = SecretScanner(bytes, hidesLongWords: hidesLongWords)
        bytes = scanner.cleaned()
        let isPlain = bytes.allSatisfy { (0x20..<0x7F).contains($0) } && bytes.first != 0x20 && bytes.last != 0x20
        guard !isPlain || bytes.count > CleanText.longest else {
            description = String(decoding: bytes, as: UTF8.self)
            return
        }
        let line = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).joined(separator: " ")
        let bounded = line.count > CleanText.longest ? line.prefix(CleanText.longest) + "…" : line[...]
        description = String(
            bounded.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    static let replacement = Array("[hidden]".utf8)

    /// In one pass, so that a secret that is a part of the replacement does no harm.
    private static func hide(_ secret: String, in bytes: [UInt8]) -> [UInt8] {
        let secret = Array(secret.utf8)
        var result: [UInt8] = []
        var start = 0
        var index = 0
        while index + secret.count <= bytes.count {
            if bytes[index] == secret[0], bytes[index..<(index + secret.count)].elementsEqual(secret) {
                result += bytes[start..<index] + replacement
                index += secret.count
                start = index
            } else {
                index += 1
            }
        }
        return start == 0 ? bytes : result + bytes[start...]
    }
}

extension Environment {
    /// What the variables hold that no message may repeat: values whose names suggest secrets, and the users and
    /// passwords of proxies.
    package var secrets: [String] {
        variables.flatMap { name, value -> [String] in
            let name = name.lowercased()
            if name.hasSuffix("_proxy") { return Environment.userInfo(of: value) }
            let isPlace = ["_file", "_path", "_uri", "_url", "_dir"].contains { name.hasSuffix($0) }
            return SecretScanner.isSecretName(Array(name.utf8)) && !isPlace && value.utf8.count >= 8 ? [value] : []
        }
    }

    /// A proxy's host, without anything that may be secret.
    package struct Proxy: Hashable, Sendable {
        package let variable: String
        package let host: String
    }

    /// The proxies that the variables name, as far as their hosts are readable.
    package var proxies: [Proxy] {
        variables.sorted { $0.key < $1.key }.compactMap { variable, address in
            guard variable.lowercased().hasSuffix("_proxy"), variable.lowercased() != "no_proxy" else { return nil }
            let start = address.firstRange(of: "://")?.upperBound ?? address.startIndex
            let authority = address[start...].split(separator: "@", omittingEmptySubsequences: false).last ?? ""
            let host = authority.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
            let rest = authority.dropFirst(host.count)
            let isWhole = rest.isEmpty || rest == "/" || Int(rest.drop { $0 == ":" }.prefix { $0 != "/" }) != nil
            return host.isEmpty || !isWhole ? nil : Proxy(variable: variable, host: String(host))
        }
    }

    /// User and password of a proxy's address together, and the password, as they are written and as they are meant.
    /// libcurl takes what comes before the last `@`.
    private static func userInfo(of address: String) -> [String] {
        let start = address.firstRange(of: "://")?.upperBound ?? address.startIndex
        guard let end = address[start...].lastIndex(of: "@") else { return [] }
        let written = address[start..<end]
        let meant = String(decoding: PercentEncoding.decode(written), as: UTF8.self)
        return [String(written), meant].flatMap {
            [$0] + $0.split(separator: ":", maxSplits: 1).dropFirst().map(String.init)
        }
    }
}
