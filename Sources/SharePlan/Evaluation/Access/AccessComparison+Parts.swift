import OrderedCollections
import OrderedJSON

extension AccessComparison {
    /// What changes where the policies decide as `steps` says about actions of `kinds`.
    func change(_ kinds: [AskedActions.Kind], _ steps: Steps, isForFunctions: Bool, named: Access?) -> Change {
        var places: [String: Int] = [:]
        for (place, kind) in kinds.enumerated() {
            for name in kind.actions { places[name] = place }
        }
        let losses = Difference(
            kinds: kinds, places: places, old: steps.before, given: steps.givenBefore, new: steps.after,
            cases: steps.places.map {
                .init(old: $0.before, new: $0.after, mayDiffer: $0.parts.map(\.mayLose), lacking: $0.parts.map(\.new))
            },
            isLoss: true, isForFunctions: isForFunctions)
        let gains = Difference(
            kinds: kinds, places: places, old: steps.after, given: steps.givenAfter, new: steps.before,
            cases: steps.places.map {
                .init(old: $0.after, new: $0.before, mayDiffer: $0.parts.map(\.mayGain), lacking: $0.parts.map(\.old))
            },
            isLoss: false, isForFunctions: isForFunctions)
        var change = Change(gained: gains.parts, lost: losses.parts)
        // Whoever gains or loses push has pull as before, unless that is reported too.
        let accesses: [Access] =
            switch named {
            case .push: [.push, .pull]
            case let named?: [named]
            case nil: (change.gained + change.lost).contains { $0.extent == .access(.push) } ? [.pull] : []
            }
        if let kept = accesses.lazy.compactMap({ gains.kept($0, losses) }).first { change.kept = [kept] }
        let losesPush = change.lost.contains { $0.extent == .access(.push) }
        if let named, let part = gains.keptPart(of: losesPush ? .push : named, losses, beside: change) {
            change.kept.append(part)
        }
        return change
    }

    /// How the statements of both policies that speak of one requester and one kind of action relate.
    struct Parts {
        /// What one policy's statements say.
        struct Side {
            fileprivate(set) var allows: Set<Fact> = []
            fileprivate(set) var denies: Set<Fact> = []
            fileprivate var isAllowed: Bool

            /// Whether what this allows is allowed there too.
            func implies(_ other: Side) -> Bool {
                allows.isSubset(of: other.allows) && other.denies.isSubset(of: denies)
            }
        }

        let old: Side
        let new: Side
        /// Whether the old policy may allow what the new one does not, though both depend on something.
        let mayLose: Bool
        let mayGain: Bool

        /// `conditions` has those of each statement that decide about the requester.
        init(
            _ kind: AskedActions.Kind, _ answers: [StatementAnswer], _ conditions: [Set<ConditionTest>], isOwner: Bool,
            _ comparison: AccessComparison
        ) {
            let count = comparison.before.evaluator.statements.count
            func side(_ places: Range<Int>) -> Side {
                var side = Side(isAllowed: isOwner)
                for place in places {
                    let fit = min(kind.fits[place], answers[place].fit)
                    if fit == .no { continue }
                    let statement = comparison.statements[place]
                    let fact = Fact(statement, fit, answers[place].doubts, conditions[place])
                    if statement.effect != .deny, fit != .named { side.allows.insert(fact) }
                    if statement.effect == .allow, fit == .yes { side.isAllowed = true }
                    if statement.effect != .allow { side.denies.insert(fact) }
                }
                return side
            }
            (old, new) = (side(0..<count), side(count..<answers.count))
            mayLose = !(new.isAllowed || old.allows.isSubset(of: new.allows)) || !new.denies.isSubset(of: old.denies)
            mayGain = !(old.isAllowed || new.allows.isSubset(of: old.allows)) || !old.denies.isSubset(of: new.denies)
        }
    }

    /// What decides whether a statement counts for a requester: equal facts are true of the same requests.
    struct Fact: Hashable {
        let fit: Fit
        let isClear: Bool
        let doubts: Set<Doubt>
        let conditions: Set<ConditionTest>
        /// nil where everybody whom the requester represents is named.
        let principals: JSONValue?

