import AWSValues

/// One row of the heat map: each consumer with what the plan does to it there.
///
/// Who has what is what the evaluator says, as in ``GrantAudit``: a cell never claims more or less than the text does.
struct HTMLCells: Sendable {
    /// The bits of a cell, which the page's script reads as well.
    struct Cell: OptionSet, Hashable, Sendable {
        let rawValue: UInt16

        static let added = Cell(rawValue: 1)
        static let removed = Cell(rawValue: 2)
        static let kept = Cell(rawValue: 4)
        static let foreign = Cell(rawValue: 8)
        static let denied = Cell(rawValue: 16)
        static let pull = Cell(rawValue: 32)
        static let push = Cell(rawValue: 64)
        static let lambda = Cell(rawValue: 128)
        /// Something of it depends on what the policy does not decide.
        static let perhaps = Cell(rawValue: 256)
        static let held: Cell = [.kept, .foreign]
    }

    /// By consumer, sorted.
    let cells: [(consumer: String, cell: Cell)]

    /// What `change` does, beside what the policy gives: the new one, or the old one where the change was not made.
    /// `today` is the day of the plan, in UTC, by which dates in policies have passed.
    init(_ change: Change, isDone: Bool = true, sidPrefix: String, on today: CalendarDate?) {
        let policy = try? PolicyEvaluator(
            of: isDone ? change.after : change.before, partition: change.repository.region.partition,
            owner: change.repository.account, today: today, region: change.repository.region
        ).beside(registry: change.registryPolicy)
        var cells = policy.map { HTMLCells.cells(GrantAudit(of: $0).entries, $0.denials, sidPrefix) } ?? [:]
        for entry in change.access.gained {
            let column = HTMLCells.column(entry.kind, entry.principal)
            if isDone { cells[column]?.remove(.kept) }
            cells[column, default: []].formUnion([.added, HTMLCells.bit(entry.extent), HTMLCells.doubt(entry)])
        }
        for entry in change.access.lost {
            cells[HTMLCells.column(entry.kind, entry.principal), default: []]
                .formUnion([.removed, HTMLCells.bit(entry.extent), HTMLCells.doubt(entry)])
        }
        self.init(cells)
    }

    /// What a live policy gives to whom, through statements of ours or of others.
    init(_ access: RepositoryAccess, sidPrefix: String) {
        self.init(HTMLCells.cells(access.entries, access.denials, sidPrefix))
    }

    private init(_ cells: [String: Cell]) {
        self.cells = cells.sorted { $0.key < $1.key }.map { name, cell in
            // Who may push may pull; one word says it.
            (name, cell.contains(.push) ? cell.subtracting(.pull) : cell)
        }
    }

    /// A cell for whoever has something, and for whoever has nothing since what matrices share is denied to them.
    private static func cells(
        _ entries: [AccessEntry], _ denials: Set<StatementReference>, _ sidPrefix: String
    ) -> [String: Cell] {
        var cells: [String: Cell] = [:]
        var denied: Set<String> = []
        for entry in entries {
            let column = column(entry.kind, entry.principal)
            switch entry.decision {
            case .allowed, .depends:
                var cell = entry.decision.isAllowed ? bit(entry.extent) : [bit(entry.extent), .perhaps]
                for statement in entry.statements where !denials.contains(statement) {
                    cell.insert(GrantShape.isManaged(sid: statement.sid, prefix: sidPrefix) ? .kept : .foreign)
                }
                if !cell.isDisjoint(with: .held) { cells[column, default: []].formUnion(cell) }
            case .denied where entry.extent.isShared: denied.insert(column)
            case .denied, .notAllowed: break
            }
        }
        for column in denied where cells[column] == nil { cells[column] = .denied }
        return cells
    }

    /// The column of the heat map that somebody belongs to: consumers as matrices have them, `*` for everybody.
    private static func column(_ kind: AccessEntry.Kind, _ principal: String) -> String {
        switch kind {
        case .service: principal == "*" ? "any AWS service" : "service " + principal
        case .lambda where principal == "*": "any Lambda"
        case .lambda where principal == "o-*": "Lambda of o-*"
        default: principal
        }
    }

    private static func doubt(_ entry: AccessChange.Entry) -> Cell { entry.doubts.isEmpty ? [] : .perhaps }

    private static func bit(_ extent: AccessEntry.Extent) -> Cell {
        switch extent {
        case .access(.pull): .pull
        case .access(.push): .push
        case .access(.lambdaOnly): .lambda
        case .other: []
        }
    }
}

extension PolicyEvaluator {
    /// The statements that deny something.
    var denials: Set<StatementReference> { Set(statements.filter { $0.effect == .deny }.map(\.reference)) }
}

extension AccessEntry.Extent {
    /// Whether it has something to do with what matrices share, unlike the deletion of images.
    fileprivate var isShared: Bool {
        guard case .other(let actions) = self else { return true }
        let shared = ActionSet(.push).names.map { $0.lowercased() }
        return actions.contains { shared.contains($0.lowercased()) }
    }
}
