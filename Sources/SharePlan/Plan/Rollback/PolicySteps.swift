import AWSValues

/// The policies of one repository since before the run that is undone: what each run found there and left, and what is
/// there now. What differs between a run's policy and the next one that was found is the doing of others.
///
/// What a rollback took back of a run counts as if neither had happened, at any depth: then what was before that run is
/// the origin again.
struct PolicySteps {
    /// What a run did; the first is the one that is undone.
    private struct Step {
        let found: Policy?
        let left: Policy?
        /// The number of the run that it undid.
        let undone: Int?
    }

    enum Author: Hashable {
        /// It was so before the run that is undone.
        case before
        /// A run by its number in the history; 0 is the one that is undone.
        case run(Int)
        /// A person, or a run of another archive.
        case somebody
    }

    struct State {
        /// Who changed it last.
        var last = Author.before
        /// Whose doing it is, when what rollbacks undid is left out.
        var origin = Author.before
        /// The last later run whose change was not undone; nil for none.
        var laterRun: Int?

        /// What becomes of `old` when run `number` changes it. `before` is what it was before the run that this one
        /// undoes.
        fileprivate init(_ old: State, by number: Int, undoing undone: Int?, _ before: State?) {
            last = .run(number)
            if let undone, let before, old.last == .run(undone) || old.origin == .run(undone) {
                origin = before.origin
                laterRun = before.laterRun
            } else {
                origin = .run(number)
                laterRun = number > 0 ? number : nil
            }
        }

        fileprivate init() {}
    }

    /// Who made some facts true, or false.
    struct States<Fact: Hashable> {
        /// Of the facts that ever changed.
        fileprivate(set) var changed: [Fact: State] = [:]
        /// What is true now.
        fileprivate(set) var now: Set<Fact>

        subscript(fact: Fact) -> State { changed[fact] ?? State() }
    }

    private let steps: [Step]
    private let live: Policy?

    init(of change: Change, _ history: RollbackHistory, live: Policy?) {
        self.live = live
        steps =
            [Step(found: change.before, left: change.after, undone: nil)]
            + history.later.enumerated().map { index, write in
                let undone = write.undoes.flatMap(history.number).flatMap { $0 <= index ? $0 : nil }
                return Step(found: write.change.before, left: write.change.after, undone: undone)
            }
    }

    /// What runs left, each with what was found there next.
    var byOthers: [(left: Policy?, found: Policy?)] {
        zip(steps.map(\.left), steps.dropFirst().map(\.found) + [live]).map { ($0, $1) }
    }

    /// Who made the facts of each policy. `before`: those from before the run that is undone, where the policy alone
    /// does not tell them. `remade`: those that a later run made anew, by what it found and left, though they were
    /// true.
    func states<Fact>(
        before: Set<Fact>? = nil, remade: (Policy?, Policy?) throws -> Set<Fact> = { _, _ in [] },
        _ facts: (Policy?) throws -> Set<Fact>
    ) rethrows -> States<Fact> {
        var states = try States(now: before ?? facts(steps[0].found))
        var starts: [[Fact: State]] = []
        func bySomebody(_ found: Set<Fact>) {
            for fact in states.now.symmetricDifference(found) {
                states.changed[fact, default: State()].last = .somebody
                states.changed[fact, default: State()].origin = .somebody
            }
            states.now = found
        }
        for (number, step) in steps.enumerated() {
            if number > 0, step.found != steps[number - 1].left { try bySomebody(facts(step.found)) }
            let left = try facts(step.left)
            starts.append(states.changed)
            let remade = try number == 0 ? [] : remade(step.found, step.left).intersection(left)
            for fact in states.now.symmetricDifference(left).union(remade) {
                let before = step.undone.map { starts[$0][fact] ?? State() }
                states.changed[fact] = State(states[fact], by: number, undoing: step.undone, before)
            }
            states.now = left
        }
        if live != steps.last?.left { try bySomebody(facts(live)) }
        return states
    }

    /// Who made the whole document.
    func documentState(in partition: Partition) -> State {
        func isSame(_ left: Policy?, _ right: Policy?) -> Bool {
            Policy.haveSameMeaning(left, right, in: partition)
        }
        var state = State()
        var starts: [State] = []
        func bySomebody(from left: Policy?, to found: Policy?) {
            if !isSame(left, found) { (state.last, state.origin) = (.somebody, .somebody) }
        }
        for (number, step) in steps.enumerated() {
            if number > 0 { bySomebody(from: steps[number - 1].left, to: step.found) }
            starts.append(state)
            var before: State?
            var old = state
            if let undone = step.undone, isSame(step.left, steps[undone].found) {
                before = starts[undone]
                // Several rollbacks may have undone the run bit by bit.
                while case .run(let last) = old.last, steps[last].undone == undone { old = starts[last] }
            }
            state = State(old, by: number, undoing: step.undone, before)
        }
        bySomebody(from: steps.last?.left, to: live)
        return state
    }
}
