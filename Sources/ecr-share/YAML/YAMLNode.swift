/// A part of a YAML document, and where it begins.
struct YAMLNode: Hashable, Sendable {
    enum Content: Hashable, Sendable {
        /// The text alone: `true`, `"true"` and `!!str true` are the same.
        case scalar(String)
        case sequence([YAMLNode])
        /// In the order of the file; keys may appear more than once.
        case mapping([Entry])
    }

    struct Entry: Hashable, Sendable {
        let key: YAMLNode
        let value: YAMLNode
    }

    let content: Content
    /// Counted from 1, as is `column`, in code points.
    let line: Int
    let column: Int

    /// The text of a scalar.
    var text: String? {
        guard case .scalar(let text) = content else { return nil }
        return text
    }
}

/// Why a text cannot be read as YAML, and in which line.
struct YAMLError: Error, Hashable, Sendable {
    let line: Int
    let message: String
}
