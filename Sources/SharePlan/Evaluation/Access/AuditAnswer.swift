/// The decisions about the actions of one subject, and which of them are reported.
struct AuditReport {
    private var decisions: [String: Decision] = [:]
    private var answers: [AuditAnswer] = []

    mutating func add(_ actions: [String], _ decision: Decision, isShown: Bool) {
        for name in actions { decisions[name] = decision }
        guard isShown else { return }
        if let same = answers.firstIndex(where: { $0.isAlike(decision) }) {
            answers[same].add(actions, decision)
        } else {
            answers.append(AuditAnswer(actions, decision))
        }
    }

    /// The accesses that the subject has or perhaps has, and what else is decided.
    func extents(isLambda: Bool) -> [(AccessEntry.Extent, Decision)] {
        var extents: [(AccessEntry.Extent, Decision)] = []
        var told: Set<String> = []
        for access in isLambda ? [Access.lambdaOnly] : [.push, .pull] {
            let names = ActionSet(access).names
            let graded = GradedAccess(access) { decisions[$0] }
            let isShown = answers.contains { !$0.isDenial && $0.contains(names) }
            guard graded.grade > .none, isShown else { continue }
            let own = names.compactMap { decisions[$0] }.filter { !$0.isDenial }
            let statements = Set(own.flatMap(\.statements))
            let decision: Decision =
                graded.grade == .sure
                ? .allowed(by: statements.sorted()) : .depends(on: graded.doubts.sorted(), by: statements.sorted())
            // Whoever perhaps has push has pull under the same circumstances, unless it is more certain.
            if let wider = extents.first?.1, wider.isAllowed || wider.isAlike(decision) { continue }
            extents.append((.access(access), decision))
            told.formUnion(names)
        }
        for answer in answers {
            guard let rest = answer.isDenial ? answer : answer.without(told) else { continue }
            let parts = rest.extents(isLambda: isLambda)
            // That functions are left out of wider access need not be reported for actions that functions never take.
            extents += isLambda && rest.isAlike(.notAllowed) ? Array(parts.prefix(1)) : parts
        }
        return extents
    }
}

/// Actions for which one subject gets the same kind of decision.
struct AuditAnswer {
    private var actions: [(name: String, decision: Decision)]

    /// At least one action.
    init(_ actions: [String], _ decision: Decision) {
        self.actions = actions.map { ($0, decision) }
    }

    mutating func add(_ more: [String], _ decision: Decision) {
        actions += more.map { ($0, decision) }
    }

    var isDenial: Bool { actions[0].decision.isDenial }

    /// Whether one of these is among the actions.
    func contains(_ names: [String]) -> Bool { actions.contains { names.contains($0.name) } }

    /// The other actions, or nil when there are none.
    func without(_ names: Set<String>) -> AuditAnswer? {
        var rest = self
        rest.actions.removeAll { names.contains($0.name) }
        return rest.actions.isEmpty ? nil : rest
    }

    func isAlike(_ decision: Decision) -> Bool {
        switch (actions[0].decision, decision) {
        case (.depends, .depends): true
        default: actions[0].decision.isAlike(decision)
        }
    }

    /// The widest access that the actions make up, and the rest.
    func extents(isLambda: Bool) -> [(AccessEntry.Extent, Decision)] {
        let known = ActionSet(
            exactly: actions.map(\.name).filter { ActionSet.foldedNames.contains($0.lowercased()) })
        let accesses: [Access] = isLambda ? [.lambdaOnly] : [.push, .pull]
        guard let access = accesses.first(where: { known?.isSuperset(of: ActionSet($0)) == true }) else {
            return [part(.other(actions.map(\.name).sorted()), actions)]
        }
        let names = Set(ActionSet(access).names)
        let own = actions.filter { names.contains($0.name) }
        let rest = actions.filter { !names.contains($0.name) }
        let first = part(.access(access), own)
        return rest.isEmpty ? [first] : [first, part(.other(rest.map(\.name).sorted()), rest)]
    }

    private func part(
        _ extent: AccessEntry.Extent, _ actions: [(name: String, decision: Decision)]
    ) -> (AccessEntry.Extent, Decision) {
        let statements = Set(actions.flatMap(\.decision.statements)).sorted()
        let doubts = Set(actions.flatMap(\.decision.doubts))
        let decision: Decision =
            switch actions[0].decision {
            case .allowed: .allowed(by: statements)
            case .denied: .denied(by: statements)
            case .depends: .depends(on: doubts.sorted(), by: statements)
            case .notAllowed: .notAllowed
            }
        return (extent, decision)
    }
}
