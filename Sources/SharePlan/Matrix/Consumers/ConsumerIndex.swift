import AWSValues

/// The consumers of a matrix in their order, and which of them each consumer cell means.
struct ConsumerIndex: Sendable {
    /// Sorted, each once, members of groups and units included.
    let consumers: [Consumer]
    /// Positions in ``consumers``, those of each consumer cell together and ascending.
    private let positions: [UInt32]
    /// By number in the vocabulary: where its positions start; one more at the end.
    private let starts: [Int]
    /// The units that were not looked up, sorted.
    let openUnits: [OrganizationalUnitID]

    init(_ cells: [MatrixConsumer], accounts: [OrganizationalUnitID: [AccountID]] = [:]) {
        var open: Set<OrganizationalUnitID> = []
        let lists = cells.map { cell -> [Consumer] in
            if let members = cell.members { return members }
            guard case .unit(let unit) = cell, let accounts = accounts[unit] else {
                if case .unit(let unit) = cell { open.insert(unit) }
                return []
            }
            return Set(accounts).map(Consumer.account)
        }
        let consumers = Set(lists.joined()).sorted()
        let positions = Dictionary(uniqueKeysWithValues: zip(consumers, UInt32(0)...))
        self.consumers = consumers
        let members = lists.map { $0.compactMap { positions[$0] }.sorted() }
        self.positions = Array(members.joined())
        starts = members.reduce(into: [0]) { starts, list in starts.append(starts[starts.count - 1] + list.count) }
        openUnits = open.sorted()
    }

    /// The positions in ``consumers`` that a consumer cell means, ascending; none for a unit that was not looked up.
    @inline(__always)
    func members(of cell: UInt32) -> ArraySlice<UInt32> {
        positions[starts[Int(cell)]..<starts[Int(cell) + 1]]
    }
}
