import AWSValues

/// Everybody whom some statements name, in principals and in conditions.
struct Mentions {
    private(set) var holders: Set<Holder> = []
    /// The accounts whose Lambda functions a statement mentions.
    private(set) var functionAccounts: Set<AccountID> = []
    /// The regions of Lambda functions that a statement mentions.
    private(set) var functionRegions: Set<String> = []

    /// Functions as source ARN patterns name them, wildcards as they are.
    private(set) var callers: Set<LambdaCaller> = []
    /// Sessions of roles, and federated users.
    private(set) var sessions: Set<SessionARN> = []
    /// AWS services by their principal names.
    private(set) var services: Set<String> = []
    /// Principals whose identity is unknown.
    private(set) var unclear: Set<String> = []
    /// Whether a condition asks for the organization of a requester.
    private(set) var asksForOrganizations = false
    /// Whether a condition asks which account or identity a requester is.
    private(set) var asksForIdentities = false

    /// What `statements` mention.
    init(of statements: some Sequence<EvaluatedStatement>) {
        for statement in statements { add(statement) }
    }

    private mutating func add(_ statement: EvaluatedStatement) {
        if let principals = statement.principals {
            holders.formUnion(principals.accounts.lazy.map(Holder.account))
            holders.formUnion(principals.identities.values.lazy.map(Holder.principal))
            sessions.formUnion(principals.sessions.values)
            services.formUnion(principals.services)
            unclear.formUnion(principals.unclearNames)
        }
        for condition in statement.conditions { add(condition, of: statement) }
    }

    mutating func add(_ holder: Holder) {
        holders.insert(holder)
        if case .functions(let scope) = holder {
            add(scope)
            callers.insert(LambdaCaller(account: scope.account, regionName: scope.region))
        }
    }

    private mutating func add(_ scope: FunctionScope) {
        functionAccounts.insert(scope.account)
        functionRegions.insert(scope.region)
    }

    private mutating func add(_ condition: ConditionTest, of statement: EvaluatedStatement) {
        let values = condition.values
        if condition.key.isOfOrganizations { asksForOrganizations = true }
        if condition.key == .principalAccount || condition.key == .principalARN { asksForIdentities = true }
        switch condition.key {
        case .principalAccount: holders.formUnion(values.all.compactMap { AccountID($0) }.map(Holder.account))
        case .principalARN:
            for value in values.all {
                if let arn = PrincipalARN(value), !values.foldsCase {
                    holders.insert(.principal(arn))
                } else if let session = SessionARN(value), !values.foldsCase {
                    sessions.insert(session)
                } else if let account = Mentions.account(ofARN: value) {
                    holders.insert(.account(account))
                }
            }
        case .principalOrgID: holders.formUnion(values.all.compactMap { OrganizationID($0) }.map(Holder.organization))
        case .principalOrgPaths:
            holders.formUnion(values.all.compactMap(Mentions.holder(ofPath:)))
        case .sourceAccount:
            let sources = sources(of: statement)
            for account in values.all.compactMap({ AccountID($0) }) {
                functionAccounts.insert(account)
                callers.insert(LambdaCaller(account: account, regionName: nil))
                for source in sources where source.account == nil {
                    callers.insert(
                        LambdaCaller(account: account, regionName: source.region, function: source.function))
                }
            }
        case .sourceARN:
            for scope in values.functionScopes { add(.functions(scope)) }
            for text in Array(values.literals) + values.patterns { add(source: text) }
        case .sourceOrgID:
            for id in values.all.compactMap({ OrganizationID($0) }) {
                for region in regions(of: statement) { holders.insert(.organizationFunctions(id, region: region)) }
            }
        case .sourceOrgPaths:
            for holder in values.all.compactMap(Mentions.holder(ofPath:)) {
                for region in regions(of: statement) {
                    if case .path(let path) = holder { holders.insert(.pathFunctions(path, region: region)) }
                    if case .organization(let id) = holder {
                        holders.insert(.organizationFunctions(id, region: region))
                    }
                }
            }
        case .principalServiceName: services.formUnion(values.literals)
        case .principalIsAWSService, .secureTransport, .resourceAccount, .requestedRegion, .other: break
        }
    }

    /// The account that an ARN names, or nil. The parts before and after it may have wildcards.
    private static func account(ofARN arn: String) -> AccountID? {
        let fields = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        return fields.count == 6 ? AccountID(fields[4]) : nil
    }

    /// The members at a path, or those of the organization that a pattern of paths begins with; nil for anything else.
    private static func holder(ofPath path: String) -> Holder? {
        OrganizationPath(path).map(Holder.path) ?? OrganizationID(path.prefix { $0 != "/" }).map(Holder.organization)
    }

    private func sources(of statement: EvaluatedStatement) -> [LambdaCaller] {
        statement.conditions.filter { $0.key == .sourceARN }.flatMap(\.values.all).compactMap {
            LambdaCaller(pattern: $0)
        }
    }

    private mutating func add(source text: String) {
        if let scope = FunctionScope(containing: text) {
            holders.insert(.functions(scope))
            add(scope)
        }
        if let caller = LambdaCaller(pattern: text) { callers.insert(caller) }
    }

    /// No region, and those whose functions a statement mentions whatever their account.
    private func regions(of statement: EvaluatedStatement) -> Set<String?> {
        Set([nil] + sources(of: statement).filter { $0.account == nil }.map(\.region))
    }

    /// An account that is named nowhere.
    var strangerAccount: AccountID? {
        var accounts = functionAccounts
        for holder in holders {
            if case .account(let id) = holder { accounts.insert(id) }
            if case .principal(let arn) = holder { accounts.insert(arn.account) }
        }
        return (0...accounts.count).lazy.compactMap { number in
            let digits = String(number)
            return AccountID(String(repeating: "0", count: max(0, 12 - digits.count)) + digits)
        }.first { !accounts.contains($0) }
    }

    /// A region that is named nowhere.
    var strangerRegion: String {
        (0...).lazy.map { "nowhere-\($0)" }.first { !functionRegions.contains($0) } ?? ""
    }
}
