#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A moment in UTC, by the system's wall clock.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Since 1970-01-01T00:00:00Z, without leap seconds.
    package let milliseconds: Int

    package init(milliseconds: Int) {
        self.milliseconds = milliseconds
    }

    /// The present.
    package static var now: Timestamp {
        var time = timespec()
        // It cannot fail: every system has this clock.
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000)
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// RFC 3339 in whole seconds, such as `2026-11-24T21:03:59Z`.
    package var rfc3339: String { text(date: "-", time: ":") + "Z" }

    /// RFC 3339 in milliseconds, such as `2026-11-24T21:03:59.250Z`.
    package var rfc3339Milliseconds: String {
        text(date: "-", time: ":") + "." + padded(milliseconds % 1000, to: 3) + "Z"
    }

    /// The same in whole seconds without separators, such as `20261124T210359Z`; sorts by time.
    package var compact: String { text(date: "", time: "") + "Z" }

    /// The moment that ``compact`` wrote, of the years 1970 to 9999; nil for any other text.
    init?(compact text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 16 else { return nil }
        func number(_ digits: Range<Int>) -> Int32 { Int32(String(decoding: bytes[digits], as: UTF8.self)) ?? -1 }
        var fields = tm()
        fields.tm_year = number(0..<4) - 1900
        fields.tm_mon = number(4..<6) - 1
        fields.tm_mday = number(6..<8)
        fields.tm_hour = number(9..<11)
        fields.tm_min = number(11..<13)
        fields.tm_sec = number(13..<15)
        guard (70..<8100).contains(fields.tm_year) else { return nil }
        self.init(milliseconds: Int(timegm(&fields)) * 1000)
        // An invalid day or time was carried over.
        guard compact == text else { return nil }
    }

    /// The moment that ``rfc3339`` or ``rfc3339Milliseconds`` wrote, of the years 1970 to 9999; nil for any other text.
    init?(rfc3339 text: some StringProtocol) {
        let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
        let compact = String((parts.first ?? "").filter { $0 != "-" && $0 != ":" }) + "Z"
        guard let seconds = Timestamp(compact: compact) else { return nil }
        let milliseconds = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        self.init(milliseconds: seconds.milliseconds + milliseconds)
        guard rfc3339 == text || rfc3339Milliseconds == text else { return nil }
    }

    private func text(date: String, time: String) -> String {
        var seconds = time_t(milliseconds / 1000)
        var fields = tm()
        gmtime_r(&seconds, &fields)
        return padded(Int(fields.tm_year) + 1900, to: 4) + date + padded(Int(fields.tm_mon) + 1, to: 2) + date
            + padded(Int(fields.tm_mday), to: 2) + "T" + padded(Int(fields.tm_hour), to: 2) + time
            + padded(Int(fields.tm_min), to: 2) + time + padded(Int(fields.tm_sec), to: 2)
    }

    private func padded(_ number: Int, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
