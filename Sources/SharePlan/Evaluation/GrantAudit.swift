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
        let kinds = Dictionary(grouping: GrantAudit.actions(of: evaluator)) { name in
            evaluator.statements.map { $0.fit(action: name.lowercased()) }
        }.map { (fits: $0.key, actions: $0.value) }
        var entries: Set<AccessEntry> = []
        for subject in GrantAudit.subjects(of: evaluator) {
            entries.formUnion(GrantAudit.entries(of: subject, kinds, evaluator))
        }
        for statement in evaluator.statements { entries.formUnion(GrantAudit.unaskableEntries(of: statement)) }
        self.entries = entries.sorted()
    }

    /// Somebody to ask for, and how the report names it.
    struct Subject: Hashable {
        let kind: AccessEntry.Kind
        let principal: String
        var region: String?
        var function: String?
        let requester: AccessRequest.Requester
        var organization = OrganizationMembership.unknown

        func context(in partition: Partition) -> RequestContext {
            RequestContext(requester: requester, organization: organization, partition: partition)
        }
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
