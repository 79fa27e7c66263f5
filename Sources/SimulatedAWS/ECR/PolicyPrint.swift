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
        var isInString = false
        var isEscaped = false
        // One entry for each open bracket: whether it is an object.
        var isObject: [Bool] = []
        var previous: UInt8 = 0
        for byte in compact.utf8 {
            defer { previous = byte }
            if isInString {
                bytes.append(byte)
                isInString = byte != UInt8(ascii: "\"") || isEscaped
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
                continue
            }
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { _ = isObject.popLast() }
            switch (Unicode.Scalar(previous), Unicode.Scalar(byte)) {
            case ("{", "}"), ("[", _), (_, "]"), (":", _), (_, ":"): bytes.append(UInt8(ascii: " "))
            case (",", _) where isObject.last != true: bytes.append(UInt8(ascii: " "))
            case ("{", _), (_, "}"), (",", _):
                bytes.append(UInt8(ascii: "\n"))
                for isIndented in isObject where isIndented { bytes += "  ".utf8 }
            default: break
            }
            bytes.append(byte)
            switch Unicode.Scalar(byte) {
            case "{": isObject.append(true)
            case "[": isObject.append(false)
            case "\"": isInString = true
            default: break
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
