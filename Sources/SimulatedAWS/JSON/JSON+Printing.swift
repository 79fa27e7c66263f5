import OrderedCollections

extension JSON {
    /// The value on one line, without white space.
    package var compact: String {
        String(decoding: compactBytes, as: UTF8.self)
    }

    /// ``compact`` as UTF-8.
    package var compactBytes: [UInt8] {
        var bytes: [UInt8] = []
        print(to: &bytes)
        return bytes
    }

    private func print(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let flag): bytes += (flag ? "true" : "false").utf8
        case .number(let text): bytes += text.utf8
        case .string(let text): JSON.print(text, to: &bytes)
        case .array(let elements):
            var separator: Unicode.Scalar = "["
            for element in elements {
                bytes.append(UInt8(ascii: separator))
                element.print(to: &bytes)
                separator = ","
            }
            bytes += (elements.isEmpty ? "[]" : "]").utf8
        case .object(let members):
            var separator: Unicode.Scalar = "{"
            for (name, value) in members {
                bytes.append(UInt8(ascii: separator))
                JSON.print(name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                value.print(to: &bytes)
                separator = ","
            }
            bytes += (members.isEmpty ? "{}" : "}").utf8
        }
    }

    private static func print(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { text in
            var printed = 0
            for index in text.indices where isEscaped(text[index]) {
                bytes += text[printed..<index]
                appendEscape(of: text[index], to: &bytes)
                printed = index + 1
            }
            bytes += text[printed...]
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func appendEscape(of byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""): bytes += #"\""#.utf8
        case UInt8(ascii: "\\"): bytes += #"\\"#.utf8
        case UInt8(ascii: "\n"): bytes += #"\n"#.utf8
        case UInt8(ascii: "\r"): bytes += #"\r"#.utf8
        case UInt8(ascii: "\t"): bytes += #"\t"#.utf8
        default:
            let hexadecimal = Array("0123456789abcdef".utf8)
            bytes += #"\u00"#.utf8 + [hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
        }
    }
}
