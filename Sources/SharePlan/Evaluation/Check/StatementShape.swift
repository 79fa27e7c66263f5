import AWSValues

/// A statement that has exactly one of the forms in which grants are written, and so grants nothing beside them.
///
/// The Sid is not part of the form; order, letter case of actions and condition keys, and lists of one do not matter.
struct StatementShape {
    let actions: ActionSet
    let holders: [Holder]

    /// The shape of `statement`, or nil if it has none.
    init?(_ statement: EvaluatedStatement, partition: Partition) {
        guard statement.effect == .allow, statement.flaws.isEmpty, !statement.hasResource,
            let principals = statement.principals, principals.isPlain,
            let named = statement.actions, !named.isNegated, !named.isMalformed,
            let actions = ActionSet(exactly: named.names)
        else { return nil }
        self.actions = actions
        let names = (principals.everyone, !principals.accounts.isEmpty || !principals.identities.isEmpty)
        let conditions = statement.conditions
        switch (names, principals.services) {
        case ((false, true), []) where conditions.isEmpty && (actions == .pull || actions == .push):
            holders = principals.accounts.map(Holder.account) + principals.identities.values.map(Holder.principal)
        case ((true, false), []) where actions == .pull || actions == .push:
            guard let holders = StatementShape.members(conditions) else { return nil }
            self.holders = holders
        case ((false, false), [RequestContext.lambdaService]) where actions == .lambda:
            guard let holders = StatementShape.functions(conditions, partition: partition) else { return nil }
            self.holders = holders
        default:
            return nil
        }
    }

    private static func members(_ conditions: [ConditionTest]) -> [Holder]? {
        guard conditions.count == 1, let condition = conditions.first else { return nil }
        return organizations(condition, key: .principalOrgID)?.map(Holder.organization)
            ?? paths(condition, key: .principalOrgPaths)?.map(Holder.path)
    }

    private static func functions(_ conditions: [ConditionTest], partition: Partition) -> [Holder]? {
        let sources = conditions.filter { $0.key == .sourceARN }
        guard sources.count <= 1, sources.allSatisfy({ $0.operatorName == "StringLike" }) else { return nil }
        let others = conditions.filter { $0.key != .sourceARN }
        guard let other = others.first else {
            guard let values = sources.first?.values, values.isOnlyFunctionScopes else { return nil }
            let scopes = values.functionScopes
            guard scopes.allSatisfy({ $0.partition == partition.id }) else { return nil }
            return scopes.map(Holder.functions)
        }
        guard others.count == 1 else { return nil }
        var regions: [String?] = [nil]
        if let values = sources.first?.values {
            let named = values.patterns.map { region(of: $0, partition: partition) }
            guard values.count == values.patterns.count, !named.contains(nil) else { return nil }
            regions = named
        }
        if let ids = organizations(other, key: .sourceOrgID) {
            return ids.flatMap { id in regions.map { Holder.organizationFunctions(id, region: $0) } }
        }
        return paths(other, key: .sourceOrgPaths)?.flatMap { path in
            regions.map { Holder.pathFunctions(path, region: $0) }
        }
    }

    /// The region of `arn:PARTITION:lambda:REGION:*:function:*`.
    private static func region(of pattern: String, partition: Partition) -> String? {
        let start = "arn:\(partition.id):lambda:"
        let end = ":*:function:*"
        guard pattern.hasPrefix(start), pattern.hasSuffix(end) else { return nil }
        return Region(pattern.dropFirst(start.count).dropLast(end.count))?.name
    }

    /// The organizations of a StringEquals on `key`, or nil if the condition is another or names something else.
    static func organizations(_ condition: ConditionTest, key: ConditionKey) -> [OrganizationID]? {
        guard condition.key == key, condition.operatorName == "StringEquals", !condition.values.isMalformed,
            condition.values.variables.isEmpty
        else { return nil }
        let ids = condition.values.literals.compactMap { OrganizationID($0) }
        return !ids.isEmpty && ids.count == condition.values.count ? ids : nil
    }

    /// The paths of a ForAnyValue:StringLike on `key`, or nil if the condition is another or names something else.
    static func paths(_ condition: ConditionTest, key: ConditionKey) -> [OrganizationPath]? {
        guard condition.key == key, condition.operatorName == "ForAnyValue:StringLike", !condition.values.isMalformed,
            condition.values.variables.isEmpty
        else { return nil }
        let paths = condition.values.all.compactMap { OrganizationPath($0) }
        return !paths.isEmpty && paths.count == condition.values.count ? paths : nil
    }
}
