/// The id of a run, such as `20261124T210359Z-3f9a1c`: the second in which it was made and six hexadecimal digits.
///
/// Of the digits' 24 bits the first ten are the milliseconds and the others are random, so ids sort by time and two runs
/// made at once differ.
package struct RunID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    /// The id that `text` spells; nil for anything else, so an id is always safe as the name of a folder.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 23 else { return nil }
        for (index, byte) in bytes.enumerated() {
            switch index {
            case 8: guard byte == UInt8(ascii: "T") else { return nil }
            case 15: guard byte == UInt8(ascii: "Z") else { return nil }
            case 16: guard byte == UInt8(ascii: "-") else { return nil }
            case 17...: guard RunID.isDigit(byte) || RunID.isHexLetter(byte) else { return nil }
            default: guard RunID.isDigit(byte) else { return nil }
            }
        }
        self.text = String(text)
    }

    /// A new id.
    package init(at time: Timestamp, using generator: inout some RandomNumberGenerator) {
        let milliseconds = UInt32(time.milliseconds % 1000)
        let digits = String(milliseconds << 14 | UInt32.random(in: 0..<(1 << 14), using: &generator), radix: 16)
        text = time.compact + "-" + String(repeating: "0", count: 6 - digits.utf8.count) + digits
    }

    /// A new id with the system's randomness.
    package init(at time: Timestamp) {
        var generator = SystemRandomNumberGenerator()
        self.init(at: time, using: &generator)
    }

    package var description: String { text }

    package static func < (left: RunID, right: RunID) -> Bool {
        left.text < right.text
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0") <= byte && byte <= UInt8(ascii: "9")
    }

    private static func isHexLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a") <= byte && byte <= UInt8(ascii: "f")
    }
}
