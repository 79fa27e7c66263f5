package import AWSValues
import Platform

/// Time and chance, as parameters: the live ones, or a test's.
package struct AWSClock: Sendable {
    /// The wall clock, for signatures and expirations.
    package var wall: @Sendable () -> Timestamp
    /// A clock that never jumps, from any origin, for rates and waits.
    package var uptime: @Sendable () -> Duration
    /// Waits; throws when the task is cancelled.
    package var sleep: @Sendable (Duration) async throws(CancellationError) -> Void
    /// A number in 0..<1, for jitter.
    package var random: @Sendable () -> Double

    /// The system's clocks and random numbers.
    package static let live: AWSClock = {
        let origin = ContinuousClock.now
        return AWSClock(
            wall: { .now },
            uptime: { ContinuousClock.now - origin },
            sleep: { (span) async throws(CancellationError) in
                do {
                    try await Task.sleep(for: span)
                } catch {
                    throw CancellationError()
                }
            },
            random: { Double.random(in: 0..<1) }
        )
    }()
}
