import AWSValues

/// Works out what one policy gives to subjects beside another.
struct AccessComparison {
    private(set) var before: PolicyInquiry
    private var after: PolicyInquiry
    /// The statements of both policies, the old one's first.
    let statements: [EvaluatedStatement]
    private var kinds: [[Bool]: [AskedActions.Kind]] = [:]
    private var known: [Case: Change] = [:]
    private var knownAccounts: [AccountCase: Change] = [:]

    init(_ before: PolicyEvaluator, _ after: PolicyEvaluator, _ mentions: Mentions) {
        self.before = PolicyInquiry(before, about: mentions, isOfChange: true)
        self.after = PolicyInquiry(after, about: mentions, isOfChange: true)
        statements = before.statements + after.statements
    }

    /// What distinguishes one subject without doubts from another.
    private struct Case: Hashable {
        let answers: [StatementAnswer]
        let isForFunctions: Bool
        let isOwner: Bool
        let named: Access?
    }

    /// What distinguishes one account from another where no condition asks which one it is.
    private struct AccountCase: Hashable {
        let principals: [Fit]
        let isOwner: Bool
        let named: Access?
    }

    /// What becomes of some access, of whomever.
    struct Part {
        let extent: AccessEntry.Extent
        /// The names of the statements that give it.
        let through: [String]
        /// In words.
        let doubts: [String]
        let afterwards: AccessChange.Afterwards
        /// The kinds of action that it consists of.
        let kinds: [Int]
    }

    struct Change {
        var gained: [Part] = []
        var lost: [Part] = []
        var kept: [Part] = []

        var isEmpty: Bool { gained.isEmpty && lost.isEmpty && kept.isEmpty }
    }

    /// What changes for `subject`. `named` is the widest access of a grant whose consumer it is.
    mutating func change(for subject: AccessSubject, named: Access?) -> Change {
        let answers =
            before.evaluator.answers(to: subject.context(in: before.evaluator.partition))
            + after.evaluator.answers(to: subject.context(in: after.evaluator.partition))
        // Whom no statement mentions is treated as wider subjects are.
        if answers.allSatisfy({ $0.fit == .no }) { return Change() }
        guard !subject.isCatchAll, answers.allSatisfy(\.doubts.isEmpty) else {
            return doubtfulChange(for: subject, answers, named)
        }
        let isOwner = before.evaluator.isOwner(subject.requester)
        let alike = Case(
            answers: answers, isForFunctions: subject.kind == .lambda, isOwner: isOwner, named: named)
        if let found = known[alike] { return found }
        let kinds = kinds(answers, relevant: answers.map { $0.fit != .no }, isOwner: isOwner)
        let steps = Steps(kinds, answers, isOwner: isOwner, self)
        let change = change(kinds, steps, isForFunctions: subject.kind == .lambda, named: named)
        known[alike] = change
        return change
    }

    /// What changes for an account, of policies in which no condition asks which account it is.
    mutating func change(forAccount account: AccountID, named: Access?) -> Change {
        var doubts: Set<Doubt> = []
        let alike = AccountCase(
            principals: statements.map { $0.principals?.fit(.account(account), doubts: &doubts) ?? .unknown },
            isOwner: before.evaluator.isOwner(.account(account)), named: named)
        if let found = knownAccounts[alike] { return found }
        let change = change(for: AccessSubject(.account(account)), named: named)
        knownAccounts[alike] = change
        return change
    }

    /// Beside wider subjects: what happens to these too is reported for them.
    private mutating func doubtfulChange(
        for subject: AccessSubject, _ answers: [StatementAnswer], _ named: Access?
    ) -> Change {
        let comparisons = before.comparisons(of: subject)
        let widers = Set(comparisons.map(\.wider))
        var relevant = answers.map { $0.fit != .no }
        for wider in widers {
            for (index, answer) in (before.answers(to: wider) + after.answers(to: wider)).enumerated()
            where answer.fit != .no {
                relevant[index] = true
            }
        }
        let isOwner = before.evaluator.isOwner(subject.requester)
        let kinds = kinds(answers, relevant: relevant, isOwner: isOwner) { comparison, none, all in
            let (someOld, someNew) = comparison.split(none)
            let (allOld, allNew) = comparison.split(all)
            return widers.contains { wider in
                !comparison.before.decision(for: wider, about: someOld)
                    .tellsTheSame(as: comparison.before.decision(for: wider, about: allOld))
                    || !comparison.after.decision(for: wider, about: someNew)
                        .tellsTheSame(as: comparison.after.decision(for: wider, about: allNew))
            }
        }
        var steps = Steps(kinds, answers, isOwner: isOwner, self)
        // What depends on where an account belongs is compared for each place where it may belong.
        let places = comparisons.isEmpty ? [PolicyInquiry.Asked(subject)] : Array(Set(comparisons.map(\.own)))
        steps.places = places.map { asked in
            let answers = before.answers(to: asked) + after.answers(to: asked)
            let context = RequestContext(
                requester: asked.requester, organization: asked.organization, partition: before.evaluator.partition)
            let conditions = zip(statements, answers).map { statement, answer in
                answer.doubts.isEmpty ? [] : Set(statement.conditions.compactMap { $0.deciding(context) })
            }
            return Place(
                before: kinds.map { before.decision(for: asked, about: split($0).old) },
                after: kinds.map { after.decision(for: asked, about: split($0).new) },
                parts: kinds.map { Parts($0, answers, conditions, isOwner: isOwner, self) })
        }
        var own: [Bool] = []
        for (place, kind) in kinds.enumerated() {
            let (old, new) = split(kind)
            steps.before[place] = before.decision(for: subject, comparisons, about: old)
            steps.after[place] = after.decision(for: subject, comparisons, about: new)
            let isSure = steps.before[place].isAllowed || steps.after[place].isAllowed
            own.append(
                comparisons.isEmpty || isSure && !subject.isCatchAll
                    || comparisons.contains {
                        before.decision(for: $0.own, about: old) != before.decision(for: $0.wider, about: old)
                            || after.decision(for: $0.own, about: new) != after.decision(for: $0.wider, about: new)
                    })
        }
        if case .unclear(let name) = subject.requester { steps.doubt(.principal(name)) }
        let change = change(kinds, steps, isForFunctions: subject.kind == .lambda, named: named)
        func told(_ parts: [Part]) -> [Part] { parts.filter { $0.kinds.contains { own[$0] } } }
        let (gained, lost) = (told(change.gained), told(change.lost))
        let isKept = named != nil || !(gained.isEmpty && lost.isEmpty)
        let kept = subject.isCatchAll ? told(change.kept) : change.kept
        return Change(gained: gained, lost: lost, kept: isKept ? kept : [])
    }

