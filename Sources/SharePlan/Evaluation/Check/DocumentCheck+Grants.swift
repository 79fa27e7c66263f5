import OrderedJSON

/// The managed statements of a proposed write, before and after.
struct ManagedChange {
    let before: [DocumentCheck.Part]
    let after: [DocumentCheck.Part]
    /// Foreign statements that became managed.
    let adopted: [DocumentCheck.Part]
    /// All foreign statements of the live policy: whom they name is probed too.
    let foreign: [DocumentCheck.Part]
}

/// What each holder should have: at least and at most. The two differ only where the contract leaves a choice.
struct ExpectedAccess {
    struct Range {
        var least: ActionSet = []
        var most: ActionSet = []

        mutating func formUnion(least: ActionSet, most: ActionSet) {
            self.least.formUnion(least)
            self.most.formUnion(most)
        }
    }

    private var ranges: [Holder: Range] = [:]

    init(capacity: Int) {
        ranges.reserveCapacity(capacity)
    }

    var holders: Dictionary<Holder, Range>.Keys { ranges.keys }

    mutating func add(_ actions: ActionSet, to holder: Holder) {
        add(least: actions, most: actions, to: holder)
    }

    mutating func add(least: ActionSet, most: ActionSet, to holder: Holder) {
        ranges[holder, default: Range()].formUnion(least: least, most: most)
    }

    /// Takes a grant away. Who had push and loses it may keep pull or lose both; who loses pull keeps neither.
    mutating func remove(_ actions: ActionSet, from holder: Holder) {
        guard let range = ranges[holder] else { return }
        ranges[holder] = Range(least: [], most: actions == .push ? range.most.intersection(.pull) : [])
    }

    /// What the holder should have by itself.
    func ownRange(of holder: Holder) -> Range? { ranges[holder] }

    /// What the holder should have, by itself and through wider holders.
    func range(of holder: Holder) -> Range {
        var range = ranges[holder] ?? Range()
        for parent in holder.parents {
            guard let wider = ranges[parent] else { continue }
            range.least.formUnion(wider.least)
            range.most.formUnion(wider.most)
        }
        return range
    }
}

extension DocumentCheck {
    /// Checks that the managed statements grant what is expected: first by their form, which is exact, then by asking
    /// the evaluator for everybody who is named anywhere and for strangers.
    func checkGrants(_ change: ManagedChange, wanted: [Grant]) throws(DocumentViolation) {
        let kept = mode == .match ? [] : keptEdits(change)
        let judged = change.after.filter { !kept.contains($0.json) }
        for part in change.after { try checkPublic(part) }

        var actual: [Holder: ActionSet] = [:]
        actual.reserveCapacity(wanted.count)
        for part in judged {
            guard part.statement.effect == .allow else { throw .denies(part.reference) }
            guard let shape = StatementShape(part.statement, partition: partition) else {
                throw .unknownForm(part.reference)
            }
            for holder in shape.holders { actual[holder, default: []].formUnion(shape.actions) }
        }
        let expected = expectedAccess(change, kept: kept, wanted: wanted)
        try compare(actual, with: expected)
        try probe(judged.map(\.statement), expected, change)
    }

    /// Managed statements in no form of ours, edited by hand, that are left exactly as they were.
    private func keptEdits(_ change: ManagedChange) -> Set<JSONValue> {
        let edits = change.before.filter { StatementShape($0.statement, partition: partition) == nil }
        return edits.isEmpty ? [] : Set(edits.map(\.json)).intersection(change.after.map(\.json))
    }

