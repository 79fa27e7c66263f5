/// The time as a run sees it, so that tests can bring their own.
package struct RunClock: Sendable {
    package let now: @Sendable () -> Timestamp
    /// Returns after the duration, or throws when the task is cancelled before.
    package let sleep: @Sendable (Duration) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Timestamp, sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    /// The system's clocks.
    package static let system = RunClock(now: { .now }, sleep: { try await Task.sleep(for: $0) })
}
