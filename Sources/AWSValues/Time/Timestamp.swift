/// A moment in UTC, by a wall clock. Its texts have milliseconds or whole seconds.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Since 1 January 1970, 00:00 UTC, without leap seconds.
    package var secondsSinceEpoch: Double

    package init(secondsSinceEpoch: Double) {
        self.secondsSinceEpoch = secondsSinceEpoch
    }

    package init(milliseconds: Int) {
        secondsSinceEpoch = Double(milliseconds) / 1_000
    }

    package init(_ date: CivilDate) {
        secondsSinceEpoch = Double(date.secondsSinceEpoch)
    }

    /// Since 1 January 1970, rounded; times before the year 1 or after 9999 count as its first or last moment.
    package var milliseconds: Int {
        Int((min(max(secondsSinceEpoch, -62_135_596_800), 253_402_300_799) * 1_000).rounded())
    }

    /// The date and time of day, fractions of a second cut off.
    package var civilDate: CivilDate {
        CivilDate(secondsSinceEpoch: Int((Double(milliseconds) / 1_000).rounded(.down)))
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.secondsSinceEpoch < right.secondsSinceEpoch
    }

    package static func + (time: Timestamp, span: Duration) -> Timestamp {
        Timestamp(secondsSinceEpoch: time.secondsSinceEpoch + span.inSeconds)
    }

    package static func - (left: Timestamp, right: Timestamp) -> Duration {
        .seconds(left.secondsSinceEpoch - right.secondsSinceEpoch)
    }
}

extension Duration {
    /// The span in seconds, with its fraction.
    package var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
