/// A world of which every state can be reached by steps, so that all of them can be looked at.
protocol ExplorableWorld: Hashable {
    associatedtype Step

    /// The steps that are possible now, in an order that depends on this state alone.
    var steps: [Step] { get }
    func description(of step: Step) -> String
    /// Does a step; returns the rule that it broke, if any.
    mutating func take(_ step: Step) -> String?
    /// The rule that this state breaks, if any.
    var brokenRule: String? { get }
    /// Whether nothing more needs to happen.
    var isDone: Bool { get }
    /// Whether something might happen beyond the limits of the exploration.
    var isCut: Bool { get }
}

/// Looks at every state that a world can reach, the nearest first.
///
/// A state is remembered by a 64-bit hash: two of ten million are confused with a probability of 1 to 300,000.
struct Explorer<World: ExplorableWorld> {
    private(set) var states = 0
    private(set) var steps = 0
    private(set) var depth = 0
    /// Whether no state was left out.
    private(set) var isComplete = false
    /// The first broken rule, with the shortest way to it.
    private(set) var violation: String?

    private let first: World
    private var seen: [Int: Int32] = [:]
    private var origins: [(state: Int32, step: UInt16)] = []
    private var edges: [(from: Int32, to: Int32)] = []
    private var goals: [Int32] = []

    /// With `checksProgress` every state must have a way to one where nothing more needs to happen.
    init(_ first: World, depth depthLimit: Int = .max, checksProgress: Bool = false) {
        self.first = first
        var level = [first]
        var index: Int32 = 0
        add(first, from: 0, by: 0)
        while !level.isEmpty, depth < depthLimit, violation == nil {
            var next: [World] = []
            for world in level {
                expand(world, index, checksProgress, &next)
                index += 1
                if violation != nil { return }
            }
            level = next
            if !level.isEmpty { depth += 1 }
        }
        isComplete = level.isEmpty
        if checksProgress, isComplete { findStuck() }
    }

    private mutating func expand(_ world: World, _ index: Int32, _ keepsEdges: Bool, _ next: inout [World]) {
        let possible = world.steps
        if world.isDone || world.isCut { goals.append(index) }
        if possible.isEmpty, !world.isDone, !world.isCut { fail("nothing can happen any more", index, nil) }
        for (number, step) in possible.enumerated() {
            var successor = world
            steps += 1
            if let rule = successor.take(step) ?? successor.brokenRule {
                fail(rule, index, step)
                return
            }
            let (target, isNew) = add(successor, from: index, by: number)
            if isNew { next.append(successor) }
            if keepsEdges { edges.append((index, target)) }
        }
    }

    @discardableResult
    private mutating func add(_ world: World, from origin: Int32, by step: Int) -> (index: Int32, isNew: Bool) {
        let index = Int32(states)
        let hash = world.hashValue
        if let known = seen[hash] { return (known, false) }
        seen[hash] = index
        origins.append((origin, UInt16(step)))
        states += 1
        return (index, true)
    }

    /// Finds a state from which no goal can be reached.
    private mutating func findStuck() {
        var sources = [[Int32]](repeating: [], count: states)
        for edge in edges { sources[Int(edge.to)].append(edge.from) }
        var reaches = [Bool](repeating: false, count: states)
        var open = goals
        while let state = open.popLast() {
            guard !reaches[Int(state)] else { continue }
            reaches[Int(state)] = true
            open += sources[Int(state)]
        }
        if let stuck = reaches.firstIndex(of: false) { fail("no way leads to an end", Int32(stuck), nil) }
    }

    private mutating func fail(_ rule: String, _ index: Int32, _ last: World.Step?) {
        var numbers: [UInt16] = []
        var state = index
        while state != 0 {
            numbers.append(origins[Int(state)].step)
            state = origins[Int(state)].state
        }
        var world = first
        var story: [String] = []
        for number in numbers.reversed() {
            let step = world.steps[Int(number)]
            story.append(world.description(of: step))
            _ = world.take(step)
        }
        if let last { story.append(world.description(of: last)) }
        violation = "\(rule), after:\n  " + story.joined(separator: "\n  ")
    }
}
