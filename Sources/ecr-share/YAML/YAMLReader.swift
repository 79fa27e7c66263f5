/// Reads a small YAML file of one document, from somebody who is not trusted.
///
/// Size and depth are bounded, and aliases are refused, so a document never grows while it is read. Tags and anchors
/// have no effect.
enum YAMLReader {
    /// In bytes; ten thousand accounts with a role each fit.
    static let maximumSize = 1 << 20
    static let maximumDepth = 32

    /// The document; nil when the file has nothing but comments.
    static func read(_ bytes: [UInt8]) throws(YAMLError) -> YAMLNode? {
        guard bytes.count <= maximumSize else {
            throw YAMLError(line: 1, message: "the file is longer than \(maximumSize) bytes")
        }
        // The byte order mark that editors on Windows write: libyaml would count it as the first line's indentation.
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        // libyaml compares each tag directive with all before it: a mebibyte of them takes 15 seconds.
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if let line = lines.firstIndex(where: { $0.starts(with: Array("%TAG".utf8)) }) {
            throw YAMLError(line: line + 1, message: "%TAG is not supported")
        }
        var events = try YAMLEvents(text)
        guard case .document = try events.next().kind else { return nil }
        let root = try node(try events.next(), &events)
        let end = try events.next()
        guard case .streamEnd = end.kind else {
            throw YAMLError(line: end.line, message: "expected a single document; another one begins here")
        }
        return root.text == "" ? nil : root
    }

    private static func node(_ event: YAMLEvent, _ events: inout YAMLEvents) throws(YAMLError) -> YAMLNode {
        let content: YAMLNode.Content
        switch event.kind {
        case .scalar(let text):
            content = .scalar(text)
        case .sequence:
            var elements: [YAMLNode] = []
            while let element = try element(&events) { elements.append(element) }
            content = .sequence(elements)
        case .mapping:
            var entries: [YAMLNode.Entry] = []
            while let key = try element(&events), let value = try element(&events) {
                entries.append(.init(key: key, value: value))
            }
            content = .mapping(entries)
        case .document, .end, .streamEnd:
            preconditionFailure("libyaml begins a node with a scalar, a sequence or a mapping")
        }
        return YAMLNode(content: content, line: event.line, column: event.column)
    }

    /// The next node of the collection that is open; nil at its end.
    private static func element(_ events: inout YAMLEvents) throws(YAMLError) -> YAMLNode? {
        let event = try events.next()
        if case .end = event.kind { return nil }
        return try node(event, &events)
    }
}
