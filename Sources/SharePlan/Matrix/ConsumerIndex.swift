/// The consumers of a matrix in their order, and which of them each consumer cell means.
struct ConsumerIndex: Sendable {
    /// Sorted, each once, members of groups and units included.
    let consumers: [Consumer]
    /// By number in the vocabulary: positions in ``consumers``, ascending. Empty for a unit that was not looked up.
    let members: [[UInt32]]
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
        members = lists.map { $0.compactMap { positions[$0] }.sorted() }
        openUnits = open.sorted()
    }
}
