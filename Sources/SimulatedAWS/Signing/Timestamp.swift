#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A moment in UTC, in the three spellings that AWS uses on the wire.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z, without leap seconds.
    package var seconds: Double

    package init(seconds: Double) {
        self.seconds = seconds
    }

    /// The machine's own clock.
    package static var now: Timestamp { Timestamp(seconds: Date().timeIntervalSince1970) }

    package static func < (first: Timestamp, second: Timestamp) -> Bool { first.seconds < second.seconds }

    package static func + (moment: Timestamp, seconds: Double) -> Timestamp {
        Timestamp(seconds: moment.seconds + seconds)
    }

    /// `20260102T030405Z`, the form of `X-Amz-Date`.
    package var basic: String {
        let parts = parts
        return parts.year.padded(4) + parts.month.padded(2) + parts.day.padded(2) + "T" + parts.hour.padded(2)
            + parts.minute.padded(2) + parts.second.padded(2) + "Z"
    }

    /// `2026-01-02T03:04:05Z`, the form of XML answers.
    package var extended: String {
        let parts = parts
        return parts.year.padded(4) + "-" + parts.month.padded(2) + "-" + parts.day.padded(2) + "T"
            + parts.hour.padded(2) + ":" + parts.minute.padded(2) + ":" + parts.second.padded(2) + "Z"
    }

    /// `Fri, 02 Jan 2026 03:04:05 GMT`, the form of the `Date` header (RFC 9110 section 5.6.7).
    package var http: String {
        let parts = parts
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return weekdays[parts.daysSince1970 % 7] + ", " + parts.day.padded(2) + " " + months[parts.month - 1] + " "
            + parts.year.padded(4) + " " + parts.hour.padded(2) + ":" + parts.minute.padded(2) + ":"
            + parts.second.padded(2) + " GMT"
    }

    /// Reads the form of ``basic``; nil when it is anything else.
    package init?(basic text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") else { return nil }
        func field(_ range: Range<Int>) -> Int? { Int(String(decoding: bytes[range], as: UTF8.self)) }
        guard let year = field(0..<4), let month = field(4..<6), let day = field(6..<8), let hour = field(9..<11),
            let minute = field(11..<13), let second = field(13..<15), year >= 1970, (1...12).contains(month),
            (1...31).contains(day), (0..<24).contains(hour), (0..<60).contains(minute), (0...60).contains(second)
        else { return nil }
        // Years are counted from March, so that a leap day is the last day of its year.
        let marchYear = month > 2 ? year : year - 1
        let marchMonth = (month + 9) % 12
        let days =
            365 * marchYear + marchYear / 4 - marchYear / 100 + marchYear / 400 + (153 * marchMonth + 2) / 5 + day - 1
            - Timestamp.daysFromYearZeroTo1970
        seconds = Double(days * 86400 + hour * 3600 + minute * 60 + second)
    }

    /// Days from 0000-03-01 to 1970-01-01 in the Gregorian calendar.
    private static let daysFromYearZeroTo1970 = 719_468

    private struct Parts {
        var daysSince1970: Int
        var year, month, day, hour, minute, second: Int
    }

    private var parts: Parts {
        let total = max(0, Int(seconds.rounded(.down)))
        let (days, second) = total.quotientAndRemainder(dividingBy: 86400)
        // Gregorian years repeat after 400 years of 146,097 days.
        let (era, dayOfEra) = (days + Timestamp.daysFromYearZeroTo1970).quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        return Parts(
            daysSince1970: days,
            year: era * 400 + yearOfEra + (marchMonth < 10 ? 0 : 1),
            month: marchMonth < 10 ? marchMonth + 3 : marchMonth - 9,
            day: dayOfYear - (153 * marchMonth + 2) / 5 + 1,
            hour: second / 3600,
            minute: second / 60 % 60,
            second: second % 60
        )
    }
}

extension Int {
    fileprivate func padded(_ width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
    }
}
