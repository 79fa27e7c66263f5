/// A text as it is meant: escapes (`%2B`, `&#43;`, `\u002b`, `\/`) are replaced by what they stand for, however often
/// they are nested; white space, control characters and characters that draw nothing are left out.
struct MeantText {
    private(set) var bytes: [UInt8] = []
    /// Where each byte comes from: a character or an escape of the text.
    private(set) var places: [Range<Int>] = []
    /// Whether it is meant otherwise than it is written, apart from what is not seen.
    private(set) var hasEscapes = false
    private let unescapes: Bool

    /// With `unescaping` false, escapes are left as they are: what looks like one may be there by chance (`100%`, and
    /// then digits).
    init(_ text: [UInt8], unescaping: Bool = true) {
        unescapes = unescaping
        bytes.reserveCapacity(text.count)
        places.reserveCapacity(text.count)
        for (index, byte) in text.enumerated() { append(byte, index..<(index + 1)) }
    }

    private init() { unescapes = false }

    /// The text itself, and what it says if it is written in hexadecimal digits or in Base64, wherever those begin.
    var readings: [MeantText] {
        [self] + (0..<2).map { decoded(from: $0, 2, bits: 4, MeantText.hexadecimal) }
            + (0..<4).map { decoded(from: $0, 4, bits: 6, MeantText.base64) }
    }

    /// Each group of digits becomes the bytes that it holds; what is not a digit ends the group's bytes.
    private func decoded(from start: Int, _ size: Int, bits: Int, _ value: (UInt8) -> Int?) -> MeantText {
        var result = MeantText()
        for group in stride(from: start, to: bytes.count, by: size) {
            let end = min(group + size, bytes.count)
            let place = places[group].lowerBound..<places[end - 1].upperBound
            var (held, count) = (0, 0)
            for byte in bytes[group..<end] {
                guard let digit = value(byte) else { break }
                held = held << bits | digit
                count += bits
                guard count >= 8 else { continue }
                count -= 8
                let byte = UInt8(truncatingIfNeeded: held >> count)
                guard byte > 0x20 else { continue }
                result.bytes.append(byte)
                result.places.append(place)
            }
        }
        return result
    }

    /// Appends a byte, and replaces the escape that it completes. Each replacement is shorter, so this takes linear
    /// time.
    private mutating func append(_ byte: UInt8, _ place: Range<Int>) {
        guard byte > 0x20, byte != 0x7F else { return }
        bytes.append(byte)
        places.append(place)
        guard let (count, meaning) = lastInvisible.map({ ($0, []) }) ?? (unescapes ? lastEscape : nil) else { return }
        if byte < 0x80 { hasEscapes = true }
        let place = places[places.count - count].lowerBound..<place.upperBound
        bytes.removeLast(count)
        places.removeLast(count)
        for byte in meaning { append(byte, place) }
    }
}

// MARK: - Escapes

extension MeantText {
    /// How many bytes at the end are an escape, and what they stand for.
    private var lastEscape: (count: Int, meaning: [UInt8])? {
        let last = bytes[bytes.count - 1]
        if byte(2) == UInt8(ascii: "\\") {
            switch last {
            case UInt8(ascii: "u"), UInt8(ascii: "x"): return nil
            case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "b"), UInt8(ascii: "f"):
                return (2, [])
            default: return (2, [last])
            }
        }
        switch last {
        case UInt8(ascii: ";"):
            guard let count = count(backTo: UInt8(ascii: "&")), count > 2 else { return nil }
            let name = bytes[(bytes.count - count + 1)..<(bytes.count - 1)]
            guard name.first == UInt8(ascii: "#") else {
                let isName = name.allSatisfy { (0x61...0x7A).contains($0 | 0x20) }
                return isName ? (count, MeantText.entities[String(decoding: name, as: UTF8.self)] ?? []) : nil
            }
            let isHexadecimal = name.dropFirst().first.map { $0 | 0x20 } == UInt8(ascii: "x")
            return MeantText.scalar(name.dropFirst(isHexadecimal ? 2 : 1), radix: isHexadecimal ? 16 : 10)
                .map { (count, $0) }
        case UInt8(ascii: "}"):
            guard let count = count(backTo: UInt8(ascii: "\\")), count > 4, byte(count - 1) == UInt8(ascii: "u"),
                byte(count - 2) == UInt8(ascii: "{")
            else { return nil }
            return MeantText.scalar(bytes.suffix(count - 3).dropLast(), radix: 16).map { (count, $0) }
        case _ where MeantText.hexadecimal(last) == nil: return nil
        case _ where byte(3) == UInt8(ascii: "%"):
            return MeantText.number(bytes.suffix(2), radix: 16).map { (3, [UInt8($0)]) }
        case _ where byte(4) == UInt8(ascii: "\\") && byte(3) == UInt8(ascii: "x"):
            return MeantText.number(bytes.suffix(2), radix: 16).map { (4, [UInt8($0)]) }
        case _ where byte(6) == UInt8(ascii: "\\") && byte(5) == UInt8(ascii: "u"):
            return MeantText.scalar(bytes.suffix(4), radix: 16).map { (6, $0) }
        default: return nil
        }
    }

    /// The byte at `distance` from the end, the last one being at 1.
    private func byte(_ distance: Int) -> UInt8? {
        distance <= bytes.count ? bytes[bytes.count - distance] : nil
    }

    /// How many bytes the end has from `start` on, which no long way lies before.
    private func count(backTo start: UInt8) -> Int? {
        (2...12).first { byte($0) == start }
    }

    /// The length of the character at the end, if it is complete and draws nothing by itself.
    private var lastInvisible: Int? {
        guard let last = bytes.last, last >= 0x80, let count = (2...4).first(where: { (byte($0) ?? 0) >= 0xC0 }),
            let text = String(validating: bytes.suffix(count), as: UTF8.self), let scalar = text.unicodeScalars.first
        else { return nil }
        let isMark = [.nonspacingMark, .enclosingMark, .control].contains(scalar.properties.generalCategory)
        return isMark || scalar.properties.isDefaultIgnorableCodePoint || scalar.properties.isWhitespace ? count : nil
    }

    /// Those for characters that are in tokens; any other named one counts as nothing.
    private static let entities = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "plus": "+", "sol": "/", "equals": "=",
        "lowbar": "_", "period": ".", "colon": ":", "percnt": "%", "commat": "@", "bsol": "\\", "num": "#",
    ].mapValues { Array($0.utf8) }

    private static func number(_ digits: ArraySlice<UInt8>, radix: UInt32) -> UInt32? {
        guard (1...8).contains(digits.count) else { return nil }
        var number: UInt32 = 0
        for digit in digits {
            guard let value = hexadecimal(digit), value < radix else { return nil }
            number = number &* radix &+ UInt32(value)
        }
        return number
    }

    private static func scalar(_ digits: ArraySlice<UInt8>, radix: UInt32) -> [UInt8]? {
        number(digits, radix: radix).map { Unicode.Scalar($0).map { Array(String($0).utf8) } ?? [] }
    }

    private static func hexadecimal(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte) - 0x30
        case 0x41...0x46, 0x61...0x66: Int(byte | 0x20) - 0x61 + 10
        default: nil
        }
    }

    /// In the usual alphabet and in that of URLs.
    private static func base64(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x41...0x5A: Int(byte) - 0x41
        case 0x61...0x7A: Int(byte) - 0x61 + 26
        case 0x30...0x39: Int(byte) - 0x30 + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
