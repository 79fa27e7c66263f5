package import AWSValues

/// The id of a run, such as `20261124T210359Z-3f9a1c`: the second in which it was started and six hexadecimal digits.
///
/// Of the digits' 24 bits the first ten are the milliseconds and the others are random, so ids sort by time and two
/// runs made at once differ.
package struct RunID: TextValue {
    package let text: String

    /// The id that `text` spells; nil for anything else, so an id is always safe as the name of a folder.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 23, Timestamp(compact: String(decoding: bytes[..<16], as: UTF8.self)) != nil,
            bytes[16] == UInt8(ascii: "-"), bytes[17...].allSatisfy({ RunID.isDigit($0) || RunID.isHexLetter($0) })
        else { return nil }
        self.text = String(text)
    }

    /// The id of a run that is started at `time` in an archive whose newest run is `newest`: later than that, whatever
    /// the clock says.
    init(at time: Timestamp, after newest: RunID?) {
        let id = RunID(at: time)
        guard let newest, id <= newest, let last = newest.time else {
            self = id
            return
        }
        self.init(at: Timestamp(milliseconds: last.milliseconds + 1))
    }

    /// When the run was started, according to the id; never nil for an id that ``init(_:)`` made.
    private var time: Timestamp? {
        guard let second = Timestamp(compact: text.prefix(16)), let digits = Int(text.suffix(6), radix: 16) else {
            return nil
        }
        return Timestamp(milliseconds: second.milliseconds + digits >> 14)
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

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0") <= byte && byte <= UInt8(ascii: "9")
    }

    private static func isHexLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a") <= byte && byte <= UInt8(ascii: "f")
    }
}
