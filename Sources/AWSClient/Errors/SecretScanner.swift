/// Finds what looks like a secret in a text of others, and copies the rest. Works on bytes, in one pass: that a
/// repository has no policy comes as an error, thousands of times in a run.
struct SecretScanner {
    private let bytes: [UInt8]
    private let hidesLongWords: Bool
    private var result: [UInt8] = []
    /// Up to where the bytes are copied or hidden.
    private var copied = 0

    init(_ bytes: [UInt8], hidesLongWords: Bool) {
        self.bytes = bytes
        self.hidesLongWords = hidesLongWords
    }

    /// The bytes with every find replaced.
    mutating func cleaned() -> [UInt8] {
        var index = 0
        scan: while index < bytes.count {
            let startsWord = index == 0 || !SecretScanner.isWordByte(bytes[index - 1])
            switch bytes[index] | 0x20 {
            case UInt8(ascii: "a") where follows("aws4-hmac-", index) || follows("aws4-ecdsa-", index),
                UInt8(ascii: "t") where follows("the canonical string for", index),
                UInt8(ascii: "t") where follows("the string-to-sign", index):
                hide(index..<bytes.count)
                break scan
            case UInt8(ascii: "a") where startsWord && isAccessKeyID(index):
                index = hide(index..<end(of: SecretScanner.isWordByte, from: index))
            case UInt8(ascii: "b") where startsWord && (follows("bearer ", index) || follows("basic ", index)):
                let start = index + (follows("basic ", index) ? 6 : 7)
                let end = end(of: SecretScanner.isTokenByte, from: start)
                index = end - start >= 6 && bytes[start..<end].contains(where: isTelling) ? hide(start..<end) : start
            case UInt8(ascii: "e") where startsWord && follows("eyj", index),
                UInt8(ascii: "g") where startsWord && (follows("ghp_", index) || follows("gho_", index)),
                UInt8(ascii: "g") where startsWord && (follows("ghs_", index) || follows("github_pat_", index)):
                // Tokens that say by themselves what they are: of OpenID Connect, of GitHub.
                let end = end(of: { SecretScanner.isTokenByte($0) || $0 == UInt8(ascii: ".") }, from: index)
                index = end - index >= 16 ? hide(index..<end) : index + 1
            case UInt8(ascii: ":"), UInt8(ascii: "="):
                index = value(after: index) ?? index + 1
            case _ where bytes[index] == 0x09 || (bytes[index] == 0x20 && isBehindOption(index)):
                index = value(after: index) ?? index + 1
            default:
                if hidesLongWords, startsWord, SecretScanner.isTokenByte(bytes[index]) {
                    let end = end(of: SecretScanner.isKeyByte, from: index)
                    if end - index >= 32, looksLikeKey(bytes[index..<end]) {
                        index = hide(index..<end)
                        continue scan
                    }
                }
                index += 1
            }
        }
        guard copied > 0 else { return bytes }
        return result + bytes[copied...]
    }

    /// Hides a part and returns where it ends.
    @discardableResult
    private mutating func hide(_ part: Range<Int>) -> Int {
        result += bytes[copied..<part.lowerBound] + CleanText.replacement
        copied = part.upperBound
        return part.upperBound
    }
}

// MARK: - Names and values

extension SecretScanner {
    private static let names = [
        "secret", "token", "password", "passwd", "passphrase", "signature", "credential", "accesskey", "apikey",
        "privatekey", "cookie", "assertion", "samlresponse", "pwd",
    ].map { Array($0.utf8) }
    /// Those whose values are hidden however they look; the others also appear before ordinary words
    /// (`ExpiredToken: The security token …`).
    private static let certainNames = ["secret", "password", "passwd", "passphrase", "pwd", "samlresponse"].map {
        Array($0.utf8)
    }

    /// Whether the space at `index` ends an option of a command line, such as `--password`.
    private func isBehindOption(_ index: Int) -> Bool {
        var start = index
        while start > copied, SecretScanner.isNameByte(bytes[start - 1]) { start -= 1 }
        return start < index && bytes[start] == UInt8(ascii: "-")
    }

    /// Whether a name, in lower case, suggests a secret.
    static func isSecretName(_ name: [UInt8]) -> Bool {
        let letters = name.filter { $0 >= 0x30 && $0 != UInt8(ascii: "_") }
        return letters != Array("secretsmanager".utf8) && names.contains { letters.contains($0) }
    }

