package import Dispatch
import Platform

/// Runs blocking work, such as syncing a file, off the threads that the tasks need, one piece after another.
package struct WorkQueue: Sendable {
    /// Does the work soon, after everything that was given before.
    package let add: @Sendable (_ work: @escaping @Sendable () -> Void) -> Void
    /// Holds up the work that is being done, by microseconds.
    package let pause: @Sendable (UInt32) -> Void

    package init(
        add: @escaping @Sendable (_ work: @escaping @Sendable () -> Void) -> Void,
        pause: @escaping @Sendable (UInt32) -> Void
    ) {
        self.add = add
        self.pause = pause
    }

    /// Works on a serial queue of Dispatch.
    package init(_ queue: DispatchQueue) {
        self.init(add: { work in queue.async(execute: work) }, pause: { usleep($0) })
    }
}
