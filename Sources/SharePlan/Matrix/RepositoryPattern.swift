package import AWSValues

/// The `repository` of a matrix row: one repository's name, or a glob over the names of a registry.
///
/// In a glob `*` matches any number of characters, `/` among them, and `?` exactly one. Ordered by text.
package struct RepositoryPattern: TextValue {
    package let text: String
    /// The repository that is named, or nil for a glob.
    package let name: RepositoryName?

    /// The pattern that `text` spells, or nil when it is not a repository's name and has no `*` or `?`, or when it has
    /// a character that no name has.
    package init?(_ text: some StringProtocol) {
        if let name = RepositoryName(text) {
            self.name = name
        } else {
            guard (1...256).contains(text.utf8.count), Glob.hasWildcard(String(text)),
                text.utf8.allSatisfy({ Glob.isWildcard($0) || isNameByte($0) })
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

    /// The characters before the first wildcard: every name that matches starts with them.
    package var literalPrefix: Substring {
        text.utf8.firstIndex(where: Glob.isWildcard).map { text[..<$0] } ?? text[...]
    }

    /// Whether the pattern covers the repository.
    package func matches(_ name: RepositoryName) -> Bool {
        isGlob ? Glob.matches(text, name.text) : text == name.text
    }
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