        init(
            _ statement: EvaluatedStatement, _ fit: Fit, _ doubts: Set<Doubt>, _ conditions: Set<ConditionTest>
        ) {
            self.fit = fit
            self.doubts = doubts
            self.conditions = conditions
            isClear = statement.effect != .unclear
            let isOfPrincipals = doubts.contains { doubt in
                switch doubt {
                case .principal, .form, .onlySome: true
                default: false
                }
            }
            principals = isOfPrincipals ? statement.json : nil
        }
    }
}

/// What one policy gives and another does not, whichever of them is the older.
private struct Difference {
    let kinds: [AskedActions.Kind]
    /// Each action's kind.
    let places: [String: Int]
    let old: [Decision]
    /// The statements that give what `old` allows.
    let given: [[StatementReference]]
    let new: [Decision]
    /// The decisions about those whom the subject represents; empty where all are treated alike.
    let cases: [Case]
    /// Whether `new` is the newer policy.
    let isLoss: Bool
    let isForFunctions: Bool

    /// The decisions about some of those whom a subject represents.
    struct Case {
        let old: [Decision]
        let new: [Decision]
        /// By kind: whether `old` may allow what `new` does not where both depend on something.
        let mayDiffer: [Bool]
        /// By kind: what the statements of `new` say; empty where nothing depends on them.
        var lacking: [AccessComparison.Parts.Side] = []

        /// Whether `old` may allow all of `own` where `new` does not.
        ///
        /// What `new` allows wherever it allows an action that is the same in both decides nothing: where that action
        /// is not allowed, neither policy allows all.
        func mayDiffer(in own: [Int]) -> Bool {
            let differing = own.filter { old[$0].grade > new[$0].grade || mayDiffer[$0] }
            let same = own.filter { old[$0].grade == .possible && new[$0].grade == .possible && !mayDiffer[$0] }
            return differing.contains { place in
                !same.contains { new[$0] == new[place] || !lacking.isEmpty && lacking[$0].implies(lacking[place]) }
            }
        }
    }

    var parts: [AccessComparison.Part] {
        var parts: [AccessComparison.Part] = []
        var covered: Set<String> = []
        for access in isForFunctions ? [Access.lambdaOnly] : [.push, .pull] {
            guard let part = part(access) else { continue }
            covered.formUnion(namesCovered(by: access))
            // Who loses or gains push, and pull with it, is reported for push.
            if !parts.contains(where: { ($0.doubts, $0.afterwards) == (part.doubts, part.afterwards) }) {
                parts.append(part)
            }
        }
        // Lambda takes no other action of the grants, whatever a policy allows it.
        if isForFunctions { covered.formUnion(ActionSet.push.subtracting(.lambda).names) }
        var others: [[String]: (names: [String], kinds: [Int])] = [:]
        for (place, kind) in kinds.enumerated() where isLess([place]) {
            let doubts = doubts([place]).inWords
            for name in kind.actions where !covered.contains(name) {
                others[doubts, default: ([], [])].names.append(name)
                others[doubts]?.kinds.append(place)
            }
        }
        for (doubts, other) in others {
            parts.append(
                AccessComparison.Part(
                    extent: .other(other.names.sorted()), through: through(other.kinds), doubts: doubts,
                    afterwards: AccessChange.Afterwards(grade(isLoss ? new : old, other.kinds)), kinds: other.kinds))
        }
        return parts
    }

    /// The actions of which all is said with the access: not those that differ for certain where the access depends on
    /// others.
    private func namesCovered(by access: Access) -> [String] {
        let doubts = graded(access, old).doubts.union(graded(access, new).doubts)
        if doubts.isEmpty || doubts.contains(where: \.isOfActions) { return ActionSet(access).names }
        return ActionSet(access).names.filter { name in
            places[name].map { !(isLess([$0]) && self.doubts([$0]).isEmpty) } ?? true
        }
    }

