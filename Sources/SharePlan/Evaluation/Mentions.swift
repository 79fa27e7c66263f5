/// Everybody whom some statements name, in principals and in conditions.
struct Mentions {
    private(set) var holders: Set<Holder> = []
    /// The accounts whose Lambda functions a statement speaks of.
    private(set) var functionAccounts: Set<AccountID> = []
    /// The regions of Lambda functions that a statement speaks of.
    private(set) var functionRegions: Set<String> = []

    /// Functions as source ARN patterns name them, wildcards as they are.
    private(set) var callers: Set<LambdaCaller> = []
    /// Source ARNs that are no Lambda functions of one account or of all.
    private(set) var oddSources: Set<String> = []

    mutating func add(_ statement: EvaluatedStatement) {
        if let principals = statement.principals {
            holders.formUnion(principals.accounts.lazy.map(Holder.account))
            holders.formUnion(principals.identities.values.lazy.map(Holder.principal))
        }
        for condition in statement.conditions { add(condition, of: statement) }
    }

    mutating func add(_ holder: Holder) {
        holders.insert(holder)
        if case .functions(let scope) = holder { add(scope) }
    }

    private mutating func add(_ scope: FunctionScope) {
        functionAccounts.insert(scope.account)
        functionRegions.insert(scope.region)
    }

    private mutating func add(_ condition: ConditionTest, of statement: EvaluatedStatement) {
        let values = condition.values
        switch condition.key {
        case .principalAccount: holders.formUnion(values.all.compactMap { AccountID($0) }.map(Holder.account))
        case .principalARN: holders.formUnion(values.all.compactMap { PrincipalARN($0) }.map(Holder.principal))
        case .principalOrgID: holders.formUnion(values.all.compactMap { OrganizationID($0) }.map(Holder.organization))
        case .principalOrgPaths: holders.formUnion(values.all.compactMap { OrganizationPath($0) }.map(Holder.path))
        case .sourceAccount:
            for account in values.all.compactMap({ AccountID($0) }) {
                functionAccounts.insert(account)
                callers.insert(LambdaCaller(account: account, regionName: nil))
            }
        case .sourceARN:
            for scope in values.functionScopes {
                holders.insert(.functions(scope))
                add(scope)
                callers.insert(LambdaCaller(account: scope.account, regionName: scope.region))
            }
            for text in Array(values.literals) + values.patterns { add(source: text) }
        case .sourceOrgID:
            for id in values.all.compactMap({ OrganizationID($0) }) {
                for region in regions(of: statement) { holders.insert(.organizationFunctions(id, region: region)) }
            }
        case .sourceOrgPaths:
            for path in values.all.compactMap({ OrganizationPath($0) }) {
                for region in regions(of: statement) { holders.insert(.pathFunctions(path, region: region)) }
            }
        case .principalIsAWSService, .principalServiceName, .secureTransport, .other: break
        }
    }

    private mutating func add(source text: String) {
        if let scope = FunctionScope(containing: text) {
            holders.insert(.functions(scope))
            add(scope)
        }
        if let caller = Mentions.caller(text) {
            callers.insert(caller)
        } else {
            oddSources.insert(text)
        }
    }

    /// The functions that `arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME` names, with wildcards but in the account.
    private static func caller(_ arn: String) -> LambdaCaller? {
        let fields = arn.split(separator: ":", maxSplits: 6, omittingEmptySubsequences: false)
        guard fields.count == 7, fields[0] == "arn", fields[2] == "lambda", fields[5] == "function" else { return nil }
        let account = AccountID(fields[4])
        guard account != nil || fields[4] == "*" else { return nil }
        return LambdaCaller(
            account: account, regionName: fields[3] == "*" ? nil : String(fields[3]),
            function: fields[6] == "*" ? nil : String(fields[6]))
    }

    /// No region, and those whose functions a statement speaks of whatever their account.
    private func regions(of statement: EvaluatedStatement) -> Set<String?> {
        let sources = statement.conditions.filter { $0.key == .sourceARN }.flatMap(\.values.all)
        return Set([nil] + sources.compactMap(Mentions.caller).filter { $0.account == nil }.map(\.region))
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
