package import SharePlan

/// A plan on disk: what it amounts to and where each entry stands; the entries are read one at a time.
///
/// The index costs about a hundred bytes a repository; policies and grants stay on disk. Entries may be read by many
/// tasks at once. Only whole plans become plan files: their order, counts and digest are right.
package final class PlanFile: Sendable {
    /// What an entry says, without the entry.
    package enum Kind: Hashable, Sendable {
        case change, unchanged, problem
    }

    /// Where one entry stands.
    package struct Slot: Sendable {
        package let repository: RepositoryID
        package let kind: Kind
        /// Where its bytes stand in the file, as ``EntryLines`` reads them; without a newline.
        let offset: Int
        let length: Int
    }

    package let header: PlanHeader
    package let summary: PlanSummary
    package let digest: String
    /// One an entry, sorted by repository.
    package let slots: [Slot]

    private let lines: EntryLines

    init(header: PlanHeader, summary: PlanSummary, digest: String, slots: [Slot], lines: EntryLines) {
        self.header = header
        self.summary = summary
        self.digest = digest
        self.slots = slots
        self.lines = lines
    }

    /// The entry of a slot.
    package func entry(at slot: Slot) throws -> PlanEntry {
        try lines.entry(of: slot)
    }

    /// The entry of a repository; nil when the plan does not speak of it.
    package func entry(for repository: RepositoryID) throws -> PlanEntry? {
        let index = slots.sortedStart { $0.repository < repository }
        guard index < slots.count, slots[index].repository == repository else { return nil }
        return try entry(at: slots[index])
    }

    /// Calls `body` with every entry, sorted by repository.
    package func forEachEntry(_ body: (PlanEntry) throws -> Void) throws {
        for slot in slots { try body(try entry(at: slot)) }
    }

    /// Throws ``PlanRefusal`` when the plan goes beyond `limits`.
    package func check(_ limits: PlanLimits) throws {
        var check = PlanCheck(limits)
        try forEachEntry { check.count($0) }
        try check.verify(digest: digest)
    }

    /// The bytes of a slot's line, as the digest covers them.
    func line(of slot: Slot) throws(FileError) -> [UInt8] {
        try lines.line(of: slot)
    }
}

extension PlanEntry {
    var kind: PlanFile.Kind {
        switch self {
        case .change: .change
        case .unchanged: .unchanged
        case .problem: .problem
        }
    }
}
