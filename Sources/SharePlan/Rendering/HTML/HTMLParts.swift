import AWSValues
import OrderedCollections
import OrderedJSON

/// The plan's rows as the page's script reads them, in parts that can be written while the plan is still read.
///
/// Everything that repeats is written once: consumers, registries, texts, rows of cells, documents.
struct HTMLParts: Sendable {
    /// What a row is, as the page's script numbers it.
    enum Kind: Int {
        case create, update, delete, unchanged, problem

        init(_ action: Change.Action) {
            switch action {
            case .create: self = .create
            case .update: self = .update
            case .delete: self = .delete
            }
        }
    }

    /// Enough rows for one part.
    private static let rowsInPart = 500

    private let sidPrefix: String
    private let today: CalendarDate?
    private var consumers = InternTable<String>()
    private var registries = InternTable<Registry>()
    private var texts = InternTable<String>()
    var cells = InternTable<String>()
    private var reasons = InternTable<String>()
    var documents = DocumentTable()
    private var rows: [JSONValue] = []
    private var known = BoundedTable<Drawing, Drawn>()

    private struct Drawing: Hashable {
        let content: SameCase
        /// Whether the row shows the change as made.
        let isDone: Bool
    }

    /// The numbers of what a row refers to; -1 for nothing.
    private struct Drawn {
        let cells: Int
        let reasons: Int
        let before: Int
        let after: Int
    }

    /// `today` is the day of the plan; nil for live policies, whose entries are decided already.
    init(sidPrefix: String, on today: CalendarDate? = nil) {
        self.sidPrefix = sidPrefix
        self.today = today
    }

    var isFull: Bool { rows.count >= HTMLParts.rowsInPart }
    var isEmpty: Bool { rows.isEmpty }

    /// Adds an entry, with the group that a change belongs to, what a run made of it, and why it was not done.
    mutating func add(_ entry: PlanEntry, group: Int?, outcome: RunOutcome.Kind? = nil, cause: String? = nil) {
        switch entry {
        case .change(let change):
            let drawn = drawn(change, isDone: outcome?.isDone ?? true)
            addRow(
                .repository(change.repository), Kind(change.action), group: group ?? -1,
                added: change.access.gained.count,
                removed: change.revocations, cells: drawn.cells, reasons: drawn.reasons,
                before: drawn.before, after: drawn.after, size: change.size,
                notes: change.warnings + (cause.map { [$0] } ?? []), outcome: outcome)
        case .unchanged(let unchanged):
            addRow(.repository(unchanged.repository), .unchanged, notes: unchanged.warnings)
        case .orphan(let orphan):
            addRow(.repository(orphan.repository), .unchanged, notes: [orphan.sentence])
        case .problem(let problem):
            addRow(problem.subject, .problem, notes: [HTMLParts.note(code: problem.code, problem.message)])
        }
    }

    /// What a row shows of a change.
    private mutating func drawn(_ change: Change, isDone: Bool) -> Drawn {
        let drawing = Drawing(content: SameCase(change.case), isDone: isDone)
        if let drawn = known[drawing] { return drawn }
        let drawn = Drawn(
            cells: cells.index(of: text(of: HTMLCells(change, isDone: isDone, sidPrefix: sidPrefix, on: today))),
            reasons: reasonsIndex(change.grants),
            before: documents.index(of: change.before?.withStatements(asIn: change.after)),
            after: documents.index(of: change.after))
        known.insert(drawn, for: drawing, size: change.case.size)
        return drawn
    }

    /// A problem or warning as one text, by which the page finds its rows.
    static func note(code: String?, _ message: String) -> String {
        code.map { "\(message) [\($0)]" } ?? message
    }

    /// The number of a text that rows refer to.
    mutating func index(ofText text: String) -> Int { texts.index(of: text.visible()) }

    /// Adds a row; that of a whole registry has no name.
    mutating func addRow(
        _ subject: PlanSubject, _ kind: Kind, group: Int = -1, added: Int = 0, removed: Int = 0, cells: Int = -1,
        reasons: Int = -1, before: Int = -1, after: Int = -1, size: Int = 0, notes: [String],
        outcome: RunOutcome.Kind? = nil
    ) {
        let registry = registries.index(of: subject.registry)
        let notes = notes.map { JSONValue(index(ofText: $0)) }
        var row: [JSONValue] = [
            JSONValue(registry), .string(subject.repository?.name.text ?? ""), JSONValue(kind.rawValue),
            JSONValue(group),
            JSONValue(added), JSONValue(removed), JSONValue(cells), JSONValue(reasons), JSONValue(before),
            JSONValue(after), JSONValue(size), .array(notes),
        ]
        if let outcome { row.append(JSONValue(outcome.number)) }
        rows.append(.array(row))
    }

    /// `33:0-299;4:7`: the cell's bits, then the numbers of the consumers that have them.
    mutating func text(of row: HTMLCells) -> String {
        var numbers: OrderedDictionary<UInt16, [Int]> = [:]
        for (consumer, cell) in row.cells {
            numbers[cell.rawValue, default: []].append(consumers.index(of: consumer.visible()))
        }
        return numbers.map { "\($0.key):\(runsText($0.value.sorted()))" }.joined(separator: ";")
    }

    /// `3:0-299;4:7`: the number of a reason's text, then those of its consumers. -1 without reasons.
    private mutating func reasonsIndex(_ grants: GrantDifference) -> Int {
        var numbers: OrderedDictionary<Int, Set<Int>> = [:]
        let remarks =
            grants.removed.map { ($0, AccessRemark($0, isRemoved: true).words) }
            + grants.added.map { ($0, AccessRemark($0, isRemoved: false).words) }
        for (wanted, remark) in remarks where !remark.isEmpty {
            numbers[index(ofText: remark), default: []]
                .insert(consumers.index(of: wanted.grant.consumer.description))
        }
        guard !numbers.isEmpty else { return -1 }
        return reasons.index(of: numbers.map { "\($0.key):\(runsText($0.value.sorted()))" }.joined(separator: ";"))
    }

    /// The rows that were added since the last part, with all that they refer to.
    mutating func takePart() -> JSONValue {
        defer { rows = [] }
        return [
            "consumers": .array(consumers.takeFresh().map(JSONValue.string)),
            "registries": .array(
                registries.takeFresh().map { [.string($0.account.description), .string($0.region.name)] }),
            "texts": .array(texts.takeFresh().map(JSONValue.string)),
            "cells": .array(cells.takeFresh().map(JSONValue.string)),
            "reasons": .array(reasons.takeFresh().map(JSONValue.string)),
            "pieces": .array(documents.takeFreshPieces().map(JSONValue.string)),
            "documents": .array(documents.takeFresh().map(JSONValue.string)),
            "rows": .array(rows),
        ]
    }
}

extension RunOutcome.Kind {
    /// The number by which the page's script knows it.
    fileprivate var number: Int { RunOutcome.Kind.allCases.firstIndex(of: self) ?? 0 }
}
