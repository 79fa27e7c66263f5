/// One of AWS's shared files, parsed: sections of keys and values.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
package struct ProfileFile: Hashable, Sendable {
    /// Which of the two files it is; they name their sections differently.
    package enum Kind: Sendable {
        /// `~/.aws/config`: `[default]`, `[profile NAME]`, `[sso-session NAME]`, `[services NAME]`.
        case config
        /// `~/.aws/credentials`: `[NAME]`.
        case credentials
    }

    /// What a section describes.
    package enum SectionKind: Hashable, Sendable {
        case profile
        case ssoSession
        case services
    }

    package struct SectionName: Hashable, Sendable {
        package let kind: SectionKind
        package let name: String

        package init(_ kind: SectionKind, _ name: String) {
            self.kind = kind
            self.name = name
        }
    }

    /// Keys in lower case. Keys of a nested map are written `outer.inner`.
    package typealias Section = [String: String]

    package private(set) var sections: [SectionName: Section] = [:]
}

/// Where and why a shared file cannot be read. Values are never repeated, since they may be secrets.
package struct ProfileSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    package let path: String
    /// From 1.
    package let line: Int
    package let reason: String

    package var description: String { "\(path):\(line): \(reason)" }
}

extension ProfileFile {
    /// Parses a file's text; `path` is for messages only.
    package init(parsing text: String, as kind: Kind, path: String) throws(ProfileSyntaxError) {
        var parser = Parser(kind: kind, path: path)
        let unmarked = text.unicodeScalars.first == "\u{FEFF}" ? String(text.dropFirst()) : text
        for line in unmarked.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            try parser.read(line)
        }
        sections = parser.sections()
    }

    private struct Parser {
        let kind: Kind
        let path: String
        private var line = 0
        /// Nil before the first section, `.some(nil)` in one that is ignored.
        private var current: SectionName??
        /// The key that an indented line continues.
        private var key: String?
        private var found: [SectionName: Section] = [:]
        /// `[profile default]` is kept apart, since it wins over `[default]`.
        private var prefixedDefault: Section?
        private var isInPrefixedDefault = false

        init(kind: Kind, path: String) {
            self.kind = kind
            self.path = path
        }

        func sections() -> [SectionName: Section] {
            guard let prefixedDefault else { return found }
            return found.merging([SectionName(.profile, "default"): prefixedDefault]) { $1 }
        }

        mutating func read(_ text: Substring) throws(ProfileSyntaxError) {
            line += 1
            let content = trimmed(text)
            guard let first = content.first else { return }
            let isIndented = text.first == " " || text.first == "\t"
            if first == "#" || first == ";" { return }
            if isIndented, current != nil, key != nil {
                try readContinuation(content)
            } else if first == "[" {
                try readHeader(content)
            } else {
                try readProperty(content)
            }
        }

        private func error(_ reason: String) -> ProfileSyntaxError {
            ProfileSyntaxError(path: path, line: line, reason: reason)
        }

        private mutating func readHeader(_ content: Substring) throws(ProfileSyntaxError) {
            guard let end = content.firstIndex(of: "]") else { throw error("a section's header needs a ']'") }
            let rest = trimmed(content[end...].dropFirst())
            guard rest.isEmpty || rest.first == "#" || rest.first == ";" else {
                throw error("nothing but a comment may follow a section's header")
            }
            let words = trimmed(content[..<end].dropFirst())
            guard !words.isEmpty else { throw error("a section needs a name") }
            key = nil
            isInPrefixedDefault = false
            switch kind {
            case .credentials:
                current = .some(SectionName(.profile, String(words)))
            case .config:
                current = .some(configSection(words))
            }
            if let name = current ?? nil { found[name, default: [:]].merge([:]) { $1 } }
        }

        private mutating func configSection(_ words: Substring) -> SectionName? {
            if words == "default" { return SectionName(.profile, "default") }
            let kinds: [(String, SectionKind)] = [
                ("profile", .profile), ("sso-session", .ssoSession), ("services", .services),
            ]
            for (prefix, kind) in kinds {
                let rest = words.dropFirst(prefix.count)
                guard words.hasPrefix(prefix), rest.first == " " || rest.first == "\t" else { continue }
                let name = unquoted(trimmed(rest))
                if kind == .profile, name == "default" {
                    isInPrefixedDefault = true
                    prefixedDefault = prefixedDefault ?? [:]
                }
                return SectionName(kind, name)
            }
            // Other sections belong to other tools.
            return nil
        }

        private mutating func readProperty(_ content: Substring) throws(ProfileSyntaxError) {
            guard let section = current else { throw error("a section such as [default] must come first") }
            guard let equals = content.firstIndex(of: "=") else { throw error("a line must be KEY = VALUE") }
            let name = trimmed(content[..<equals]).lowercased()
            guard !name.isEmpty else { throw error("there is no key before '='") }
            key = name
            guard let section else { return }
            set(name, to: withoutComment(trimmed(content[equals...].dropFirst())), in: section)
        }

        private mutating func readContinuation(_ content: Substring) throws(ProfileSyntaxError) {
            guard let section = current ?? nil, let key else { return }
            let value = (isInPrefixedDefault ? prefixedDefault : found[section])?[key] ?? ""
            let hasNested = (isInPrefixedDefault ? prefixedDefault : found[section])?.keys
                .contains { $0.hasPrefix(key + ".") }
            if value.isEmpty || hasNested == true {
                guard let equals = content.firstIndex(of: "=") else { throw error("a nested line must be KEY = VALUE") }
                let name = trimmed(content[..<equals]).lowercased()
                guard !name.isEmpty else { throw error("there is no key before '='") }
                set("\(key).\(name)", to: withoutComment(trimmed(content[equals...].dropFirst())), in: section)
            } else {
                set(key, to: "\(value)\n\(content)", in: section)
            }
        }

        private mutating func set(_ key: String, to value: String, in section: SectionName) {
            if isInPrefixedDefault {
                prefixedDefault?[key] = value
            } else {
                found[section, default: [:]][key] = value
            }
        }

        private func trimmed(_ text: Substring) -> Substring {
            let isSpace = { (character: Character) in character == " " || character == "\t" }
            var text = text.drop(while: isSpace)
            while let last = text.last, isSpace(last) { text.removeLast() }
            return text
        }

        /// A comment in a value begins with white space and `#` or `;`.
        private func withoutComment(_ value: Substring) -> String {
            var previous: Character = " "
            for index in value.indices {
                let character = value[index]
                if character == "#" || character == ";", previous == " " || previous == "\t" {
                    return String(trimmed(value[..<index]))
                }
                previous = character
            }
            return String(value)
        }

        private func unquoted(_ name: Substring) -> String {
            for quote in ["\"", "'"] where name.count >= 2 && name.hasPrefix(quote) && name.hasSuffix(quote) {
                return String(name.dropFirst().dropLast())
            }
            return String(name)
        }
    }
}
