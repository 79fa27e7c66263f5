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
    package var basic: String { date.formatted(Timestamp.basicStyle) }

    /// `2026-01-02T03:04:05Z`, the form of XML answers.
    package var extended: String { date.formatted(.iso8601) }

    /// `Fri, 02 Jan 2026 03:04:05 GMT`, the form of the `Date` header (RFC 9110 section 5.6.7).
    package var http: String {
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = extended.split { "-T:Z".contains($0) }
        let weekday = weekdays[Int(date.timeIntervalSince1970) / 86_400 % 7]
        let month = months[(Int(parts[1]) ?? 1) - 1]
        return "\(weekday), \(parts[2]) \(month) \(parts[0]) \(parts[3...].joined(separator: ":")) GMT"
    }

    /// Reads the form of ``basic``; nil when it is anything else.
    package init?(basic text: String) {
        guard let date = try? Date(text, strategy: Timestamp.basicStyle) else { return nil }
        self.init(seconds: date.timeIntervalSince1970)
        // The style reads 25 o'clock too, and passes over what follows.
        guard basic == text else { return nil }
    }

    private static let basicStyle = Date.ISO8601FormatStyle(
        dateSeparator: .omitted, dateTimeSeparator: .standard, timeSeparator: .omitted)

    /// In whole seconds, not before 1970.
    private var date: Date { Date(timeIntervalSince1970: max(0, seconds.rounded(.down))) }
}
