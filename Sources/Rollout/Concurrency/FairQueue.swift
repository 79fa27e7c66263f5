import DequeModule

/// Work in lanes, handed out so that no lane waits for another: the next item comes from the lane with the fewest items
/// in flight, among equals from the one that has waited longest.
///
/// A lane that answers slowly keeps its share of the places and no more, so it never delays the others. Adding, taking
/// and finishing take constant time, counted over many calls, whatever the number of lanes.
package struct FairQueue<Lane: Hashable & Sendable, Item: Sendable>: Sendable {
    private struct LaneState: Sendable {
        let lane: Lane
        var items = Deque<Item>()
        var inFlight = 0
        /// Of the lane's valid ticket; older tickets of the lane are void.
        var ticket = 0
    }

    private struct Ticket: Sendable {
        let lane: Int
        let number: Int
    }

    private var lanes: [LaneState] = []
    private var positions: [Lane: Int] = [:]
    /// At index N the lanes with N items in flight and at least one waiting, in the order in which they are served.
    private var levels: [Deque<Ticket>] = []

    /// How many items wait.
    package private(set) var waiting = 0
    /// How many items were taken and are not finished.
    package private(set) var inFlight = 0

    package init() {}

    /// Adds an item behind those of its lane.
    package mutating func add(_ item: Item, to lane: Lane) {
        let position = position(of: lane)
        lanes[position].items.append(item)
        waiting += 1
        if lanes[position].items.count == 1 { issueTicket(to: position) }
    }

    /// Takes the next item; nil when none waits. ``finish(in:)`` must follow once for each.
    package mutating func next() -> (lane: Lane, item: Item)? {
        for level in levels.indices {
            while let ticket = levels[level].popFirst() {
                guard lanes[ticket.lane].ticket == ticket.number, let item = lanes[ticket.lane].items.popFirst() else {
                    continue
                }
                lanes[ticket.lane].inFlight += 1
                waiting -= 1
                inFlight += 1
                issueTicket(to: ticket.lane)
                return (lanes[ticket.lane].lane, item)
            }
        }
        return nil
    }

    /// Says that an item of `lane` that was taken is done with.
    package mutating func finish(in lane: Lane) {
        let position = position(of: lane)
        lanes[position].inFlight -= 1
        inFlight -= 1
        issueTicket(to: position)
    }

    private mutating func position(of lane: Lane) -> Int {
        if let position = positions[lane] { return position }
        positions[lane] = lanes.count
        lanes.append(LaneState(lane: lane))
        return lanes.count - 1
    }

    private mutating func issueTicket(to position: Int) {
        lanes[position].ticket += 1
        guard !lanes[position].items.isEmpty else { return }
        let level = lanes[position].inFlight
        while levels.count <= level { levels.append(Deque()) }
        levels[level].append(Ticket(lane: position, number: lanes[position].ticket))
    }
}
