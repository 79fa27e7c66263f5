package import AWSValues

extension Timestamp {
    /// What the system's clock says, in whole milliseconds. It may be wrong and may jump: never measure a time span
    /// with it.
    package static var now: Timestamp {
        var time = timespec()
        // It cannot fail: every system has this clock.
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int(time.tv_sec) * 1_000 + Int(time.tv_nsec) / 1_000_000)
    }
}
