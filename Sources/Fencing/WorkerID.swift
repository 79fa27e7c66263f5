/// The name of one process that works on a run: chosen at random when it starts, and never used again.
package struct WorkerID: Hashable, Sendable {
    /// Random enough that no two processes share it.
    package let text: String

    /// The id that `text` spells.
    package init(_ text: String) {
        self.text = text
    }
}
