import CYAML

/// What libyaml finds next in a text.
struct YAMLEvent {
    enum Kind {
        case document, sequence, mapping
        /// Of a sequence or a mapping.
        case end
        case streamEnd
        case scalar(String)
    }

    let kind: Kind
    /// Counted from 1, as is `column`.
    let line: Int
    let column: Int
}

/// The events of a text: the one owner of a libyaml parser and of the bytes that it reads.
///
/// Source: https://pyyaml.org/wiki/LibYAML
struct YAMLEvents: ~Copyable {
    private let text: UnsafeMutableBufferPointer<UInt8>
    /// libyaml keeps pointers into the parser, so it must not move.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    /// The lines in which the collections begin that have not ended, outermost first.
    private var open: [Int] = []

    init(_ bytes: ArraySlice<UInt8>) throws(YAMLError) {
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            throw YAMLError(line: 1, message: "there is no memory to read it")
        }
        text = .allocate(capacity: bytes.count)
        _ = text.initialize(from: bytes)
        // Saying so keeps a file from choosing UTF-16.
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, text.baseAddress, text.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        text.deallocate()
    }

    /// Not to be called again after an error, or after the stream's end.
    mutating func next() throws(YAMLError) -> YAMLEvent {
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(parser, &event) == 1 else { throw failure }
            defer { yaml_event_delete(&event) }
            let line = event.start_mark.line + 1
            guard let kind = try kind(of: event, line) else { continue }
            return YAMLEvent(kind: kind, line: line, column: event.start_mark.column + 1)
        }
    }

    /// Nil for what says nothing: the stream's start, and a document's end.
    private mutating func kind(of event: yaml_event_t, _ line: Int) throws(YAMLError) -> YAMLEvent.Kind? {
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: return .document
        case YAML_STREAM_END_EVENT: return .streamEnd
        case YAML_SEQUENCE_START_EVENT, YAML_MAPPING_START_EVENT:
            guard open.count < YAMLReader.maximumDepth else {
                throw YAMLError(line: line, message: "nested deeper than \(YAMLReader.maximumDepth) levels")
            }
            open.append(line)
            return event.type == YAML_SEQUENCE_START_EVENT ? .sequence : .mapping
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            open.removeLast()
            return .end
        case YAML_SCALAR_EVENT:
            let bytes = UnsafeBufferPointer(start: event.data.scalar.value, count: event.data.scalar.length)
            guard !bytes.contains(0) else { throw YAMLError(line: line, message: "NUL characters are not allowed") }
            return .scalar(String(decoding: bytes, as: UTF8.self))
        case YAML_ALIAS_EVENT:
            let name = event.data.alias.anchor.map { String(cString: $0) } ?? ""
            throw YAMLError(
                line: line,
                message: "\"*\(name)\" is an alias, which is not supported; write the value itself, in quotes if it "
                    + "begins with *")
        default: return nil
        }
    }
}

extension YAMLEvents {
    /// What libyaml says of the last call.
    private var failure: YAMLError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "there is no memory to read it"
        guard parser.pointee.error != YAML_READER_ERROR else {
            let message = problem.contains("UTF-8") ? "not UTF-8" : "not YAML: \(problem)"
            return YAMLError(line: line(at: parser.pointee.problem_offset), message: message)
        }
        let context = parser.pointee.context.map { String(cString: $0) } ?? ""
        // What is missing is missed late, perhaps lines after the place where it belongs.
        let line =
            if context.contains("flow") {
                isClosed ? parser.pointee.problem_mark.line + 1 : open.last ?? 1
            } else if problem.contains("expected ':'") || problem.contains("unexpected") {
                parser.pointee.context_mark.line + 1
            } else {
                parser.pointee.problem_mark.line + 1
            }
        return YAMLError(line: line, message: "not YAML: \(problem)" + (context.isEmpty ? "" : " \(context)"))
    }

    /// Whether the line of the problem still belongs to the innermost `[…]` or `{…}`. One that is not indented deeper
    /// than the block around begins the next key, and the bracket was forgotten.
    private var isClosed: Bool {
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let number = parser.pointee.problem_mark.line
        guard number < lines.count, let first = lines[number].firstIndex(where: { $0 != UInt8(ascii: " ") }) else {
            return false
        }
        return first - lines[number].startIndex > Int(parser.pointee.indent)
    }

    private func line(at offset: Int) -> Int {
        text.prefix(offset).count { $0 == UInt8(ascii: "\n") } + 1
    }
}
