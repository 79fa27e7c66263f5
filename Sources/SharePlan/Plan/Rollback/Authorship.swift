/// Who made a repository's policy what it is, step by step since before the run that is undone, as far as the archive
/// and the live policy show it.
///
/// The policies that later runs found show what others did between the runs. What a rollback took back of a run counts
/// as if neither had happened, at any depth: then what was before the run is the origin again.
struct Authorship {
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
    }

    private struct Policy {
        let text: String?
        let capabilities: Set<Grant>
        /// The names of the managed statements.
        let statements: Set<String>
    }

    /// What was there when a run came to the repository.
    private struct Start {
        let policy: Policy
        /// The number of the run that it undid.
        let undone: Int?
        let states: [Grant: State]
        let document: State
    }

    /// Of what each consumer can do, where it ever changed.
    private var states: [Grant: State] = [:]
    /// Of the whole document.
    private(set) var document = State()
    /// Whether somebody deleted managed statements that a run had left.
    private(set) var hasLostStatements = false
    /// What the consumers can do now.
    let capabilities: Set<Grant>

    private let partition: Partition

    init(
        of change: Change, _ history: RollbackHistory, live: String?, sidPrefix: String
    ) throws(PolicyError) {
        let partition = change.repository.region.partition
        self.partition = partition
        func policy(_ text: String?, adoptedBy later: String?? = nil) throws(PolicyError) -> Policy {
            let policy = try LivePolicy(text: text, sidPrefix: sidPrefix, partition: partition)
            var held = policy.held
            if let later {
                held = policy.held(
                    adoptedBy: try LivePolicy(text: later, sidPrefix: sidPrefix, partition: partition), in: partition)
            }
            let names = policy.held.sorted.map { sidPrefix + GrantShape($0).sidSuffix } + policy.handEdited.map(\.sid)
            return Policy(text: text, capabilities: held.capabilities, statements: Set(names))
        }

        let now = try policy(live)
        capabilities = now.capabilities
        var current = try policy(change.before, adoptedBy: change.after)
        var starts: [Start] = []
        for number in 0...history.later.count {
            let write = number == 0 ? nil : history.later[number - 1]
            if let write {
                let found = try policy(write.change.before)
                bySomebody(from: current, to: found)
                current = found
            }
            let left = try policy((write?.change ?? change).after)
            let undone = write?.undoes.flatMap(history.number).flatMap { $0 < number ? $0 : nil }
            starts.append(Start(policy: current, undone: undone, states: states, document: document))
            for grant in current.capabilities.symmetricDifference(left.capabilities) {
                let before = undone.map { starts[$0].states[grant] ?? State() }
                states[grant] = State(states[grant] ?? State(), by: number, undoing: undone, before)
            }
            var before: State?
            var old = document
            if let undone, isSame(left.text, starts[undone].policy.text) {
                before = starts[undone].document
                // Several rollbacks may have undone the run bit by bit.
                while case .run(let last) = old.last, starts[last].undone == undone { old = starts[last].document }
            }
            document = State(old, by: number, undoing: undone, before)
            current = left
        }
        bySomebody(from: current, to: now)
    }

    /// Of one thing that a consumer can do, or cannot.
    func state(of grant: Grant) -> State { states[grant] ?? State() }

    /// The last later run that changed what the consumer can do, and was not undone.
    func laterRun(changing consumer: Consumer) -> Int? {
        states.filter { $0.key.consumer == consumer }.compactMap(\.value.laterRun).max()
    }

    /// Whether somebody took something from the consumer.
    func somebodyTook(from consumer: Consumer) -> Bool {
        states.contains {
            $0.key.consumer == consumer && $0.value.last == .somebody && !capabilities.contains($0.key)
        }
    }

    private mutating func bySomebody(from old: Policy, to new: Policy) {
        for grant in old.capabilities.symmetricDifference(new.capabilities) {
            states[grant, default: State()].last = .somebody
            states[grant, default: State()].origin = .somebody
        }
        if !isSame(old.text, new.text) { (document.last, document.origin) = (.somebody, .somebody) }
        if !old.statements.isSubset(of: new.statements) { hasLostStatements = true }
    }

    private func isSame(_ left: String?, _ right: String?) -> Bool {
        PolicyDocument.haveSameMeaning(left, right, in: partition)
    }
}

extension Authorship.State {
    /// What becomes of `old` when run `number` changes it. `before` is what it was before the run that this one undoes.
    fileprivate init(_ old: Self, by number: Int, undoing undone: Int?, _ before: Self?) {
        last = .run(number)
        if let undone, let before, old.last == .run(undone) || old.origin == .run(undone) {
            origin = before.origin
            laterRun = before.laterRun
        } else {
            origin = .run(number)
            laterRun = number > 0 ? number : nil
        }
    }
}
