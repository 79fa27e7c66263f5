extension Timestamp {
    /// Reads the form that HTTP's `Date` header has: `Thu, 01 Jan 2026 00:05:01 GMT`. Nil for any other text, the two
    /// obsolete forms included.
    ///
    /// Source: RFC 9110, section 5.6.7, https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
    package init?(httpDate text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 29, bytes[3] == UInt8(ascii: ","), text.hasSuffix(" GMT") else { return nil }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard let month = months.firstIndex(of: String(decoding: bytes[8..<11], as: UTF8.self)),
            let day = digits(bytes[5..<7]), let year = digits(bytes[12..<16]),
            let hour = digits(bytes[17..<19]), let minute = digits(bytes[20..<22]), let second = digits(bytes[23..<25]),
            bytes[19] == UInt8(ascii: ":"), bytes[22] == UInt8(ascii: ":")
        else { return nil }
        let date = CivilDate(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
        guard date.isValid else { return nil }
        self.init(date)
    }

    /// Reads ISO 8601 as AWS writes expirations: `2026-11-23T23:14:10Z`, with or without a fraction of a second, with
    /// `Z` or an offset such as `+01:00`. Nil for any other text.
    package init?(iso8601 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = digits(bytes[0..<4]), let month = digits(bytes[5..<7]), let day = digits(bytes[8..<10]),
            let hour = digits(bytes[11..<13]), let minute = digits(bytes[14..<16]), let second = digits(bytes[17..<19])
        else { return nil }
        let date = CivilDate(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        guard date.isValid else { return nil }
        var rest = bytes[19...]
        var fraction = 0.0
        if rest.first == UInt8(ascii: ".") {
            let figures = rest.dropFirst().prefix { UInt8(ascii: "0") <= $0 && $0 <= UInt8(ascii: "9") }
            guard !figures.isEmpty, figures.count <= 12,
                let value = Double("0." + String(decoding: figures, as: UTF8.self))
            else { return nil }
            fraction = value
            rest = rest.dropFirst(1 + figures.count)
        }
        guard let offset = Timestamp.offset(rest) else { return nil }
        self.init(secondsSinceEpoch: Double(date.secondsSinceEpoch - offset) + fraction)
    }

    /// The seconds that a zone designator stands east of UTC.
    private static func offset(_ zone: ArraySlice<UInt8>) -> Int? {
        if zone.elementsEqual([UInt8(ascii: "Z")]) { return 0 }
        let bytes = Array(zone)
        guard bytes.count == 6, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
            bytes[3] == UInt8(ascii: ":"), let hours = digits(bytes[1..<3]), let minutes = digits(bytes[4..<6]),
            hours < 24, minutes < 60
        else { return nil }
        let seconds = hours * 3_600 + minutes * 60
        return bytes[0] == UInt8(ascii: "-") ? -seconds : seconds
    }

    /// The form that Signature Version 4 asks for: `20260102T030405Z`.
    package var signatureDate: String {
        let date = civilDate
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        append(date.year, width: 4, to: &bytes)
        append(date.month, width: 2, to: &bytes)
        append(date.day, width: 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        append(date.hour, width: 2, to: &bytes)
        append(date.minute, width: 2, to: &bytes)
        append(date.second, width: 2, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// ISO 8601 in UTC, whole seconds: `2026-01-02T03:04:05Z`.
    package var iso8601: String {
        let compact = Array(signatureDate.utf8)
        func text(_ range: Range<Int>) -> String { String(decoding: compact[range], as: UTF8.self) }
        return "\(text(0..<4))-\(text(4..<6))-\(text(6..<8))T\(text(9..<11)):\(text(11..<13)):\(text(13..<15))Z"
    }
}

/// The value of a run of decimal digits, nil when there is anything else.
private func digits(_ bytes: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for byte in bytes {
        guard UInt8(ascii: "0") <= byte, byte <= UInt8(ascii: "9") else { return nil }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return value
}

private func append(_ value: Int, width: Int, to bytes: inout [UInt8]) {
    var divisor = 1
    for _ in 1..<width { divisor *= 10 }
    while divisor > 0 {
        bytes.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
        divisor /= 10
    }
}
