import SharePlan

/// Reads the lines of a plan's entries from its file, one at a time. Many tasks may read at once.
final class EntryLines: Sendable {
    /// How the lines of changes are kept in the file; those of other entries are kept as they are.
    enum Form {
        case whole
        /// What follows ``PlanLine/startOfChange(of:)``; the same bytes may be those of many repositories.
        case withoutStart
    }

    private let file: OpenFile
    private let form: Form
    /// By their numbers. The plan's copies have the same cases, since their digest is the same.
    let cases: Book<Int, Case>

    /// Of the file, for messages.
    var path: String { file.path }

    init(_ file: OpenFile, changes form: Form, _ cases: Book<Int, Case>) {
        self.file = file
        self.form = form
        self.cases = cases
    }

    /// The bytes of an entry's line, without its newline.
    func line(of place: PlanFile.Place) throws(FileError) -> [UInt8] {
        switch place {
        case .slot(let slot): try line(of: slot)
        case .registry(let problem): PlanLine.entry(.problem(problem)).bytes
        }
    }

    /// The bytes of a slot's line, without its newline.
    func line(of slot: PlanFile.Slot) throws(FileError) -> [UInt8] {
        let bytes = try file.read(slot.length, at: slot.offset)
        guard slot.kind == .change, form == .withoutStart else { return bytes }
        return PlanLine.startOfChange(of: slot.repository) + bytes
    }

    /// - Throws: ``FileError``; ``RolloutError/planChangedUnderway(path:reason:)`` when the line is not the entry of
    ///   the slot's repository.
    func entry(of slot: PlanFile.Slot) throws -> PlanEntry {
        if slot.kind == .change, let known = cases[slot.number] { return .change(Change(slot.repository, known)) }
        let line = try line(of: slot)
        let entry: PlanEntry
        do throws(JSONMembers.Mismatch) { entry = try PlanEntry(decoding: line[...]) } catch {
            throw RolloutError.planChangedUnderway(path: path, reason: error.reason)
        }
        guard entry.repository == slot.repository, entry.kind == slot.kind else {
            throw RolloutError.planChangedUnderway(path: path, reason: "expected the line of \(slot.repository)")
        }
        if case .change(let change) = entry { cases.insert(change.case, for: slot.number, size: change.case.size) }
        return entry
    }
}
