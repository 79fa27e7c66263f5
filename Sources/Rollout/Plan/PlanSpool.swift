package import SharePlan
import Synchronization

/// Collects the entries of a plan in whatever order they are finished, on disk, and puts them in order at the end.
///
/// The entries go to a file without a name in the given folder, which vanishes with the plan that is made of it; only
/// an index stays in memory. Many tasks may add at once.
package final class PlanSpool: Sendable {
    private struct State {
        /// Apart for each registry: they come in about the order of their names, so that sorting is quick.
        var slots: [Registry: [PlanFile.Slot]] = [:]
        var summary = PlanSummary()
        var known = SpooledChanges()
        /// What is not on disk yet, and where it will start there.
        var buffer: [UInt8] = []
        var offset = 0

        mutating func note(_ entry: PlanEntry, at place: SpooledChanges.Place) {
            slots[entry.repository.registry, default: []].append(
                PlanFile.Slot(
                    repository: entry.repository, kind: entry.kind, offset: place.offset, length: place.length))
            summary.count(entry)
        }
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
        guard case .change(let change) = entry else {
            let line = PlanLine.entry(entry).bytes
            return try state.withLock { state throws(FileError) in
                state.note(entry, at: try write(line[...], &state))
            }
        }
        let isKnown = state.withLock { state in
            guard let place = state.known.place(of: change) else { return false }
            state.note(entry, at: place)
            return true
        }
        if isKnown { return }
        let rest = PlanLine.entry(entry).bytes[PlanLine.startOfChange(of: change.repository).count...]
        try state.withLock { state throws(FileError) in
            let place: SpooledChanges.Place
            if let known = state.known.place(ofRest: rest) {
                place = known
            } else {
                place = try write(rest, &state)
                state.known.learn(rest: rest, at: place)
            }
            state.known.learn(change, at: place)
            state.note(entry, at: place)
        }
    }

    private func write(_ bytes: ArraySlice<UInt8>, _ state: inout State) throws(FileError) -> SpooledChanges.Place {
        let place = SpooledChanges.Place(offset: state.offset + state.buffer.count, length: bytes.count)
        state.buffer.append(contentsOf: bytes)
        if state.buffer.count >= PlanSpool.piece { try flush(&state) }
        return place
    }

    /// The plan of all entries that were added.
    ///
    /// - Throws: ``RolloutError/plannedTwice(_:)`` when a repository was added twice; ``FileError``.
    package func finish(header: PlanHeader) throws -> PlanFile {
        let (slots, summary) = try state.withLock { state throws(FileError) in
            try flush(&state)
            state.known = SpooledChanges()
            defer { state.slots = [:] }
            return (sorted(state.slots), state.summary)
        }
        for (slot, next) in zip(slots, slots.dropFirst()) where slot.repository == next.repository {
            throw RolloutError.plannedTwice(slot.repository)
        }
        let lines = EntryLines(file, changes: .withoutStart)
        var digest = PlanDigest()
        for slot in slots { digest.add(line: try lines.line(of: slot)[...]) }
        return PlanFile(header: header, summary: summary, digest: digest.hexadecimal, slots: slots, lines: lines)
    }

    private func sorted(_ slots: [Registry: [PlanFile.Slot]]) -> [PlanFile.Slot] {
        slots.sorted { $0.key < $1.key }.flatMap { _, slots in slots.sorted { $0.repository.name < $1.repository.name }
        }
    }

    private func flush(_ state: inout State) throws(FileError) {
        try file.write(state.buffer, at: state.offset)
        state.offset += state.buffer.count
        state.buffer.removeAll(keepingCapacity: true)
    }
}
