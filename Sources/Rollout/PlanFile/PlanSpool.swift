import AWSValues
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
        var registryProblems: [Problem] = []
        var summary = PlanSummary()
        var known = SpooledChanges()
        /// What is not on disk yet, and where it will start there.
        var buffer: [UInt8] = []
        var offset = 0

        mutating func note(_ entry: PlanEntry, of repository: RepositoryID, at place: SpooledChanges.Place) {
            slots[repository.registry, default: []].append(
                PlanFile.Slot(
                    repository: repository, kind: entry.kind, offset: place.offset, length: place.length))
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

    /// Adds the entry of one repository or registry.
    package func add(_ entry: PlanEntry) throws(FileError) {
        guard case .change(let change) = entry else { return try addUnchangedOrProblem(entry) }
        let repository = change.repository
        let isKnown = state.withLock { state in
            guard let place = state.known.place(of: change) else { return false }
            state.note(entry, of: repository, at: place)
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
            state.note(entry, of: repository, at: place)
        }
    }

    private func addUnchangedOrProblem(_ entry: PlanEntry) throws(FileError) {
        let line = PlanLine.entry(entry).bytes
        try state.withLock { state throws(FileError) in
            if let repository = entry.repository {
                state.note(entry, of: repository, at: try write(line[...], &state))
            } else if case .problem(let problem) = entry {
                state.registryProblems.append(problem)
                state.summary.count(entry)
            }
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
    /// - Throws: ``RolloutError/plannedTwice(_:)`` when a repository or registry was added twice; ``FileError``.
    package func finish(header: PlanHeader) throws -> PlanFile {
        let (slots, problems, summary) = try state.withLock { state throws(FileError) in
            try flush(&state)
            state.known = SpooledChanges()
            defer { state.slots = [:] }
            let problems = state.registryProblems.sorted { $0.subject < $1.subject }
            return (sorted(state.slots), problems, state.summary)
        }
        let lines = EntryLines(file, changes: .withoutStart)
        var digest = PlanDigest(header)
        var last: PlanSubject?
        for place in PlanFile.places(slots, problems) {
            if let last, last == place.subject { throw RolloutError.plannedTwice(last) }
            last = place.subject
            try digest.add(place, on: lines.line(of: place), path: lines.path)
        }
        return PlanFile(
            header: header, summary: summary, digest: digest.hexadecimal, slots: slots, registryProblems: problems,
            lines: lines)
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
