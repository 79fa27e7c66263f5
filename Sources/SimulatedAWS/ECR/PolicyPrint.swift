/// How ECR prints a stored policy: two spaces of indent for each object, ` : ` after a name, arrays on one line.
///
/// It works on compact JSON text in one pass, without a tree, so that a hundred thousand policies can be kept compact
/// and still be read quickly. It changes nothing but white space.
enum PolicyPrint {
    /// Prints an object that has no white space outside strings; anything else comes back as it is.
    static func pretty(_ compact: String) -> String {
        guard compact.hasPrefix("{") else { return compact }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(compact.utf8.count * 5 / 4)
        var depth = 0
        var isInString = false
        var isEscaped = false
        // One entry for each open bracket: whether it is an object.
        var isObject: [Bool] = []
        var previous: UInt8 = 0
        for byte in compact.utf8 {
            defer { previous = byte }
            if isInString {
                bytes.append(byte)
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "}"):
                depth = max(0, depth - 1)
                _ = isObject.popLast()
                if previous == UInt8(ascii: "{") {
                    bytes.append(UInt8(ascii: " "))
                } else {
                    appendLine(depth, to: &bytes)
                }
                bytes.append(byte)
                continue
            case UInt8(ascii: "]"):
                _ = isObject.popLast()
                bytes.append(UInt8(ascii: " "))
                bytes.append(byte)
                continue
            default: break
            }
            // The first thing inside a bracket is set off from it.
            if previous == UInt8(ascii: "{") {
                appendLine(depth, to: &bytes)
            } else if previous == UInt8(ascii: "[") {
                bytes.append(UInt8(ascii: " "))
            }
            switch byte {
            case UInt8(ascii: "{"):
                depth += 1
                isObject.append(true)
                bytes.append(byte)
            case UInt8(ascii: "["):
                isObject.append(false)
                bytes.append(byte)
            case UInt8(ascii: ","):
                bytes.append(byte)
                if isObject.last == true {
                    appendLine(depth, to: &bytes)
                } else {
                    bytes.append(UInt8(ascii: " "))
                }
            case UInt8(ascii: ":"):
                bytes += " : ".utf8
            default:
                isInString = byte == UInt8(ascii: "\"")
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func appendLine(_ depth: Int, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<depth { bytes += "  ".utf8 }
    }
}
