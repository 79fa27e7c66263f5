import OrderedCollections

/// Decides what one repository policy allows, as IAM does, from its text alone.
///
/// It is the judge of everything that computes policies here, so it shares no code with them. What AWS would decide by
/// something that the text does not tell, it answers with ``Decision/depends(on:by:)``; a statement that it cannot read
/// is never taken for one that does not deny.
/// Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html and
/// …/reference_policies_grammar.html
package struct PolicyEvaluator: Sendable {
    let partition: Partition
    let owner: AccountID
    let statements: [EvaluatedStatement]

    /// Reads a repository's policy. nil is a repository without one.
    ///
    /// `owner` is the account of the registry, whose identities need no repository policy.
    package init(parsing text: String?, partition: Partition, owner: AccountID) throws(PolicyTextError) {
        guard let text else {
            self.init(statements: [], version: nil, partition: partition, owner: owner)
            return
        }
        let parts = try PolicyParts(parsing: text)
        self.init(
            statements: Array(parts.statements.enumerated()), version: parts.members["Version"], partition: partition,
            owner: owner)
    }

    /// An evaluator of some statements of a document, each with its position there.
    init(
        statements: [(offset: Int, element: JSONValue)], version: JSONValue?, partition: Partition, owner: AccountID
    ) {
        self.partition = partition
        self.owner = owner
        // Without a Version, IAM reads the old language, in which ${…} is plain text.
        let hasVariables = version != nil && version != "2008-10-17"
        self.statements = statements.map { statement in
            EvaluatedStatement(
                statement.element, index: statement.offset, partition: partition, hasVariables: hasVariables)
        }
    }

    /// What the policy answers to `request`. A Deny beats any number of Allows.
    package func decision(for request: AccessRequest) -> Decision {
        let context = RequestContext(
            requester: request.requester, organization: request.organization, partition: partition,
            extra: request.context)
        let action = request.action.lowercased()
        var tally = Tally()
        for statement in statements {
            var doubts: Set<Doubt> = []
            var fit = statement.fit(action: action)
            if fit == .no { continue }
            fit = min(fit, statement.fit(context, doubts: &doubts))
            tally.count(statement, asked(by: request.requester, fit), doubts)
        }
        return tally.decision(ownerAsks: isOwner(request.requester))
    }

    /// What the policy answers to one requester, for each kind of action in turn.
    ///
    /// An action's kind is how each statement speaks of it; actions of one kind get the same answer.
    func decisions(for context: RequestContext, kinds: [[Fit]]) -> [Decision] {
        let answers = statements.map { statement in
            var doubts: Set<Doubt> = []
            return (fit: asked(by: context.requester, statement.fit(context, doubts: &doubts)), doubts: doubts)
        }
        return kinds.map { kind in
            var tally = Tally()
            for (index, statement) in statements.enumerated() {
                tally.count(statement, min(kind[index], answers[index].fit), answers[index].doubts)
            }
            return tally.decision(ownerAsks: isOwner(context.requester))
        }
    }

    /// Whoever a pattern may mean, some stranger may be it.
    private func asked(by requester: AccessRequest.Requester, _ fit: Fit) -> Fit {
        fit == .some && requester == .stranger ? .unknown : fit
    }

    private func isOwner(_ requester: AccessRequest.Requester) -> Bool {
        switch requester {
        case .account(let id): id == owner
        case .principal(let arn): arn.account == owner
        case .lambda, .service, .member, .stranger: false
        }
    }
}

/// The statements that fit a request, by what they do to it.
private struct Tally {
    private var allows: [StatementReference] = []
    private var denies: [StatementReference] = []
    private var possibleAllows: [StatementReference] = []
    private var possibleDenies: [StatementReference] = []
    private var allowDoubts: Set<Doubt> = []
    private var denyDoubts: Set<Doubt> = []

    mutating func count(_ statement: EvaluatedStatement, _ fit: Fit, _ doubts: Set<Doubt>) {
        if fit == .no { return }
        if statement.effect != .deny {
            if fit == .yes {
                allows.append(statement.reference)
            } else if fit == .unknown {
                possibleAllows.append(statement.reference)
                allowDoubts.formUnion(doubts)
            }
        }
        if statement.effect != .allow {
            if fit == .yes {
                denies.append(statement.reference)
            } else {
                possibleDenies.append(statement.reference)
                denyDoubts.formUnion(doubts)
                if fit == .some { denyDoubts.insert(.onlySome) }
            }
        }
    }

    func decision(ownerAsks: Bool) -> Decision {
        if !denies.isEmpty { return .denied(by: denies) }
        let isAllowed = ownerAsks || !allows.isEmpty
        guard isAllowed || !possibleAllows.isEmpty else { return .notAllowed }
        if isAllowed, possibleDenies.isEmpty { return .allowed(by: allows) }
        let doubts = isAllowed ? denyDoubts : denyDoubts.union(allowDoubts)
        let statements = isAllowed ? possibleDenies : possibleDenies + possibleAllows
        return .depends(on: doubts.sorted(), by: Set(statements).sorted())
    }
}
