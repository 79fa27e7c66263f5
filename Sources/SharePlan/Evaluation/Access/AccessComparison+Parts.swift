extension AccessComparison {
    /// What changes where the policies decide as `steps` says about actions of `kinds`.
    mutating func change(_ kinds: [AskedActions.Kind], _ steps: Steps, isForFunctions: Bool, named: Access?) -> Change {
        var places: [String: Int] = [:]
        for (place, kind) in kinds.enumerated() {
            for name in kind.actions { places[name] = place }
        }
        let altered = kinds.indices.map { isAltered(steps.before[$0], steps.after[$0]) }
        func difference(
            _ old: [Decision], _ given: [[StatementReference]], _ new: [Decision], isLoss: Bool
        ) -> [Part] {
            Difference(
                kinds: kinds, places: places, old: old, given: given, new: new, isLoss: isLoss, isAltered: altered,
                isForFunctions: isForFunctions
            ).parts
        }
        var change = Change()
        change.lost = difference(steps.before, steps.givenBefore, steps.after, isLoss: true)
        change.gained = difference(steps.after, steps.givenAfter, steps.before, isLoss: false)
        if let named {
            let accesses: [Access] = named == .push ? [.push, .pull] : [named]
            change.kept = accesses.lazy.compactMap { access in
                let own = ActionSet(access).names.compactMap { places[$0] }
                let grade = own.map { steps.after[$0].grade }.min() ?? .none
                guard grade > .none, grade == own.map({ steps.before[$0].grade }).min(),
                    !(grade == .possible && own.contains { altered[$0] })
                else { return nil }
                return Part(
                    extent: .access(access), through: own.flatMap { steps.givenAfter[$0] }.names,
                    doubts: grade == .possible ? own.flatMap { steps.after[$0].doubts }.inWords : [],
                    afterwards: AccessChange.Afterwards(grade), kinds: own)
            }.prefix(1).map(\.self)
        }
        return change
    }

    /// Whether two decisions that depend on something depend on different statements, so that either may allow what the
    /// other does not.
    private mutating func isAltered(_ old: Decision, _ new: Decision) -> Bool {
        guard case .depends(let oldDoubts, let oldStatements) = old,
            case .depends(let newDoubts, let newStatements) = new
        else { return false }
        let count = statements.count - afterCount
        let oldContents = Set(oldStatements.map { contents[$0.index] })
        return oldDoubts != newDoubts || oldContents != Set(newStatements.map { contents[count + $0.index] })
    }

    static func contents(of statements: [EvaluatedStatement]) -> [Int] {
        var numbers: [JSONValue: Int] = [:]
        return statements.map { statement in
            if let number = numbers[statement.json] { return number }
            numbers[statement.json] = numbers.count
            return numbers.count - 1
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
    /// Whether `new` is the newer policy.
    let isLoss: Bool
    let isAltered: [Bool]
    let isForFunctions: Bool

    var parts: [AccessComparison.Part] {
        var parts: [AccessComparison.Part] = []
        var covered: Set<String> = []
        for access in isForFunctions ? [Access.lambdaOnly] : [.push, .pull] {
            guard let part = part(access) else { continue }
            covered.formUnion(ActionSet(access).names)
            // Who loses or gains push, and pull with it, is reported for push.
            let isCovered = parts.first.map { $0.doubts == part.doubts || !isLoss && $0.doubts.isEmpty } ?? false
            if !isCovered { parts.append(part) }
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

    /// What of an access `new` lacks, or nil.
    private func part(_ access: Access) -> AccessComparison.Part? {
        let own = ActionSet(access).names.compactMap { places[$0] }
        guard isLess(own) else { return nil }
        var doubts = doubts(own)
        var afterwards = AccessChange.Afterwards(grade(isLoss ? new : old, own))
        let needed = Difference.needed(for: access)
        let left = needed.compactMap { places[$0] }.filter { new[$0].grade > .none }
        if left.count == needed.count, own.contains(where: { new[$0].grade == .none }) {
            doubts.insert(.actions(needed.inWords))
            doubts.formUnion(left.flatMap { new[$0].doubts })
            if isLoss { afterwards = .depends }
        }
        return AccessComparison.Part(
            extent: .access(access), through: through(own), doubts: doubts.inWords, afterwards: afterwards, kinds: own)
    }

    /// The actions without which nobody can pull or push at all; the others of the grant serve clients that look first.
    ///
    /// Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html and
    /// …/image-push-iam.html
    private static func needed(for access: Access) -> [String] {
        switch access {
        case .pull, .lambdaOnly: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        case .push:
            [
                "ecr:BatchCheckLayerAvailability", "ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload",
                "ecr:PutImage", "ecr:UploadLayerPart",
            ]
        }
    }

    private func grade(_ decisions: [Decision], _ own: [Int]) -> Decision.Grade {
        own.map { decisions[$0].grade }.min() ?? .none
    }

    private func isLess(_ own: [Int]) -> Bool {
        let (had, has) = (grade(old, own), grade(new, own))
        return had > has || had == .possible && has == .possible && own.contains { isAltered[$0] }
    }

    private func doubts(_ own: [Int]) -> Set<Doubt> {
        var doubts: Set<Doubt> = []
        if grade(old, own) == .possible { doubts.formUnion(own.flatMap { old[$0].doubts }) }
        if grade(new, own) == .possible { doubts.formUnion(own.flatMap { new[$0].doubts }) }
        return doubts
    }

    private func through(_ own: [Int]) -> [String] { own.flatMap { given[$0] }.names }
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
    fileprivate var names: [String] {
        var names: [String] = []
        for reference in Set(self).sorted() where !names.contains(reference.name) { names.append(reference.name) }
        return names
    }
}

extension Collection<Doubt> {
    /// Each once, in their order, as people read them.
    fileprivate var inWords: [String] { Set(self).sorted().map(\.description) }
}

extension Decision {
    /// How sure it is that something is allowed.
    enum Grade: Comparable {
        case none, possible, sure
    }

    var grade: Grade {
        switch self {
        case .denied, .notAllowed: .none
        case .depends: .possible
        case .allowed: .sure
        }
    }
}
