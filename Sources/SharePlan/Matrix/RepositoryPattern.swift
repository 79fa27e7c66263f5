package import AWSValues

/// The `repository` of a matrix row: one repository's name, or a glob over the names of a registry.
///
/// In a glob `*` matches any number of characters, `/` among them, and `?` exactly one. Ordered by text.
package struct RepositoryPattern: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String
    /// The repository that is named, or nil for a glob.
    package let name: RepositoryName?

    /// The pattern that `text` spells, or nil when it is not a repository's name and has no `*` or `?`, or when it has
    /// a character that no name has.
    package init?(_ text: some StringProtocol) {
        if let name = RepositoryName(text) {
            self.name = name
        } else {
            guard (1...256).contains(text.utf8.count), text.utf8.contains(where: isWildcard),
                text.utf8.allSatisfy({ isWildcard($0) || isNameByte($0) })
            else { return nil }
            name = nil
        }
        self.text = String(text)
    }

    /// The pattern that is exactly `name`.
    package init(_ name: RepositoryName) {
        self.text = name.text
        self.name = name
    }

    package var isGlob: Bool { name == nil }

    package var description: String { text }

    package static func < (left: RepositoryPattern, right: RepositoryPattern) -> Bool {
        left.text < right.text
    }

    /// The characters before the first wildcard: every name that matches starts with them.
    package var literalPrefix: Substring {
        text.utf8.firstIndex(where: isWildcard).map { text[..<$0] } ?? text[...]
    }

    /// Whether the pattern covers the repository.
    ///
    /// Takes at most pattern length × name length steps: when a character does not fit, only the last `*` before it is
    /// tried again one character later, since an earlier `*` could not do better.
    package func matches(_ name: RepositoryName) -> Bool {
        isGlob ? globMatches(text, name.text) : text == name.text
    }
}

/// Whether a glob fits the whole of a text, byte by byte: `*` matches any number of bytes, `?` one.
func globMatches(_ pattern: String, _ text: String) -> Bool {
    var pattern = pattern
    var text = text
    return pattern.withUTF8 { pattern in text.withUTF8 { globMatches(pattern, $0) } }
}

private func globMatches(_ pattern: UnsafeBufferPointer<UInt8>, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
    var inPattern = 0
    var inName = 0
    var afterStar: Int?
    var resumeAt = 0
    while inName < name.count {
        if inPattern < pattern.count, pattern[inPattern] == UInt8(ascii: "*") {
            inPattern += 1
            afterStar = inPattern
            resumeAt = inName
        } else if inPattern < pattern.count,
            pattern[inPattern] == name[inName] || pattern[inPattern] == UInt8(ascii: "?")
        {
            inPattern += 1
            inName += 1
        } else if let afterStar {
            resumeAt += 1
            inPattern = afterStar
            inName = resumeAt
        } else {
            return false
        }
    }
    return pattern[inPattern...].allSatisfy { $0 == UInt8(ascii: "*") }
}

private func isWildcard(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "*") || byte == UInt8(ascii: "?")
}

private func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "/"):
        true
    default:
        false
    }
}
