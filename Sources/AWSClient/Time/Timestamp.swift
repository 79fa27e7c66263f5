#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A moment on the wall clock.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Since 1 January 1970, 00:00 UTC.
    package var secondsSinceEpoch: Double

    package init(secondsSinceEpoch: Double) {
        self.secondsSinceEpoch = secondsSinceEpoch
    }

    package init(_ date: CivilDate) {
        secondsSinceEpoch = Double(date.secondsSinceEpoch)
    }

    /// What the system's clock says. It may be wrong and may jump: never measure a time span with it.
    package static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(secondsSinceEpoch: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
    }

    /// The date and time of day, fractions of a second cut off.
    package var civilDate: CivilDate {
        CivilDate(secondsSinceEpoch: Int(secondsSinceEpoch.rounded(.down)))
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

    /// The span in whole milliseconds, rounded up, so that a time limit is never shortened to nothing.
    var inMillisecondsRoundedUp: Int {
        Int((inSeconds * 1_000).rounded(.up))
    }
}
