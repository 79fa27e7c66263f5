package import AWSValues
import Dispatch
import Platform

/// The time as a run sees it, and the queues on which it does what blocks, so that tests can bring their own.
package struct RunClock: Sendable {
    package let now: @Sendable () -> Timestamp
    /// Returns after the duration, or throws when the task is cancelled before.
    package let sleep: @Sendable (Duration) async throws -> Void
    /// A new queue for work that blocks.
    package let makeQueue: @Sendable () -> WorkQueue

    package init(
        now: @escaping @Sendable () -> Timestamp, sleep: @escaping @Sendable (Duration) async throws -> Void,
        makeQueue: @escaping @Sendable () -> WorkQueue = { WorkQueue(DispatchQueue(label: "ecr-share.journal")) }
    ) {
        self.now = now
        self.sleep = sleep
        self.makeQueue = makeQueue
    }

    /// The system's clocks.
    package static let system = RunClock(now: { .now }, sleep: { try await Task.sleep(for: $0) })
}
