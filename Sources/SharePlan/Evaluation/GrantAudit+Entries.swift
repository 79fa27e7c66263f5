extension GrantAudit {
    /// `kinds`: actions by how each of the policy's statements speaks of them.
    static func entries(
        of subject: Subject, _ kinds: [(fits: [Fit], actions: [String])], _ evaluator: PolicyEvaluator
    ) -> [AccessEntry] {
        let decisions = evaluator.decisions(for: subject.context(in: evaluator.partition), kinds: kinds.map(\.fits))
        var answers: [Answer] = []
        for (kind, decision) in zip(kinds, decisions) where isAbout(subject, decision, kind.fits, evaluator) {
            let actions = kind.actions.map { ($0, decision) }
            if let same = answers.firstIndex(where: { $0.isAlike(decision) }) {
                answers[same].add(actions)
            } else {
                answers.append(Answer(actions))
            }
        }
        return answers.flatMap { answer in
            answer.extents(isLambda: subject.kind == .lambda).map { extent, decision in
                AccessEntry(
                    kind: subject.kind, principal: subject.principal, region: subject.region,
                    function: subject.function, extent: extent, decision: decision,
                    statements: decision.statements)
            }
        }
    }

    /// Whether a decision tells something of the subject itself.
    private static func isAbout(
        _ subject: Subject, _ decision: Decision, _ fits: [Fit], _ evaluator: PolicyEvaluator
    ) -> Bool {
        var doubts: Set<Doubt> = []
        func isNamed(in statement: EvaluatedStatement) -> Bool {
            guard let principals = statement.principals else { return true }
            return principals.fit(subject.requester, doubts: &doubts) == .yes
                && !(principals.everyone && subject.kind.isNamedByPrincipal)
        }
        switch decision {
        case .notAllowed: return false
        case .allowed(let references): return !references.isEmpty
        case .denied(let references):
            // A Deny for everybody matters to those who would be allowed without it.
            let context = subject.context(in: evaluator.partition)
            let indices = Set(references.map(\.index))
            return zip(evaluator.statements, fits).contains { statement, fit in
                if indices.contains(statement.reference.index) { return isNamed(in: statement) }
                return fit != .no && statement.effect != .deny && statement.fit(context, doubts: &doubts) == .yes
            }
        case .depends(_, let references):
            // An Allow that may be for anybody, or for the members of an organization, has its own entries.
            let indices = Set(references.map(\.index))
            return evaluator.statements.contains { statement in
                indices.contains(statement.reference.index) && (statement.effect != .allow || isNamed(in: statement))
            }
        }
    }

    /// Principals that cannot be asked for: deleted ones, those of other partitions, and what cannot be read.
    static func unaskableEntries(of statement: EvaluatedStatement) -> [AccessEntry] {
        let possible = ActionSet(possiblyIn: statement)
        let extent: AccessEntry.Extent =
            if possible.isSuperset(of: .push) {
                .access(.push)
            } else if possible.isSuperset(of: .pull) {
                .access(.pull)
            } else {
                .other(
                    (statement.actions?.isNegated == false ? statement.actions?.names ?? [] : possible.names).sorted())
            }
        func entry(_ name: String, _ kind: AccessEntry.Kind, _ decision: Decision) -> AccessEntry {
            AccessEntry(
                kind: kind, principal: name, region: nil, function: nil, extent: extent, decision: decision,
                statements: [statement.reference])
        }
        func doubtful(_ name: String) -> AccessEntry {
            entry(name, .unknown, .depends(on: [.principal(name)], by: [statement.reference]))
        }
        var entries: [AccessEntry] = []
        if let principals = statement.principals {
            entries += principals.deleted.map { entry($0, .deleted, .notAllowed) }
            entries += principals.elsewhere.map { entry($0, .unknown, .notAllowed) }
            entries += (principals.unclear + principals.unclearARNs + principals.federated).map(doubtful)
        } else {
            entries.append(doubtful("?"))
        }
        var mentions = Mentions()
        mentions.add(statement)
        return entries + mentions.oddSources.map(doubtful)
    }

    /// Actions that get the same kind of decision.
    private struct Answer {
        private var actions: [(name: String, decision: Decision)]

        /// At least one action.
        init(_ actions: [(name: String, decision: Decision)]) {
            self.actions = actions
        }

        mutating func add(_ more: [(name: String, decision: Decision)]) {
            actions += more
        }

        func isAlike(_ decision: Decision) -> Bool {
            switch (actions[0].decision, decision) {
            case (.allowed, .allowed), (.denied, .denied), (.depends, .depends), (.notAllowed, .notAllowed): true
            default: false
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
}

extension AccessEntry.Kind {
    /// Whether a statement can name such a requester in its Principal.
    fileprivate var isNamedByPrincipal: Bool {
        switch self {
        case .account, .role, .user, .lambda, .service: true
        case .public, .organization, .path, .deleted, .unknown: false
        }
    }
}
