/// One row of the heat map: each consumer with what the plan does to it there.
struct HTMLCells: Sendable {
    /// The bits of a cell, which the page's script reads as well.
    struct Cell: OptionSet, Hashable, Sendable {
        let rawValue: UInt8

        static let added = Cell(rawValue: 1)
        static let removed = Cell(rawValue: 2)
        static let kept = Cell(rawValue: 4)
        static let foreign = Cell(rawValue: 8)
        static let denied = Cell(rawValue: 16)
        static let pull = Cell(rawValue: 32)
        static let push = Cell(rawValue: 64)
        static let lambda = Cell(rawValue: 128)
        static let states: Cell = [.added, .removed, .kept, .foreign, .denied]
    }

    /// By consumer, sorted.
    let cells: [(consumer: String, cell: Cell)]

    init(_ change: Change, sidPrefix: String) {
        var cells: [String: Cell] = [:]
        for (consumer, marks) in PolicyReach(change.after, sidPrefix: sidPrefix).marks {
            var cell = Cell(rawValue: marks.intersection(.access).rawValue)
            if marks.contains(.managed) { cell.insert(.kept) }
            if marks.contains(.foreign) { cell.insert(.foreign) }
            if marks.contains(.denied) { cell.insert(.denied) }
            cells[consumer] = cell
        }
        for entry in change.access.gained {
            cells[entry.column, default: []].formUnion([.added, HTMLCells.bit(entry.extent)])
            cells[entry.column]?.remove(.kept)
        }
        for entry in change.access.lost {
            cells[entry.column, default: []].formUnion([.removed, HTMLCells.bit(entry.extent)])
        }
        self.cells = cells.filter { !$0.value.isDisjoint(with: .states) }.sorted { $0.key < $1.key }
            .map { ($0.key, $0.value) }
    }

    private static func bit(_ extent: AccessEntry.Extent) -> Cell {
        guard case .access(let access) = extent else { return [] }
        return bit(access)
    }

    static func bit(_ access: Access) -> Cell {
        switch access {
        case .pull: .pull
        case .push: .push
        case .lambdaOnly: .lambda
        }
    }
}

extension AccessChange.Entry {
    /// The column of the heat map that the entry belongs to.
    fileprivate var column: String {
        switch kind {
        case .service: "service " + principal
        default: principal
        }
    }
}
