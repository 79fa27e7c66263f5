extension Timestamp {
    /// RFC 3339 in whole seconds: `2026-01-02T03:04:05Z`.
    package var rfc3339: String { text(date: "-", time: ":") }

    /// RFC 3339 in milliseconds: `2026-01-02T03:04:05.250Z`.
    package var rfc3339Milliseconds: String {
        text(date: "-", time: ":", fraction: (milliseconds % 1_000 + 1_000) % 1_000)
    }

    /// Whole seconds without separators, as Signature Version 4 asks for them: `20260102T030405Z`. Sorts by time.
    package var compact: String { text(date: nil, time: nil) }

    /// The moment since 1970 that ``compact`` wrote; nil for any other text.
    package init?(compact text: some StringProtocol) {
        guard let time = Timestamp(iso8601: String(text)), time.secondsSinceEpoch >= 0, time.compact == text else {
            return nil
        }
        self = time
    }

    /// The moment since 1970 that ``rfc3339`` or ``rfc3339Milliseconds`` wrote; nil for any other text.
    package init?(rfc3339 text: some StringProtocol) {
        guard let time = Timestamp(iso8601: String(text)), time.secondsSinceEpoch >= 0,
            time.rfc3339 == text || time.rfc3339Milliseconds == text
        else { return nil }
        self = time
    }

    private func text(date: Unicode.Scalar?, time: Unicode.Scalar?, fraction: Int? = nil) -> String {
        let civil = civilDate
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        civil.appendDay(to: &bytes, separator: date)
        bytes.append(UInt8(ascii: "T"))
        append(civil.hour, width: 2, to: &bytes)
        if let time { bytes.append(UInt8(ascii: time)) }
        append(civil.minute, width: 2, to: &bytes)
        if let time { bytes.append(UInt8(ascii: time)) }
        append(civil.second, width: 2, to: &bytes)
        if let fraction {
            bytes.append(UInt8(ascii: "."))
            append(fraction, width: 3, to: &bytes)
        }
        bytes.append(UInt8(ascii: "Z"))
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension CivilDate {
    /// Appends year, month and day.
    func appendDay(to bytes: inout [UInt8], separator: Unicode.Scalar?) {
        append(year, width: 4, to: &bytes)
        for part in [month, day] {
            if let separator { bytes.append(UInt8(ascii: separator)) }
            append(part, width: 2, to: &bytes)
        }
    }
}

private func append(_ value: Int, width: Int, to bytes: inout [UInt8]) {
    let digits = String(value).utf8
    bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, width - digits.count)))
    bytes.append(contentsOf: digits)
}
