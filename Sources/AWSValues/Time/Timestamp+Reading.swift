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
            let day = decimal(bytes[5..<7]), let year = decimal(bytes[12..<16]),
            let hour = decimal(bytes[17..<19]), let minute = decimal(bytes[20..<22]),
            let second = decimal(bytes[23..<25]),
            bytes[19] == UInt8(ascii: ":"), bytes[22] == UInt8(ascii: ":")
        else { return nil }
        let date = CivilDate(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
        guard date.isValid else { return nil }
        self.init(date)
    }

    /// Reads ISO 8601 as AWS writes expirations: `2026-11-23T23:14:10Z`, with or without a fraction of a second, with
    /// `Z` or an offset such as `+01:00`; and what other tools make of it: the basic form `20261123T231410Z`, a space
    /// for the `T`, no seconds, a comma before the fraction, `+0100`, `+01`, `UTC` or `GMT` for the zone, spaces before
    /// the zone. Nil for any other text, a time without a zone included.
    package init?(iso8601 text: String) {
        var reader = ISO8601Reader(text)
        guard let time = reader.read() else { return nil }
        self = time
    }

    /// Reads an expiration that another program wrote: ISO 8601, or the form of HTTP's `Date` header.
    package init?(expiration text: String) {
        guard let time = Timestamp(iso8601: text) ?? Timestamp(httpDate: text) else { return nil }
        self = time
    }
}

/// Reads a date, a time of day and a zone from the start of a text to its end.
private struct ISO8601Reader {
    private var rest: ArraySlice<UInt8>

    init(_ text: String) {
        rest = Array(text.utf8)[...]
    }

    mutating func read() -> Timestamp? {
        skipSpaces()
        guard var date = readDate(), skip("T") || skip("t") || skipSpaces() > 0, let fraction = readTime(&date),
            date.isValid
        else { return nil }
        skipSpaces()
        guard let offset = readZone() else { return nil }
        skipSpaces()
        guard rest.isEmpty else { return nil }
        return Timestamp(secondsSinceEpoch: Double(date.secondsSinceEpoch - offset) + fraction)
    }

    private mutating func readDate() -> CivilDate? {
        guard let year = readNumber(4) else { return nil }
        let separator: Unicode.Scalar? = skip("-") ? "-" : skip("/") ? "/" : nil
        guard let month = readNumber(2), separator.map({ skip($0) }) ?? true, let day = readNumber(2) else {
            return nil
        }
        return CivilDate(year: year, month: month, day: day)
    }

    /// Reads a time of day into the date, and gives its fraction of a second.
    private mutating func readTime(_ date: inout CivilDate) -> Double? {
        guard let hour = readNumber(2) else { return nil }
        date.hour = hour
        let isExtended = skip(":")
        guard let minute = readNumber(2) else { return nil }
        date.minute = minute
        guard isExtended ? skip(":") : rest.first.map(isFigure) == true else { return 0 }
        guard let second = readNumber(2) else { return nil }
        date.second = second
        return readFraction()
    }

    private mutating func readFraction() -> Double? {
        guard skip(".") || skip(",") else { return 0 }
        let figures = rest.prefix(while: isFigure)
        guard !figures.isEmpty, figures.count <= 12 else { return nil }
        rest = rest.dropFirst(figures.count)
        return Double("0." + String(decoding: figures, as: UTF8.self))
    }

    /// The seconds that the zone is east of UTC.
    private mutating func readZone() -> Int? {
        let names = ["Z", "z", "UTC", "GMT"]
        if let name = names.first(where: { rest.starts(with: $0.utf8) }) {
            rest = rest.dropFirst(name.utf8.count)
            return 0
        }
        let isWest = skip("-")
        guard isWest || skip("+"), let hours = readNumber(2) else { return nil }
        var minutes = 0
        if skip(":") || rest.first.map(isFigure) == true {
            guard let given = readNumber(2) else { return nil }
            minutes = given
        }
        guard hours < 24, minutes < 60 else { return nil }
        return (hours * 3_600 + minutes * 60) * (isWest ? -1 : 1)
    }

    private mutating func readNumber(_ width: Int) -> Int? {
        guard rest.count >= width, let value = decimal(rest.prefix(width)) else { return nil }
        rest = rest.dropFirst(width)
        return value
    }

    private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: scalar) else { return false }
        rest = rest.dropFirst()
        return true
    }

    @discardableResult
    private mutating func skipSpaces() -> Int {
        let count = rest.prefix { $0 == 0x20 }.count
        rest = rest.dropFirst(count)
        return count
    }
}

private func isFigure(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

/// The value of a run of decimal digits, nil when there is anything else.
func decimal(_ bytes: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for byte in bytes {
        guard UInt8(ascii: "0") <= byte, byte <= UInt8(ascii: "9") else { return nil }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return value
}