    private func expectedAccess(_ change: ManagedChange, kept: Set<JSONValue>, wanted: [Grant]) -> ExpectedAccess {
        var expected = ExpectedAccess(capacity: wanted.count)
        func add(_ parts: [Part]) {
            for part in parts where !kept.contains(part.json) {
                if let shape = StatementShape(part.statement, partition: partition) {
                    for holder in shape.holders { expected.add(shape.actions, to: holder) }
                } else {
                    addEdited(part.statement, to: &expected)
                }
            }
        }
        // In mode match the matrix decides about adopted grants as about all others, in one step.
        if mode != .match {
            add(change.adopted)
            add(change.before)
        }
        for grant in wanted {
            let holder = Holder(of: grant, partition: partition)
            let actions = ActionSet(grant.access)
            if mode == .remove {
                expected.remove(actions, from: holder)
            } else {
                expected.add(actions, to: holder)
            }
        }
        return expected
    }

    /// What a statement edited by hand leaves to a rewriting: at least the whole grants that it surely gives, at most
    /// the smallest grants that hold whatever it may give.
    private func addEdited(_ statement: EvaluatedStatement, to expected: inout ExpectedAccess) {
        guard statement.effect != .deny else { return }
        for holder in Mentions(of: [statement]).holders {
            let given = access(of: holder.context(in: partition), by: [(statement, ActionSet(possiblyIn: statement))])
            let possible = given.sure.union(given.possible)
            switch holder {
            case .functions, .organizationFunctions, .pathFunctions:
                expected.add(
                    least: given.sure.isSuperset(of: .lambda) ? .lambda : [],
                    most: possible.isDisjoint(with: .lambda) ? [] : .lambda, to: holder)
            case .account, .principal, .organization, .path:
                let least: ActionSet =
                    given.sure.isSuperset(of: .push) ? .push : given.sure.isSuperset(of: .pull) ? .pull : []
                let most: ActionSet =
                    !possible.isDisjoint(with: ActionSet.push.subtracting(.pull))
                    ? .push : possible.isDisjoint(with: .pull) ? [] : .pull
                expected.add(least: least, most: most, to: holder)
            }
        }
    }

    /// A `*` must be limited to organizations by their ids or by paths that begin with one.
    func checkPublic(_ part: Part) throws(DocumentViolation) {
        let statement = part.statement
        // Without readable principals, or with all but some, it may be for anybody.
        let isOpen = statement.principals.map { $0.everyone || $0.isNegated } ?? true
        guard statement.effect != .deny, isOpen else { return }
        let isLimited = statement.conditions.contains { condition in
            StatementShape.organizations(condition, key: .principalOrgID) != nil
                || StatementShape.paths(condition, key: .principalOrgPaths) != nil
        }
        guard isLimited, statement.principals?.isNegated == false else { throw .publicStatement(part.reference) }
    }

    private func compare(_ actual: [Holder: ActionSet], with expected: ExpectedAccess) throws(DocumentViolation) {
        for holder in expected.holders {
            // A regionless form covers each region.
            let own = (actual[holder] ?? []).union(holder.isRegional ? actual[holder.inAllRegions] ?? [] : [])
            let missing = (expected.ownRange(of: holder)?.least ?? []).subtracting(own)
            guard missing.isEmpty else { throw .missing(holder, actions: missing.names) }
        }
        let regionless = Set(expected.holders.lazy.filter(\.isRegional).map(\.inAllRegions))
        for (holder, given) in actual {
            let allowed = expected.ownRange(of: holder)?.most ?? (regionless.contains(holder) ? .lambda : [])
            let excess = given.subtracting(allowed)
            guard excess.isEmpty else { throw .excess(holder, actions: excess.names) }
        }
    }
}

extension Holder {
    /// The same holder with Lambda functions in all regions. Lambda fetches images only from its own region, so for an
    /// organization the two come to the same.
    /// Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
    fileprivate var inAllRegions: Holder {
        switch self {
        case .organizationFunctions(let id, _): .organizationFunctions(id, region: nil)
        case .pathFunctions(let path, _): .pathFunctions(path, region: nil)
        case .account, .principal, .organization, .path, .functions: self
        }
    }

    /// Whether the holder is an organization's functions in one region.
    fileprivate var isRegional: Bool { inAllRegions != self }
}