    /// Hides the value behind the `:` or `=` at `mark`, if the text before it names a secret; returns the next index.
    private mutating func value(after mark: Int) -> Int? {
        if bytes[mark] == UInt8(ascii: ":"), follows("//", mark + 1) { return userInfo(from: mark + 3) }
        var end = mark
        while end > copied, SecretScanner.isBesideName(bytes[end - 1]) { end -= 1 }
        var start = end
        while start > copied, SecretScanner.isNameByte(bytes[start - 1]) { start -= 1 }
        guard start < end else { return nil }
        let name = bytes[start..<end].map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        if name.hasSuffix(Array("authorization".utf8)) {
            return hide((mark + 1)..<bytes.count)
        }
        guard SecretScanner.isSecretName(name) else { return nil }
        var first = mark + 1
        while first < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[first]) { first += 1 }
        guard first < bytes.count else { return nil }
        if SecretScanner.isQuote(bytes[first]) || (bytes[first] == UInt8(ascii: "\\") && first + 1 < bytes.count) {
            let opening = SecretScanner.isQuote(bytes[first]) ? first : first + 1
            let closing = bytes[(opening + 1)...].firstIndex(of: bytes[opening]) ?? bytes.count
            return hide((opening + 1)..<closing)
        }
        let last = self.end(of: SecretScanner.isValueByte, from: first)
        let isCertain = bytes[mark] == UInt8(ascii: "=") || SecretScanner.certainNames.contains { name.contains($0) }
        guard last > first, isCertain || bytes[first..<last].contains(where: SecretScanner.isDigit) else { return nil }
        return hide(first..<last)
    }

    /// Hides user and password in front of the host.
    private mutating func userInfo(from start: Int) -> Int {
        let end = end(of: { $0 > 0x20 && !SecretScanner.isQuote($0) && $0 != UInt8(ascii: "/") }, from: start)
        guard let mark = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")) else { return start }
        return hide(start..<mark)
    }

    private func end(of isPart: (UInt8) -> Bool, from start: Int) -> Int {
        bytes[start...].firstIndex { !isPart($0) } ?? bytes.count
    }

    /// Whether `text`, which is in lower case, comes at `index`, in any case.
    private func follows(_ text: StaticString, _ index: Int) -> Bool {
        guard index + text.utf8CodeUnitCount <= bytes.count else { return false }
        return text.withUTF8Buffer { text in
            text.indices.allSatisfy { offset in
                let byte = bytes[index + offset]
                return ((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) == text[offset]
            }
        }
    }

    /// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    private func isAccessKeyID(_ index: Int) -> Bool {
        guard index + 16 <= bytes.count else { return false }
        let prefix = bytes[index..<(index + 4)]
        guard prefix.elementsEqual("AKIA".utf8) || prefix.elementsEqual("ASIA".utf8) else { return false }
        return bytes[index..<(index + 16)].allSatisfy { (0x41...0x5A).contains($0) || SecretScanner.isDigit($0) }
    }
}

// MARK: - Bytes

extension SecretScanner {
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
    private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`")
    }
    private static func isBesideName(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == UInt8(ascii: "\\") || isQuote(byte)
    }
    private static func isWordByte(_ byte: UInt8) -> Bool { isDigit(byte) || isUpper(byte) || isLower(byte) }
    private static func isNameByte(_ byte: UInt8) -> Bool { isWordByte(byte) || "_-.".utf8.contains(byte) }
    private static func isKeyByte(_ byte: UInt8) -> Bool { isWordByte(byte) || "+/=_".utf8.contains(byte) }
    private static func isTokenByte(_ byte: UInt8) -> Bool { isWordByte(byte) || "+/=_-.~".utf8.contains(byte) }
    /// What ends a value that is not quoted is not a part of it.
    private static func isValueByte(_ byte: UInt8) -> Bool { byte > 0x20 && !"\"'`,;&<>)]}".utf8.contains(byte) }

    /// A word of a sentence has neither.
    private func isTelling(_ byte: UInt8) -> Bool { SecretScanner.isDigit(byte) || SecretScanner.isUpper(byte) }

    private func looksLikeKey(_ word: ArraySlice<UInt8>) -> Bool {
        word.contains(where: SecretScanner.isDigit) && word.contains(where: SecretScanner.isUpper)
            && word.contains(where: SecretScanner.isLower)
    }
}

extension Array where Element: Equatable {
    fileprivate func hasSuffix(_ end: [Element]) -> Bool { suffix(end.count).elementsEqual(end) }
}