    /// What of an access `new` lacks, or nil.
    private func part(_ access: Access) -> AccessComparison.Part? {
        let own = ActionSet(access).names.compactMap { places[$0] }
        let (had, has) = (graded(access, old), graded(access, new))
        guard isLess(had.grade, has.grade, own, { graded(access, $0).grade }) else { return nil }
        let afterwards = isLoss ? has.grade : had.grade
        return AccessComparison.Part(
            extent: .access(access), through: through(own), doubts: had.doubts.union(has.doubts).inWords,
            afterwards: AccessChange.Afterwards(afterwards), kinds: own)
    }

    private func graded(_ access: Access, _ decisions: [Decision]) -> GradedAccess {
        GradedAccess(access) { name in places[name].map { decisions[$0] } }
    }

    private func grade(_ decisions: [Decision], _ own: [Int]) -> Decision.Grade {
        own.map { decisions[$0].grade }.min() ?? .none
    }

    private func isLess(_ own: [Int]) -> Bool {
        isLess(grade(old, own), grade(new, own), own) { grade($0, own) }
    }

    /// Whether `old` gives, or may give, what `new` does not.
    private func isLess(
        _ had: Decision.Grade, _ has: Decision.Grade, _ own: [Int], _ grade: ([Decision]) -> Decision.Grade
    ) -> Bool {
        guard had == .possible, has == .possible else { return had > has }
        let alike = Case(old: old, new: new, mayDiffer: kinds.map { _ in false })
        return (cases.isEmpty ? [alike] : cases).contains { some in
            let (had, has) = (grade(some.old), grade(some.new))
            return had > has || had == .possible && has == .possible && some.mayDiffer(in: own)
        }
    }

    private func doubts(_ own: [Int]) -> Set<Doubt> {
        var doubts: Set<Doubt> = []
        if grade(old, own) == .possible { doubts.formUnion(own.flatMap { old[$0].doubts }) }
        if grade(new, own) == .possible { doubts.formUnion(own.flatMap { new[$0].doubts }) }
        return doubts
    }

    /// An access that the older policy, which is `new` here, gives like the newer one; nil when it differs.
    func kept(_ access: Access, _ losses: Difference) -> AccessComparison.Part? {
        let own = ActionSet(access).names.compactMap { places[$0] }
        let has = graded(access, old)
        guard has.grade > .none, part(access) == nil, losses.part(access) == nil else { return nil }
        return AccessComparison.Part(
            extent: .access(access), through: through(own), doubts: has.doubts.inWords,
            afterwards: AccessChange.Afterwards(has.grade), kinds: own)
    }

    /// The actions of an access that is lost for certain, beyond what `change` reports as kept, that both policies
    /// surely give.
    func keptPart(
        of access: Access, _ losses: Difference, beside change: AccessComparison.Change
    ) -> AccessComparison.Part? {
        var open = ActionSet(access)
        var isLost = false
        for part in change.lost + change.kept {
            guard case .access(let told) = part.extent else { continue }
            if part.doubts.isEmpty, change.lost.contains(where: { $0.extent == part.extent }) {
                isLost = true
            } else {
                open.subtract(ActionSet(told))
            }
        }
        let names = open.names.filter { name in
            places[name].map { old[$0].grade == .sure && new[$0].grade == .sure } ?? false
        }.sorted()
        guard isLost, !names.isEmpty else { return nil }
        let own = names.compactMap { places[$0] }
        return AccessComparison.Part(
            extent: .other(names), through: through(own), doubts: [], afterwards: .allowed, kinds: own)
    }

    /// Statements of the registry's policy have no place in the document, so they are not named.
    private func through(_ own: [Int]) -> [String] {
        own.flatMap { given[$0] }.filter { $0.registryIndex == nil }.names
    }
}

extension AccessChange.Afterwards {
    fileprivate init(_ grade: Decision.Grade) {
        self =
            switch grade {
            case .none: .notAllowed
            case .possible: .depends
            case .sure: .allowed
            }
    }
}

extension [StatementReference] {
    /// Their names in the order of the document, each once.
    fileprivate var names: [String] { OrderedSet(Set(self).sorted().map(\.name)).elements }
}

extension Collection<Doubt> {
    /// Each once, in their order, as people read them.
    fileprivate var inWords: [String] { Set(self).sorted().map(\.description) }
}