    /// The kinds of action to ask about. `differs` says of one that takes a part for nothing, and of the same that
    /// takes it for all, whether they differ for others who matter.
    private mutating func kinds(
        _ answers: [StatementAnswer], relevant: [Bool], isOwner: Bool,
        differs: (inout AccessComparison, AskedActions.Kind, AskedActions.Kind) -> Bool = { _, _, _ in false }
    ) -> [AskedActions.Kind] {
        let found = kinds[relevant] ?? AskedActions.kinds(in: statements, relevant: relevant)
        kinds[relevant] = found
        return AskedActions.resolved(found) { none, all in
            let one = Steps([none], answers, isOwner: isOwner, self)
            let other = Steps([all], answers, isOwner: isOwner, self)
            return !one.before[0].tellsTheSame(as: other.before[0]) || !one.after[0].tellsTheSame(as: other.after[0])
                || differs(&self, none, all)
        }
    }

    /// What the old policy's statements say of actions of a kind, and what those of the new one say.
    private func split(_ kind: AskedActions.Kind) -> (old: AskedActions.Kind, new: AskedActions.Kind) {
        let count = before.evaluator.statements.count
        return (
            AskedActions.Kind(fits: Array(kind.fits[..<count]), actions: kind.actions),
            AskedActions.Kind(fits: Array(kind.fits[count...]), actions: kind.actions)
        )
    }

    /// Both policies' decisions, by kind of action, about a subject whose account belongs somewhere.
    struct Place {
        let before: [Decision]
        let after: [Decision]
        let parts: [Parts]
    }

    /// Both policies' decisions about one subject, by kind of action.
    struct Steps {
        var before: [Decision]
        var after: [Decision]
        /// The statements that allow it or may do so.
        let givenBefore: [[StatementReference]]
        let givenAfter: [[StatementReference]]
        /// The same for each place where the subject's account may belong, as far as that matters.
        var places: [Place] = []

        init(
            _ kinds: [AskedActions.Kind], _ answers: [StatementAnswer], isOwner: Bool, _ comparison: AccessComparison
        ) {
            let count = comparison.before.evaluator.statements.count
            let (old, new) = (Array(answers[..<count]), Array(answers[count...]))
            before = kinds.map {
                comparison.before.evaluator.decision(
                    old, actions: Array($0.fits[..<count]), ownerAsks: isOwner, exceptNamed: true)
            }
            after = kinds.map {
                comparison.after.evaluator.decision(
                    new, actions: Array($0.fits[count...]), ownerAsks: isOwner, exceptNamed: true)
            }
            func given(_ places: Range<Int>, _ kind: AskedActions.Kind) -> [StatementReference] {
                places.compactMap { place in
                    let statement = comparison.statements[place]
                    let fit = min(kind.fits[place], answers[place].fit)
                    let gives = statement.effect != .deny && fit != .no && fit != .named
                    return gives ? statement.reference : nil
                }
            }
            givenBefore = kinds.map { given(0..<count, $0) }
            givenAfter = kinds.map { given(count..<answers.count, $0) }
        }

        /// Makes all that is allowed uncertain.
        mutating func doubt(_ doubt: Doubt) {
            func doubted(_ decision: Decision) -> Decision {
                guard case .allowed(let statements) = decision else { return decision }
                return .depends(on: [doubt], by: statements)
            }
            before = before.map(doubted)
            after = after.map(doubted)
        }
    }
}

extension Decision {
    /// Whether it says the same; what is possible, through the same statements.
    fileprivate func tellsTheSame(as other: Decision) -> Bool {
        guard isAlike(other), case .depends(_, let statements) = self else { return isAlike(other) }
        return statements == other.statements
    }
}
