import SharePlan
import Synchronization

/// Reads the lines of a plan's entries from its file, one at a time. Many tasks may read at once.
final class EntryLines: Sendable {
    /// How the lines of changes are kept in the file; those of other entries are kept as they are.
    enum Form {
        case whole
        /// What follows ``PlanLine/startOfChange(of:)``; the same bytes may be those of many repositories.
        case withoutStart
    }

    /// So many rests are remembered.
    private static let count = 4

    private let file: OpenFile
    private let form: Form
    private let recentRests = Mutex<[(offset: Int, bytes: [UInt8])]>([])
    private let recentChanges = RecentLines()

    /// Of the file, for messages.
    var path: String { file.path }

    init(_ file: OpenFile, changes form: Form) {
        self.file = file
        self.form = form
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
        guard keepsRest(of: slot) else { return try file.read(slot.length, at: slot.offset) }
        return try PlanLine.startOfChange(of: slot.repository) + rest(of: slot)
    }

    /// - Throws: ``FileError``; ``RolloutError/planChangedUnderway(path:reason:)`` when the line is not an entry.
    func entry(of slot: PlanFile.Slot) throws -> PlanEntry {
        let bytes = try keepsRest(of: slot) ? rest(of: slot) : file.read(slot.length, at: slot.offset)
        do throws(JSONMembers.Mismatch) {
            return keepsRest(of: slot)
                ? try recentChanges.change(of: slot.repository, decodingRest: bytes)
                : try recentChanges.entry(of: slot.repository, decoding: bytes)
        } catch {
            throw RolloutError.planChangedUnderway(path: file.path, reason: error.reason)
        }
    }

    private func keepsRest(of slot: PlanFile.Slot) -> Bool { slot.kind == .change && form == .withoutStart }

    private func rest(of slot: PlanFile.Slot) throws(FileError) -> [UInt8] {
        if let known = recentRests.withLock({ $0.first { $0.offset == slot.offset }?.bytes }) { return known }
        let bytes = try file.read(slot.length, at: slot.offset)
        recentRests.withLock { recent in
            if recent.count == EntryLines.count { recent.removeLast() }
            recent.insert((slot.offset, bytes), at: 0)
        }
        return bytes
    }
}
