/// One of AWS's shared files, parsed: sections of keys and values, named as they are written.
///
/// The grammar is the one that botocore and the AWS CLI use, Python's `configparser` without interpolation. A line
/// that is indented deeper than the line of its key continues the key's value. `=` and `:` separate a key from its
/// value, a line that starts with `#` or `;` is a comment, and a comment does not end a value. The section `DEFAULT`
/// gives its keys to every other section of the file. Where `configparser` refuses a section or key that appears
/// twice, the sections are joined and the later key wins.
///
/// Source: https://docs.python.org/3/library/configparser.html
package struct ProfileFile: Hashable, Sendable {
    /// A key's value: its text, or the keys that are indented below it.
    package enum Value: Hashable, Sendable {
        case text(String)
        /// Indented lines `name = value` below a key without a value of its own.
        case nested([String: String])
    }

    /// Keys in lower case; the names in a nested block as they are written.
    package typealias Section = [String: Value]

    package private(set) var sections: [String: Section] = [:]
    /// The sections' names in the order in which they first appear.
    package private(set) var names: [String] = []
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
    package init(parsing text: String, path: String) throws(ProfileSyntaxError) {
        var parser = Parser(path: path)
        for line in Lines.split(text) { try parser.read(line) }
        names = parser.names.filter { $0 != Parser.inheritedSection }
        let inherited = names.isEmpty ? [:] : try parser.section(Parser.inheritedSection)
        for name in names {
            sections[name] = try parser.section(name).merging(inherited) { own, _ in own }
        }
    }

    private struct Parser {
        static let inheritedSection = "DEFAULT"

        /// A line of a value.
        private struct Piece {
            let line: Int
            let text: String
        }

        let path: String
        private(set) var names: [String] = []
        private var found: [String: [String: [Piece]]] = [:]
        private var line = 0
        /// Nil before the first section.
        private var current: String?
        /// The key that a deeper line continues; nil right after a header.
        private var key: String?
        /// How far the line of the current header or key is indented.
        private var indentation = 0

        init(path: String) {
            self.path = path
        }

        private func error(_ reason: String, at line: Int? = nil) -> ProfileSyntaxError {
            ProfileSyntaxError(path: path, line: line ?? self.line, reason: reason)
        }

        mutating func read(_ scalars: ArraySlice<Unicode.Scalar>) throws(ProfileSyntaxError) {
            line += 1
            let content = scalars.trimmed
            guard let first = content.first else {
                // An empty line may be one of a value's lines; at its end it is dropped.
                if key != nil { append("") }
                return
            }
            guard first != "#", first != ";" else { return }
            let depth = content.startIndex - scalars.startIndex
            if key != nil, depth > indentation {
                append(String(content))
                return
            }
            indentation = depth
            // Whatever follows the last bracket is ignored, and a bracket before it belongs to the name.
            if first == "[", let end = content.lastIndex(of: "]"), end > content.startIndex + 1 {
                open(String(content[(content.startIndex + 1)..<end]))
            } else {
                try readProperty(content)
            }
        }

        private mutating func open(_ name: String) {
            current = name
            key = nil
            if found[name] == nil {
                found[name] = [:]
                names.append(name)
            }
        }

        private mutating func readProperty(_ content: ArraySlice<Unicode.Scalar>) throws(ProfileSyntaxError) {
            let delimiter = content.firstIndex { $0 == "=" || $0 == ":" }
            if content.first == "[", delimiter == nil || current == nil {
                throw error(content.contains("]") ? "a section needs a name" : "a section header needs a ']'")
            }
            guard let current else { throw error("a section such as [default] must come first") }
            guard let delimiter else { throw error("a line must be KEY = VALUE") }
            let name = String(content[..<delimiter].trimmed).lowercased()
            guard !name.isEmpty else { throw error("there is no key before '\(content[delimiter])'") }
            key = name
            found[current]?[name] = [Piece(line: line, text: String(content[(delimiter + 1)...].trimmed))]
        }

        private mutating func append(_ text: String) {
            guard let current, let key else { return }
            found[current]?[key]?.append(Piece(line: line, text: text))
        }

        func section(_ name: String) throws(ProfileSyntaxError) -> Section {
            var section: Section = [:]
            for (key, pieces) in found[name] ?? [:] { section[key] = try value(of: pieces) }
            return section
        }

        private func value(of pieces: [Piece]) throws(ProfileSyntaxError) -> Value {
            let end = pieces.lastIndex { !$0.text.isEmpty }.map { $0 + 1 } ?? 0
            let lines = pieces[..<end]
            guard let first = lines.first, first.text.isEmpty else {
                return .text(lines.map(\.text).joined(separator: "\n"))
            }
            var nested: [String: String] = [:]
            for piece in lines where !piece.text.isEmpty {
                let scalars = Array(piece.text.unicodeScalars)[...]
                guard let equals = scalars.firstIndex(of: "=") else {
                    throw error("a nested line must be KEY = VALUE", at: piece.line)
                }
                nested[String(scalars[..<equals].trimmed)] = String(scalars[(equals + 1)...].trimmed)
            }
            return .nested(nested)
        }
    }

    private enum Lines {
        /// The lines of a text, without their ends: `\n`, `\r\n` or `\r`, and nothing else. A byte-order mark at the
        /// start is left out.
        static func split(_ text: String) -> [ArraySlice<Unicode.Scalar>] {
            var scalars = Array(text.unicodeScalars)[...]
            if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
            var lines: [ArraySlice<Unicode.Scalar>] = []
            while let end = scalars.firstIndex(where: { $0 == "\n" || $0 == "\r" }) {
                lines.append(scalars[..<end])
                let isPair = scalars[end] == "\r" && end + 1 < scalars.endIndex && scalars[end + 1] == "\n"
                scalars = scalars[(end + (isPair ? 2 : 1))...]
            }
            lines.append(scalars)
            return lines
        }
    }
}

extension ArraySlice<Unicode.Scalar> {
    /// Without white space at both ends, as Python's `strip()` understands it: Unicode's, and four separators.
    fileprivate var trimmed: ArraySlice<Unicode.Scalar> {
        let isSpace = { (scalar: Unicode.Scalar) in
            scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
        }
        guard let start = firstIndex(where: { !isSpace($0) }), let end = lastIndex(where: { !isSpace($0) }) else {
            return self[endIndex...]
        }
        return self[start...end]
    }
}

extension String {
    fileprivate init(_ scalars: ArraySlice<Unicode.Scalar>) {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        self.init(text)
    }
}
