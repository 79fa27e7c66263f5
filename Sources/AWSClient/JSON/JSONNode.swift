/// A JSON value of an AWS answer, or of a file that another AWS tool wrote, as far as this module reads them.
///
/// Numbers are kept as text. A member that appears twice has its last value, as in the AWS SDKs.
package enum JSONNode: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONNode])
    case object([Member])

    /// One name and value of an object, in the text's order.
    package struct Member: Hashable, Sendable {
        package let name: String
        package let value: JSONNode
    }

    /// The value of a member, or nil when there is none, it is null, or this is not an object.
    package subscript(name: String) -> JSONNode? {
        guard case .object(let members) = self, let value = members.last(where: { $0.name == name })?.value,
            value != .null
        else { return nil }
        return value
    }

    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    package var number: Double? {
        guard case .number(let text) = self else { return nil }
        return Double(text)
    }

    package var array: [JSONNode]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    package var isObject: Bool {
        guard case .object = self else { return false }
        return true
    }
}

/// Why bytes are not JSON.
package struct JSONSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    package let reason: String
    /// Of the byte where it was noticed, from 0.
    package let offset: Int

    package var description: String { "not valid JSON at byte \(offset): \(reason)" }
}

extension JSONNode {
    /// Parses one JSON text. Source of the grammar: RFC 8259, https://www.rfc-editor.org/rfc/rfc8259
    package init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
        var reader = JSONReader(bytes)
        self = try reader.readText()
    }

    /// Writes an object with these members as compact JSON, in their order.
    static func compactObject(_ members: [(name: String, value: JSONNode)]) -> [UInt8] {
        var bytes: [UInt8] = []
        JSONNode.object(members.map { Member(name: $0.name, value: $0.value) }).write(to: &bytes)
        return bytes
    }

    /// Writes compact JSON.
    func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .number(let text): bytes += text.utf8
        case .string(let text): JSONNode.write(text, to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                JSONNode.write(member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x0A: bytes += "\\n".utf8
            case 0x0D: bytes += "\\r".utf8
            case 0x09: bytes += "\\t".utf8
            case 0..<0x20: bytes += "\\u00\(hexadecimal(CollectionOfOne(byte)))".utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
