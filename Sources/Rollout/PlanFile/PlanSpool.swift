import AWSValues
package import SharePlan
import Synchronization

/// Collects the entries of a plan in whatever order they are finished, on disk, and puts them in order at the end.
///
/// The entries go to a file without a name in the given folder, which vanishes with the plan that is made of it; only
/// an index stays in memory. Many tasks may add at once.
package final class PlanSpool: Sendable {
    /// Where an entry's line is, and the number of its case.
    private struct Place {
        let offset: Int
        let length: Int
        let number: Int
    }

    private struct State {
        /// Apart for each registry: they come in about the order of their names, so that sorting is quick.
        var slots: [Registry: [PlanFile.Slot]] = [:]
        var registryProblems: [Problem] = []
        var summary = PlanSummary()
        /// The cases that are on disk already, by a number each.
        var known = BoundedTable<SameCase, Place>()
        var lastNumber = 0
        /// What is not on disk yet, and where it will start there.
        var buffer: [UInt8] = []
        var offset = 0

        mutating func note(_ entry: PlanEntry, of repository: RepositoryID, at place: Place) {
            slots[repository.registry, default: []].append(
                PlanFile.Slot(
                    repository: repository, kind: entry.kind, offset: place.offset, length: place.length,
                    number: place.number))
            summary.count(entry)
        }
    }

    private static let piece = 1 << 20

    private let file: OpenFile
    private let state = Mutex(State())
    private let cases = Book<Int, Case>()

    /// - Throws: ``FileError`` when nothing can be written in `folder`.
    package init(in folder: Folder) throws(FileError) {
        self.file = try folder.temporaryFile()
    }

    /// Adds the entry of one repository or registry.
    package func add(_ entry: PlanEntry) throws(FileError) {
        guard case .change(let change) = entry else { return try addUnchangedOrProblem(entry) }
        let content = SameCase(change.case)
        let isKnown = state.withLock { state in
            guard let place = state.known[content] else { return false }
            state.note(entry, of: change.repository, at: place)
            return true
        }
        if isKnown { return }
        let rest = PlanLine.entry(entry).bytes[PlanLine.startOfChange(of: change.repository).count...]
        try state.withLock { state throws(FileError) in
            state.lastNumber += 1
            let place = try write(rest, number: state.lastNumber, &state)
            state.known.insert(place, for: content, size: change.case.size)
            cases.insert(change.case, for: place.number, size: change.case.size)
            state.note(entry, of: change.repository, at: place)
        }
    }

    private func addUnchangedOrProblem(_ entry: PlanEntry) throws(FileError) {
        let line = PlanLine.entry(entry).bytes
        try state.withLock { state throws(FileError) in
            if let repository = entry.repository {
                state.note(entry, of: repository, at: try write(line[...], number: 0, &state))
            } else if case .problem(let problem) = entry {
                state.registryProblems.append(problem)
                state.summary.count(entry)
            }
        }
    }

    private func write(
        _ bytes: ArraySlice<UInt8>, number: Int, _ state: inout State
    ) throws(FileError) -> Place {
        let place = Place(offset: state.offset + state.buffer.count, length: bytes.count, number: number)
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
            state.known = BoundedTable()
            defer { state.slots = [:] }
            let problems = state.registryProblems.sorted { $0.subject < $1.subject }
            return (sorted(state.slots), problems, state.summary)
        }
        let lines = EntryLines(file, changes: .withoutStart, cases)
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
