import OrderedCollections

/// Why a text is not JSON.
package struct MalformedJSON: Error, Hashable, CustomStringConvertible {
    /// The byte where it was noticed, from 0.
    package let offset: Int

    package var description: String { "malformed JSON at byte \(offset)" }
}

extension JSON {
    /// Parses one UTF-8 text. A member that appears twice, a lone surrogate, nesting beyond 100 levels and text after
    /// the value are malformed.
    package init(parsing text: some Collection<UInt8>) throws(MalformedJSON) {
        var scanner = Scanner(bytes: Array(text))
        self = try scanner.wholeText()
    }

    /// Parses one text.
    package init(parsing text: String) throws(MalformedJSON) {
        try self.init(parsing: text.utf8)
    }
}

private struct Scanner {
    let bytes: [UInt8]
    var next = 0

    mutating func wholeText() throws(MalformedJSON) -> JSON {
        let value = try value(level: 0)
        skipSpace()
        guard next == bytes.count else { throw malformed }
        return value
    }

    private var malformed: MalformedJSON { MalformedJSON(offset: next) }

    private mutating func skipSpace() {
        while next < bytes.count {
            switch bytes[next] {
            case 0x20, 0x0A, 0x0D, 0x09: next += 1
            default: return
            }
        }
    }

    /// Skips white space, then takes the byte if it is the expected one.
    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        skipSpace()
        guard next < bytes.count, bytes[next] == UInt8(ascii: byte) else { return false }
        next += 1
        return true
    }

    private mutating func value(level: Int) throws(MalformedJSON) -> JSON {
        skipSpace()
        guard next < bytes.count, level <= 100 else { throw malformed }
        switch Unicode.Scalar(bytes[next]) {
        case "{": return try object(level: level)
        case "[": return try array(level: level)
        case "\"": return .string(try string())
        case "t": return try word("true", .bool(true))
        case "f": return try word("false", .bool(false))
        case "n": return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ value: JSON) throws(MalformedJSON) -> JSON {
        guard bytes[next...].starts(with: word.utf8) else { throw malformed }
        next += word.utf8.count
        return value
    }

    private mutating func object(level: Int) throws(MalformedJSON) -> JSON {
        next += 1
        var members: OrderedDictionary<String, JSON> = [:]
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            guard next < bytes.count, bytes[next] == UInt8(ascii: "\"") else { throw malformed }
            let name = try string()
            guard members[name] == nil, take(":") else { throw malformed }
            members[name] = try value(level: level + 1)
        } while take(",")
        guard take("}") else { throw malformed }
        return .object(members)
    }

    private mutating func array(level: Int) throws(MalformedJSON) -> JSON {
        next += 1
        var elements: [JSON] = []
        if take("]") { return .array(elements) }
        repeat {
            elements.append(try value(level: level + 1))
        } while take(",")
        guard take("]") else { throw malformed }
        return .array(elements)
    }

    private mutating func number() throws(MalformedJSON) -> JSON {
        let start = next
        if bytes[next] == UInt8(ascii: "-") { next += 1 }
        let whole = next
        try digits()
        // RFC 8259 section 6: no leading zeros.
        guard bytes[whole] != UInt8(ascii: "0") || next == whole + 1 else { throw malformed }
        if next < bytes.count, bytes[next] == UInt8(ascii: ".") {
            next += 1
            try digits()
        }
        if next < bytes.count, bytes[next] | 0x20 == UInt8(ascii: "e") {
            next += 1
            if next < bytes.count, bytes[next] == UInt8(ascii: "+") || bytes[next] == UInt8(ascii: "-") { next += 1 }
            try digits()
        }
        return .number(String(decoding: bytes[start..<next], as: UTF8.self))
    }

    private mutating func digits() throws(MalformedJSON) {
        let start = next
        while next < bytes.count, (0x30...0x39).contains(bytes[next]) { next += 1 }
        guard next > start else { throw malformed }
    }

    private mutating func string() throws(MalformedJSON) -> String {
        next += 1
        var text: [UInt8] = []
        var run = next
        while next < bytes.count {
            switch bytes[next] {
            case UInt8(ascii: "\""):
                text += bytes[run..<next]
                guard let string = String(validating: text, as: UTF8.self) else { throw malformed }
                next += 1
                return string
            case UInt8(ascii: "\\"):
                text += bytes[run..<next]
                text += UTF8.encode(try escape()) ?? UTF8.encodedReplacementCharacter
                run = next
            case 0x00..<0x20:
                throw malformed
            default:
                next += 1
            }
        }
        throw malformed
    }

    private mutating func escape() throws(MalformedJSON) -> Unicode.Scalar {
        guard next + 1 < bytes.count else { throw malformed }
        let letter = Unicode.Scalar(bytes[next + 1])
        next += 2
        switch letter {
        case "\"", "\\", "/": return letter
        case "b": return "\u{08}"
        case "f": return "\u{0C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u":
            let unit = try hexadecimal()
            if let scalar = Unicode.Scalar(unit) { return scalar }
            guard unit < 0xDC00, bytes[next...].starts(with: #"\u"#.utf8) else { throw malformed }
            next += 2
            let low = try hexadecimal()
            guard (0xDC00...0xDFFF).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) * 0x400 + (low - 0xDC00))
            else { throw malformed }
            return scalar
        default: throw malformed
        }
    }

    private mutating func hexadecimal() throws(MalformedJSON) -> UInt32 {
        guard next + 4 <= bytes.count else { throw malformed }
        var value: UInt32 = 0
        for byte in bytes[next..<next + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw malformed }
            value = value * 16 + UInt32(digit)
        }
        next += 4
        return value
    }
}
