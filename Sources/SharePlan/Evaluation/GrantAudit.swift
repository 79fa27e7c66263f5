/// What one live policy gives to everybody whom it names: the answer of `ecr-share access`.
///
/// For each requester there is an entry for the widest access whose actions all get the same decision, and one for the
/// further actions that the policy names. A requester whom nothing allows or denies has none. What an account gets as a
/// member of an organization stands under the organization.
package struct GrantAudit: Hashable, Sendable {
    /// Sorted.
    package let entries: [AccessEntry]

    /// Reads a repository's policy. nil is a repository without one, which gives nothing.
    package init(parsing text: String?, partition: Partition, owner: AccountID) throws(PolicyTextError) {
        self.init(of: try PolicyEvaluator(parsing: text, partition: partition, owner: owner))
    }

    /// The audit of the policy that `evaluator` has read.
    package init(of evaluator: PolicyEvaluator) {
        let actions = GrantAudit.actions(of: evaluator)
        var entries: Set<AccessEntry> = []
        for subject in GrantAudit.subjects(of: evaluator) {
            entries.formUnion(GrantAudit.entries(of: subject, actions, evaluator))
        }
        for statement in evaluator.statements { entries.formUnion(GrantAudit.unaskableEntries(of: statement)) }
        self.entries = entries.sorted()
    }

    /// Somebody to ask for, and how the report names it.
    private struct Subject: Hashable {
        let kind: AccessEntry.Kind
        let principal: String
        var region: String?
        var function: String?
        let requester: AccessRequest.Requester
        var organization = OrganizationMembership.unknown
    }

    /// The actions of the grants, and what else the policy names, wildcards as they are: a wildcard fits itself only by
    /// a wildcard at least as wide.
    private static func actions(of evaluator: PolicyEvaluator) -> [String] {
        var actions = Array(ActionSet.names[..<7])
        var seen = Set(ActionSet.foldedNames[..<7])
        if evaluator.statements.contains(where: { $0.actions?.isNegated == true }) {
            // Such a statement allows what it does not name.
            actions = ActionSet.names
            seen = Set(ActionSet.foldedNames)
        }
        for statement in evaluator.statements {
            for name in statement.actions?.names ?? [] where seen.insert(name.lowercased()).inserted {
                actions.append(name)
            }
        }
        return actions
    }

    private static func subjects(of evaluator: PolicyEvaluator) -> Set<Subject> {
        var mentions = Mentions()
        for statement in evaluator.statements { mentions.add(statement) }
        var subjects = Set(mentions.holders.compactMap(subject))
        subjects.insert(Subject(kind: .public, principal: "*", requester: .stranger, organization: .none))
        var callers = mentions.callers
        if evaluator.statements.contains(where: {
            $0.principals?.services.contains(RequestContext.lambdaService) == true
        }) {
            callers.insert(LambdaCaller(account: nil, region: nil))
        }
        for caller in callers {
            subjects.insert(
                Subject(
                    kind: .lambda, principal: caller.account?.description ?? "*", region: caller.region,
                    function: caller.function, requester: .lambda(caller), organization: .none))
        }
        for service in evaluator.statements.flatMap({ $0.principals?.services ?? [] })
        where service != RequestContext.lambdaService {
            subjects.insert(Subject(kind: .service, principal: service, requester: .service(service)))
        }
        return subjects
    }

    /// nil for functions of one account: source ARNs name them more closely.
    private static func subject(of holder: Holder) -> Subject? {
        switch holder {
        case .account(let id):
            return Subject(kind: .account, principal: id.description, requester: .account(id))
        case .principal(let arn):
            let isRole = arn.text.contains(":role/")
            return Subject(kind: isRole ? .role : .user, principal: arn.text, requester: .principal(arn))
        case .organization(let id):
            return Subject(kind: .organization, principal: id.text, requester: .member(of: id, path: nil))
        case .path(let path):
            let requester = AccessRequest.Requester.member(of: path.organization, path: path.text)
            return Subject(kind: .path, principal: path.text, requester: requester)
        case .functions:
            return nil
        case .organizationFunctions(let id, let region):
            let caller = LambdaCaller(account: nil, regionName: region)
            return Subject(
                kind: .lambda, principal: id.text, region: region, requester: .lambda(caller),
                organization: .member(id, path: nil))
        case .pathFunctions(let path, let region):
            let caller = LambdaCaller(account: nil, regionName: region)
            return Subject(
                kind: .lambda, principal: path.text, region: region, requester: .lambda(caller),
                organization: .member(path.organization, path: path.text))
        }
    }
}

extension GrantAudit {
    private static func entries(
        of subject: Subject, _ actions: [String], _ evaluator: PolicyEvaluator
    ) -> [AccessEntry] {
        var answers: [Answer] = []
        for action in actions {
            let decision = evaluator.decision(
                for: AccessRequest(subject.requester, action: action, organization: subject.organization))
            guard isAbout(subject, decision, evaluator) else { continue }
            if let same = answers.firstIndex(where: { $0.isAlike(decision) }) {
                answers[same].add(action, decision)
            } else {
                answers.append(Answer(action, decision))
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
    private static func isAbout(_ subject: Subject, _ decision: Decision, _ evaluator: PolicyEvaluator) -> Bool {
        switch decision {
        case .notAllowed: return false
        case .allowed(let statements): return !statements.isEmpty
        case .denied: return true
        case .depends(_, let references):
            // An Allow that may be for anybody, or for the members of an organization, has its own entries.
            let indices = Set(references.map(\.index))
            return evaluator.statements.contains { statement in
                guard indices.contains(statement.reference.index) else { return false }
                guard statement.effect == .allow, let principals = statement.principals else { return true }
                var doubts: Set<Doubt> = []
                let isNamed = principals.fit(subject.requester, doubts: &doubts) == .yes
                return isNamed && !(principals.everyone && subject.kind.isNamedByPrincipal)
            }
        }
    }

    /// Principals that cannot be asked for: deleted ones, those of other partitions, and what cannot be read.
    private static func unaskableEntries(of statement: EvaluatedStatement) -> [AccessEntry] {
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
        private var actions: [(name: String, decision: Decision)] = []

        init(_ action: String, _ decision: Decision) {
            actions = [(action, decision)]
        }

        mutating func add(_ action: String, _ decision: Decision) {
            actions.append((action, decision))
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
