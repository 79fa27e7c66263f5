package import AWSValues
import OrderedCollections
import OrderedJSON

/// Decides what one repository policy allows, as IAM does, from its text alone.
///
/// It is the judge of everything that computes policies here, so it shares no code with them. What AWS would decide by
/// something that the text does not determine, it answers with ``Decision/depends(on:by:)``; a statement that it cannot
/// read is never mistaken for one that does not deny.
/// Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html and
/// …/reference_policies_grammar.html
package struct PolicyEvaluator: Sendable {
    let partition: Partition
    let owner: AccountID
    let statements: [EvaluatedStatement]
    /// The day by which dates in conditions have passed, in UTC; nil when none has.
    let today: CalendarDate?
    /// The repository's region; nil when it is not known.
    let region: Region?

    /// Reads a repository's policy. nil is a repository without one.
    ///
    /// `owner` is the account of the registry, whose identities need no repository policy. `today` decides conditions
    /// on the time of a request that can never change again, in UTC. `region` is the repository's, if it is known.
    /// Statements without a Sid are called by their places in `live`, which this policy is to replace; nil when it is
    /// the live one.
    package init(
        of policy: Policy?, partition: Partition, owner: AccountID, today: CalendarDate? = nil, region: Region? = nil,
        replacing live: PolicyEvaluator? = nil
    ) throws(PolicyError) {
        let parts = try policy?.parts
        let statements = parts?.statements ?? []
        self.init(
            statements: Array(statements.enumerated()), version: parts?.members["Version"], partition: partition,
            owner: owner, today: today, region: region, places: live?.places(of: statements))
    }

    /// How people find the statements of a document that is to replace this one: by their places here.
    private func places(of statements: [JSONValue]) -> [String?] {
        var own = self.statements.filter { $0.reference.registryIndex == nil }[...]
        return statements.enumerated().map { index, statement in
            guard (statement.object?["Sid"]?.string ?? "").isEmpty else { return nil }
            guard let found = own.firstIndex(where: { $0.json == statement }) else {
                return "\(index + 1) of the new policy"
            }
            // What is kept is kept in its order.
            own = own[(found + 1)...]
            return String(found + 1)
        }
    }

    /// An evaluator of some statements of a document, each with its position there. Behind a repository's `own`
    /// statements, they are those of its registry's policy.
    init(
        statements: [(offset: Int, element: JSONValue)], behind own: [EvaluatedStatement]? = nil, version: JSONValue?,
        partition: Partition, owner: AccountID, today: CalendarDate? = nil, region: Region? = nil,
        places: [String?]? = nil
    ) {
        self.partition = partition
        self.owner = owner
        self.today = today
        self.region = region
        // Without a Version, IAM reads the old language, in which ${…} is plain text.
        let hasVariables = version != nil && version != "2008-10-17"
        let added = statements.enumerated().map { number, statement in
            EvaluatedStatement(
                statement.element, index: own.map { $0.count + number } ?? statement.offset,
                registryIndex: own == nil ? nil : statement.offset, place: places?[number], partition: partition,
                hasVariables: hasVariables, today: today, owner: owner, region: region)
        }
        self.statements = (own ?? []) + added
    }

    /// What the policy answers to `request`. A Deny beats any number of Allows.
    package func decision(for request: AccessRequest) -> Decision {
        let context = RequestContext(
            requester: request.requester, organization: request.organization, partition: partition,
            extra: request.context)
        return decision(answers(to: context), action: request.action, ownerAsks: isOwner(request.requester))
    }

    /// What the policy answers about one action, in any letter case, to a requester of whom its statements say
    /// `answers`. `ownerAsks`: whether the requester's own policies are enough.
    func decision(_ answers: [StatementAnswer], action: String, ownerAsks: Bool = false) -> Decision {
        let action = action.lowercased()
        return decision(answers, actions: statements.map { $0.fit(action: action) }, ownerAsks: ownerAsks)
    }

    /// What each statement says of a requester, whatever the action.
    func answers(to context: RequestContext) -> [StatementAnswer] {
        statements.map { statement in
            var doubts: Set<Doubt> = []
            let fit = statement.fit(context, doubts: &doubts)
            return StatementAnswer(fit: fit, doubts: doubts)
        }
    }

    /// What the policy answers to a requester of whom its statements say `answers`, about actions of which they speak
    /// as `actions` says.
    ///
    /// `ownerAsks`: whether the requester's own policies are enough. `exceptNamed`: whether the answer is about those
    /// whom the policy does not name one by one, so that a Deny of all of them is certain.
    func decision(
        _ answers: [StatementAnswer], actions: [Fit], ownerAsks: Bool, exceptNamed: Bool = false
    ) -> Decision {
        var tally = Tally(surelyDenied: exceptNamed ? .others : .yes)
        for (index, statement) in statements.enumerated() {
            tally.count(statement, min(actions[index], answers[index].fit), answers[index].doubts)
        }
        return tally.decision(ownerAsks: ownerAsks)
    }

    /// Whether the requester is in the owner account, whose identities need no repository policy.
    func isOwner(_ requester: AccessRequest.Requester) -> Bool {
        requester.account == owner
    }
}

/// What one statement says of a requester, whatever the action.
struct StatementAnswer: Hashable {
    let fit: Fit
    /// What keeps the answer from being the same for all whom the requester represents.
    let doubts: Set<Doubt>
}

/// The statements that fit a request, by what they do to it.
private struct Tally {
    /// From which fit on a Deny is certain.
    let surelyDenied: Fit
    private var allows: [StatementReference] = []
    private var denies: [StatementReference] = []
    private var possibleAllows: [StatementReference] = []
    private var possibleDenies: [StatementReference] = []
    private var allowDoubts: Set<Doubt> = []
    private var denyDoubts: Set<Doubt> = []

    init(surelyDenied: Fit) { self.surelyDenied = surelyDenied }

    mutating func count(_ statement: EvaluatedStatement, _ fit: Fit, _ doubts: Set<Doubt>) {
        if fit == .no { return }
        if statement.effect != .deny {
            switch fit {
            case .yes:
                allows.append(statement.reference)
            case .some, .unknown, .others:
                possibleAllows.append(statement.reference)
                allowDoubts.formUnion(doubts)
            // Who is named is asked about by name.
            case .named, .no: break
            }
        }
        if statement.effect != .allow {
            if fit >= surelyDenied {
                denies.append(statement.reference)
            } else {
                possibleDenies.append(statement.reference)
                denyDoubts.formUnion(doubts)
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
