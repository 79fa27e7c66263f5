package import SharePlan
import Synchronization

/// Collects the entries of a plan in whatever order they are finished, on disk, and puts them in order at the end.
///
/// The entries go to a file without a name in the given folder, which vanishes with the plan that is made of it; only
/// an index stays in memory. Many tasks may add at once.
package final class PlanSpool: Sendable {
    private struct State {
        var slots: [PlanFile.Slot] = []
        var summary = PlanSummary()
        /// What is not on disk yet, and where it will start there.
        var buffer: [UInt8] = []
        var offset = 0
    }

    private static let piece = 1 << 20

    private let file: OpenFile
    private let state = Mutex(State())

    /// - Throws: ``FileError`` when nothing can be written in `folder`.
    package init(in folder: Folder) throws(FileError) {
        self.file = try folder.temporaryFile()
    }

    /// Adds one repository's entry.
    package func add(_ entry: PlanEntry) throws(FileError) {
        let line = PlanLine.entry(entry).bytes
        try state.withLock { state throws(FileError) in
            state.slots.append(
                PlanFile.Slot(
                    repository: entry.repository, kind: entry.kind, offset: state.offset + state.buffer.count,
                    length: line.count))
            state.summary.count(entry)
            state.buffer.append(contentsOf: line)
            if state.buffer.count >= PlanSpool.piece { try flush(&state) }
        }
    }

    /// The plan of all entries that were added.
    ///
    /// - Throws: ``RolloutError/plannedTwice(_:)`` when a repository was added twice; ``FileError``.
    package func finish(header: PlanHeader) throws -> PlanFile {
        let (slots, summary) = try state.withLock { state throws(FileError) in
            try flush(&state)
            state.slots.sort { $0.repository < $1.repository }
            return (state.slots, state.summary)
        }
        for (slot, next) in zip(slots, slots.dropFirst()) where slot.repository == next.repository {
            throw RolloutError.plannedTwice(slot.repository)
        }
        var digest = PlanDigest()
        for slot in slots {
            digest.add(line: try file.read(slot.length, at: slot.offset)[...])
        }
        return PlanFile(header: header, summary: summary, digest: digest.hexadecimal, slots: slots, file: file)
    }

    private func flush(_ state: inout State) throws(FileError) {
        try file.write(state.buffer, at: state.offset)
        state.offset += state.buffer.count
        state.buffer.removeAll(keepingCapacity: true)
    }
}
