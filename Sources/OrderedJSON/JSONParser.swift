import OrderedCollections

/// Why a text is not JSON, and where.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, for a person.
    package let reason: String
    /// The byte where it was noticed, from 0.
    package let offset: Int

    package var description: String { "not valid JSON at byte \(offset): \(reason)" }
}

extension JSONValue {
    /// Parses one JSON text.
    ///
    /// Strict where leniency could lose something: a member name that appears twice, a lone surrogate, text after the
    /// value and nesting deeper than 64 are errors.
    package init(parsing text: String) throws(JSONError) {
        try self.init(parsing: Array(text.utf8)[...])
    }

    /// Parses one JSON text of UTF-8 bytes. Offsets in errors count from the slice's first byte.
    package init(parsing bytes: ArraySlice<UInt8>) throws(JSONError) {
        try self.init(bytes, keepsLastMember: false, maximumDepth: 64)
    }

    /// Parses what AWS answers, or a file that another AWS tool wrote: of a member that appears twice the last value
    /// counts, as in the AWS SDKs, and nesting deeper than 31 is an error.
    package init(lenient bytes: [UInt8]) throws(JSONError) {
        try self.init(bytes[...], keepsLastMember: true, maximumDepth: 31)
    }

    private init(_ bytes: ArraySlice<UInt8>, keepsLastMember: Bool, maximumDepth: Int) throws(JSONError) {
        self = try bytes.withUnsafeBufferPointer { bytes throws(JSONError) in
            var parser = JSONParser(bytes: bytes, keepsLastMember: keepsLastMember, maximumDepth: maximumDepth)
            return try parser.parseText()
        }
    }
}

/// A recursive-descent parser over bytes, which must outlive it.
private struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let keepsLastMember: Bool
    let maximumDepth: Int
    var position = 0

    mutating func parseText() throws(JSONError) -> JSONValue {
        skipWhitespace()
        let value = try parseValue(depth: 0)
        skipWhitespace()
        guard position == bytes.endIndex else { throw error("unexpected text after the value") }
        return value
    }

    private func error(_ reason: String) -> JSONError {
        JSONError(reason: reason, offset: position)
    }

    private var current: UInt8? {
        position < bytes.endIndex ? bytes[position] : nil
    }

    private mutating func skipWhitespace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    /// Skips white space, then takes the byte if it is there.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipWhitespace()
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func parseValue(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= maximumDepth else { throw error("nested too deeply") }
        switch current {
        case UInt8(ascii: "{"): return try parseObject(depth: depth)
        case UInt8(ascii: "["): return try parseArray(depth: depth)
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", as: .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", as: .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", as: .null)
        case let byte? where byte == UInt8(ascii: "-") || isDigit(byte): return try parseNumber()
        case nil: throw error("expected a value, found the end of the text")
        default: throw error("expected a value")
        }
    }

    private mutating func parseWord(_ word: StaticString, as value: JSONValue) throws(JSONError) -> JSONValue {
        let end = position + word.utf8CodeUnitCount
        let matches = end <= bytes.endIndex && word.withUTF8Buffer { bytes[position..<end].elementsEqual($0) }
        guard matches else { throw error("expected a value") }
        position = end
        return value
    }

    private mutating func parseObject(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var members = JSONObject()
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipWhitespace()
            guard current == UInt8(ascii: "\"") else { throw error("expected a member name") }
            let nameStart = position
            let name = try parseString()
            guard take(UInt8(ascii: ":")) else { throw error("expected ':'") }
            skipWhitespace()
            let value = try parseValue(depth: depth + 1)
            guard members.updateValue(value, forKey: name) == nil || keepsLastMember else {
                position = nameStart
                throw error("the member \"\(name)\" appears twice")
            }
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw error("expected ',' or '}'") }
        return .object(members)
    }

    private mutating func parseArray(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return .array(elements) }
        repeat {
            skipWhitespace()
            elements.append(try parseValue(depth: depth + 1))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw error("expected ',' or ']'") }
        return .array(elements)
    }

    private mutating func parseNumber() throws(JSONError) -> JSONValue {
        let start = position
        if current == UInt8(ascii: "-") { position += 1 }
        if current == UInt8(ascii: "0") {
            position += 1
        } else {
            try skipDigits()
        }
        if current == UInt8(ascii: ".") {
            position += 1
            try skipDigits()
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            try skipDigits()
        }
        return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0") <= byte && byte <= UInt8(ascii: "9")
    }

    private mutating func skipDigits() throws(JSONError) {
        let start = position
        while let byte = current, isDigit(byte) { position += 1 }
        guard position > start else { throw error("expected a digit") }
    }

    private mutating func parseString() throws(JSONError) -> String {
        position += 1
        let start = position
        // Most strings have no escapes: they are one slice of the input. Most are ASCII, which is always valid.
        var all: UInt8 = 0
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
            all |= byte
            position += 1
        }
        if current == UInt8(ascii: "\"") {
            let slice = UnsafeBufferPointer(rebasing: bytes[start..<position])
            let text = all < 0x80 ? String(decoding: slice, as: UTF8.self) : try validated(slice)
            position += 1
            return text
        }
        // Policies in a plan are strings full of escaped quotes: what lies between two escapes is taken at once.
        var decoded: [UInt8] = []
        decoded.reserveCapacity(position - start + 256)
        var runStart = start
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                decoded.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[runStart..<position]))
                let text = try decoded.withUnsafeBufferPointer { text throws(JSONError) in try validated(text) }
                position += 1
                return text
            case UInt8(ascii: "\\"):
                decoded.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[runStart..<position]))
                position += 1
                try parseEscape(into: &decoded)
                runStart = position
            case 0..<0x20:
                throw error("a control character must be escaped")
            default:
                position += 1
            }
        }
        throw error("unterminated string")
    }

    private func validated(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) -> String {
        guard let string = String(validating: text, as: UTF8.self) else { throw error("the string is not UTF-8") }
        return string
    }

    private mutating func parseEscape(into decoded: inout [UInt8]) throws(JSONError) {
        guard let byte = current else { throw error("unterminated string") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(byte)
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "n"): decoded.append(0x0A)
        case UInt8(ascii: "r"): decoded.append(0x0D)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "u"): decoded.append(contentsOf: String(try parseUnicodeEscape()).utf8)
        default:
            position -= 1
            throw error("invalid escape")
        }
    }

    /// The scalar of `\u` and four digits, or of a surrogate pair; the position is after the first `\u`.
    private mutating func parseUnicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let first = try parseFourHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800..<0xDC00).contains(first), current == UInt8(ascii: "\\") else { throw error("a lone surrogate") }
        position += 1
        guard current == UInt8(ascii: "u") else { throw error("a lone surrogate") }
        position += 1
        let second = try parseFourHexDigits()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
        else { throw error("a lone surrogate") }
        return scalar
    }

    private mutating func parseFourHexDigits() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("expected four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
