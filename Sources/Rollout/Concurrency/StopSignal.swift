import Synchronization

/// A request to stop that a run honours at the next safe point: nothing new is started, what is in flight ends.
package final class StopSignal: Sendable {
    private let requested = Atomic(false)

    package init() {}

    /// Asks the run to stop. Safe to call from anywhere, any number of times.
    package func request() {
        requested.store(true, ordering: .releasing)
    }

    package var isRequested: Bool { requested.load(ordering: .acquiring) }
}
