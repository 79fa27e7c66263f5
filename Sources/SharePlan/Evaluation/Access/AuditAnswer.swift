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
        let doubts = Set(
            actions.flatMap { action -> [Doubt] in
                guard case .depends(let doubts, _) = action.decision else { return [] }
                return doubts
            })
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
