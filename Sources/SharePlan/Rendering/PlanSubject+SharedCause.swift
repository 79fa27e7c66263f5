import AWSValues

/// The parts of a message that name its subject, and what replaces them where many subjects share the message.
struct SubjectParts: OptionSet, Sendable {
    let rawValue: UInt8

    static let repository = SubjectParts(rawValue: 1)
    static let account = SubjectParts(rawValue: 2)
    static let region = SubjectParts(rawValue: 4)
}

extension PlanSubject {
    /// `message` with `{repository}`, `{account}` and `{region}` in place of the subject's own, as far as `parts` has
    /// them: failures that differ in nothing else have one cause.
    func generalizing(_ message: String, _ parts: SubjectParts) -> String {
        var bytes = Array(message.utf8)
        if parts.contains(.repository), let name = repository?.name.text {
            bytes.replaceWord(Array(name.utf8), with: "{repository}")
        }
        if parts.contains(.account) { bytes.replaceWord(Array(registry.account.description.utf8), with: "{account}") }
        if parts.contains(.region) { bytes.replaceWord(Array(registry.region.name.utf8), with: "{region}") }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension [UInt8] {
    /// Replaces a word wherever it is not a part of a longer one.
    fileprivate mutating func replaceWord(_ word: [UInt8], with replacement: String) {
        let whole = ranges(of: word).filter { range in
            !(self[..<range.lowerBound].last?.isOfWord ?? false)
                && !(self[range.upperBound...].first.map { $0.isOfWord || $0 == 0x2F } ?? false)
        }
        for range in whole.reversed() { replaceSubrange(range, with: replacement.utf8) }
    }
}

extension UInt8 {
    /// Whether the byte is a letter, a digit, `-` or `_`.
    fileprivate var isOfWord: Bool {
        isLetterOrDigit || self == UInt8(ascii: "-") || self == UInt8(ascii: "_") || self > 0x7F
    }
}
