import AWSValues

extension DocumentCheck {
    /// Asks the evaluator what the managed statements, taken alone, give to everybody who is named anywhere and to
    /// strangers, and compares with what is expected.
    func probe(
        _ managed: [EvaluatedStatement], _ expected: ExpectedAccess, _ change: ManagedChange
    ) throws(DocumentViolation) {
        var mentions = Mentions(of: (change.before + change.after + change.foreign).map(\.statement))
        for holder in expected.holders { mentions.add(holder) }
        mentions.add(.account(owner))

        // Which actions a statement mentions does not depend on who asks, so that is found once.
        let statements = managed.map { ($0, ActionSet(possiblyIn: $0)) }
        for holder in mentions.holders {
            try probe(holder, statements, expected)
        }
        let hasFunctions = managed.contains { !($0.principals?.services.isEmpty ?? false) }
        for holder in strangers(to: mentions, withFunctions: hasFunctions) where !mentions.holders.contains(holder) {
            try probe(holder, statements, expected)
        }
        for requester in [AccessRequest.Requester.stranger, .service("ec2.amazonaws.com")] {
            let context = RequestContext(requester: requester, organization: .none, partition: partition)
            let given = access(of: context, by: statements)
            let actions = given.sure.union(given.possible)
            guard actions.isEmpty else { throw .open(to: requester, actions: actions.names) }
        }
    }

    private func probe(
        _ holder: Holder, _ statements: [(EvaluatedStatement, ActionSet)], _ expected: ExpectedAccess
    ) throws(DocumentViolation) {
        let given = access(of: holder.context(in: partition), by: statements)
        let range = expected.range(of: holder)
        let missing = range.least.subtracting(given.sure)
        guard missing.isEmpty else { throw .missing(holder, actions: missing.names) }
        let excess = given.sure.union(given.possible).subtracting(range.most)
        guard excess.isEmpty || isRegionless(holder) else { throw .excess(holder, actions: excess.names) }
    }

    /// The functions of an organization in all regions are judged by their form alone.
    private func isRegionless(_ holder: Holder) -> Bool {
        switch holder {
        case .organizationFunctions(_, nil), .pathFunctions(_, nil): true
        default: false
        }
    }

    /// What Allow statements give: for certain, and perhaps beyond that.
    func access(
        of context: RequestContext, by statements: [(statement: EvaluatedStatement, actions: ActionSet)]
    ) -> (sure: ActionSet, possible: ActionSet) {
        var given = (sure: ActionSet(), possible: ActionSet())
        var doubts: Set<Doubt> = []
        for (statement, actions) in statements where statement.effect != .deny {
            switch statement.fit(context, doubts: &doubts) {
            case .yes: given.sure.formUnion(actions)
            case .unknown: given.possible.formUnion(actions)
            case .some where context.requester == .stranger: given.possible.formUnion(actions)
            case .others where context.requester == .stranger: given.possible.formUnion(actions)
            case .named, .some, .others, .no: break
            }
        }
        return given
    }

    /// An organization that no document names.
    static let unnamedOrganization = OrganizationID("o-0000000000000000000000000000stranger".prefix(34))

    /// Holders whom no document names: an account, roles, an organization, functions in other accounts and regions.
    private func strangers(to mentions: Mentions, withFunctions: Bool) -> [Holder] {
        var strangers: [Holder] = []
        guard let account = mentions.strangerAccount else { return [] }
        strangers.append(.account(account))
        for id in [account, owner] {
            if let role = PrincipalARN("arn:\(partition.id):iam::\(id):role/ecr-share-stranger") {
                strangers.append(.principal(role))
            }
        }
        if let id = DocumentCheck.unnamedOrganization { strangers.append(.organization(id)) }
        guard withFunctions else { return strangers }
        func append(_ account: AccountID, _ region: String) {
            strangers.append(.functions(FunctionScope(partition: partition.id, region: region, account: account)))
        }
        let nowhere = mentions.strangerRegion
        for known in mentions.functionAccounts {
            append(known, nowhere)
            // Every account in every region, unless that would be very many.
            if mentions.functionAccounts.count * mentions.functionRegions.count <= 2_000 {
                for region in mentions.functionRegions { append(known, region) }
            }
        }
        for region in mentions.functionRegions.union([nowhere]) { append(account, region) }
        return strangers
    }
}
