package import AWSValues
package import SharePlan

/// A plan on disk: what it amounts to and where each entry is; the entries are read one at a time.
///
/// The index costs about a hundred bytes a repository; policies and grants stay on disk. Problems of whole registries
/// are few, and kept. Entries may be read by many tasks at once. Only whole plans become plan files: their order,
/// counts and digest are right.
package final class PlanFile: Sendable {
    /// What a repository's entry says, without the entry.
    package enum Kind: Hashable, Sendable {
        case change, unchanged, problem, orphan
    }

    /// Where the entry of one repository is.
    package struct Slot: Sendable {
        package let repository: RepositoryID
        package let kind: Kind
        /// Where its bytes are in the file, as ``EntryLines`` reads them; without a newline.
        let offset: Int
        let length: Int
        /// The number of a change's case in the plan; 0 for other entries.
        let number: Int
    }

    package let header: PlanHeader
    package let summary: PlanSummary
    package let digest: String
    /// One a repository, sorted by it.
    package let slots: [Slot]
    /// Sorted by registry, one a registry.
    package let registryProblems: [Problem]

    let lines: EntryLines

    init(
        header: PlanHeader, summary: PlanSummary, digest: String, slots: [Slot], registryProblems: [Problem],
        lines: EntryLines
    ) {
        self.header = header
        self.summary = summary
        self.digest = digest
        self.slots = slots
        self.registryProblems = registryProblems
        self.lines = lines
    }

    /// The entry of a slot.
    package func entry(at slot: Slot) throws -> PlanEntry {
        try lines.entry(of: slot)
    }

    /// The entry of a repository; nil when the plan does not mention it.
    package func entry(for repository: RepositoryID) throws -> PlanEntry? {
        let index = slots.sortedStart { $0.repository < repository }
        guard index < slots.count, slots[index].repository == repository else { return nil }
        return try entry(at: slots[index])
    }

    /// Calls `body` with every entry, in the plan's order.
    package func forEachEntry(_ body: (PlanEntry) throws -> Void) throws {
        for place in PlanFile.places(slots, registryProblems) {
            switch place {
            case .slot(let slot): try body(try entry(at: slot))
            case .registry(let problem): try body(.problem(problem))
            }
        }
    }

    /// Calls `body` with every problem, in the plan's order.
    package func forEachProblem(_ body: (Problem) throws -> Void) throws {
        guard summary.problems > 0 else { return }
        for place in PlanFile.places(slots.filter { $0.kind == .problem }, registryProblems) {
            switch place {
            case .registry(let problem): try body(problem)
            case .slot(let slot):
                if case .problem(let problem) = try entry(at: slot) { try body(problem) }
            }
        }
    }

    /// One entry in the plan's order.
    enum Place {
        case slot(Slot)
        case registry(Problem)
    }

    /// Slots and problems of registries, both sorted, in the plan's order.
    static func places(_ slots: [Slot], _ problems: [Problem]) -> some Sequence<Place> {
        var slots = slots[...], problems = problems[...]
        return AnyIterator {
            if let problem = problems.first,
                slots.first.map({ problem.subject < .repository($0.repository) }) ?? true
            {
                problems.removeFirst()
                return .registry(problem)
            }
            return slots.popFirst().map(Place.slot)
        }
    }

    /// The same file with a shorter index, and the same summary.
    func narrowed(to slots: [Slot]) -> PlanFile {
        PlanFile(
            header: header, summary: summary, digest: digest, slots: slots, registryProblems: registryProblems,
            lines: lines)
    }

    /// Throws ``PlanRefusal`` when the plan goes beyond `limits`.
    package func check(_ limits: PlanLimits) throws {
        var check = PlanCheck(limits, of: header.operation)
        try forEachEntry { check.count($0) }
        try check.verify(digest: digest)
    }
}

extension PlanFile.Place {
    var subject: PlanSubject {
        switch self {
        case .slot(let slot): .repository(slot.repository)
        case .registry(let problem): problem.subject
        }
    }
}

extension PlanDigest {
    /// Adds the entry at a place, given its line in the file at `path`.
    ///
    /// - Throws: ``RolloutError/planChangedUnderway(path:reason:)`` when the line of a problem is none any more.
    mutating func add(_ place: PlanFile.Place, on line: [UInt8], path: String) throws {
        switch place {
        case .registry(let problem): add(problem)
        case .slot(let slot) where slot.kind == .problem:
            do throws(JSONMembers.Mismatch) { add(try PlanEntry(decoding: line[...])) } catch {
                throw RolloutError.planChangedUnderway(path: path, reason: error.reason)
            }
        case .slot(let slot) where slot.kind == .orphan: break
        case .slot: add(line: line[...])
        }
    }
}

extension PlanEntry {
    var kind: PlanFile.Kind {
        switch self {
        case .change: .change
        case .unchanged: .unchanged
        case .problem: .problem
        case .orphan: .orphan
        }
    }
}
