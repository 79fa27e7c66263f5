import Crypto

/// The SHA-256 over a plan's entries, by which two people know that they reviewed the same plan.
///
/// It covers the bytes of the lines between the header and the summary, each with its newline, so it depends on what
/// would be done and not on when the plan was made.
package struct PlanDigest: Sendable {
    private var hash = SHA256()

    package init() {}

    /// Adds one line without its newline.
    package mutating func add(line: ArraySlice<UInt8>) {
        line.withUnsafeBytes { hash.update(bufferPointer: $0) }
        withUnsafeBytes(of: UInt8(ascii: "\n")) { hash.update(bufferPointer: $0) }
    }

    /// The digest of the lines so far: 64 lower-case hexadecimal digits.
    package var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in hash.finalize() {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
