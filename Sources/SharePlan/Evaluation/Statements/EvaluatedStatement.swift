import AWSValues
import OrderedCollections
import OrderedJSON

/// One statement of a policy, taken apart so that requests can be held against it.
///
/// A class, since it never changes and is handed around for each of hundreds of requesters.
final class EvaluatedStatement: Sendable {
    enum Effect {
        case allow, deny
        /// Neither word is there in its exact spelling: the statement may be either.
        case unclear
    }

    let reference: StatementReference
    /// As written in the document.
    let json: JSONValue
    let effect: Effect
    /// nil when the statement has none, or more than one, which may mean anybody.
    let principals: NamedPrincipals?
    /// nil when the statement has none, or more than one, which may mean any action.
    let actions: NamedActions?
    let conditions: [ConditionTest]
    let hasResource: Bool
    /// What is wrong with the statement's form. AWS may read it in any way.
    let flaws: [Doubt]

    /// `hasVariables`: whether `${…}` in conditions is a variable. `registryIndex`: the position in the registry's
    /// policy. `place`: where people find it, as in ``StatementReference``. `today`: the day by which dates in
    /// conditions have passed. `owner` and `region` are the repository's.
    init(
        _ json: JSONValue, index: Int, registryIndex: Int? = nil, place: String? = nil, partition: Partition,
        hasVariables: Bool, today: CalendarDate?, owner: AccountID, region: Region?
    ) {
        var flaws: [Doubt] = []
        let members = json.object ?? [:]
        self.json = json
        if json.object == nil { flaws.append(.form("it is not an object")) }
        hasResource = members["Resource"] != nil
        reference = StatementReference(
            index: index, sid: members["Sid"]?.string, registryIndex: registryIndex, place: place)

        switch members["Effect"]?.string {
        case "Allow": effect = .allow
        case "Deny": effect = .deny
        default:
            effect = .unclear
            flaws.append(.form("its Effect is neither Allow nor Deny"))
        }

        switch (members["Principal"], members["NotPrincipal"]) {
        case (let named?, nil):
            principals = NamedPrincipals(named, isNegated: false, partition: partition)
        case (nil, let named?):
            principals = NamedPrincipals(named, isNegated: true, partition: partition)
            if effect != .deny { flaws.append(.form("AWS does not support NotPrincipal with Allow")) }
        default:
            principals = nil
            flaws.append(.form("it needs either Principal or NotPrincipal"))
        }

        switch (members["Action"], members["NotAction"]) {
        case (let named?, nil): actions = NamedActions(named, isNegated: false)
        case (nil, let named?): actions = NamedActions(named, isNegated: true)
        default:
            actions = nil
            flaws.append(.form("it needs either Action or NotAction"))
        }

        if actions?.isMalformed == true { flaws.append(.form("its actions are not all of the form service:Action")) }
        conditions = EvaluatedStatement.tests(
            in: members["Condition"], flaws: &flaws
        ) { name, key, values in
            ConditionTest(
                operatorName: name, keyName: key, values: values, hasVariables: hasVariables, today: today,
                owner: owner, region: region)
        }
        for name in members.keys where !EvaluatedStatement.knownMembers.contains(name) {
            flaws.append(.form("its member \"\(name)\" is unknown"))
        }
        if registryIndex == nil, let resource = members["Resource"],
            !EvaluatedStatement.isOfEveryRepository(resource, partition, owner, region)
        {
            flaws.append(.form("its Resource need not be this repository"))
        }
        // AWS does not say that it suffices.
        if registryIndex != nil, effect != .deny { flaws.append(.registryAllow) }
        self.flaws = flaws
    }

    /// ECR refuses Resource and NotResource today; older policies may have them.
    private static let knownMembers: Set<String> = [
        "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Condition", "Resource",
    ]

    /// Whether one of the patterns fits every repository of the registry.
    private static func isOfEveryRepository(
        _ resource: JSONValue, _ partition: Partition, _ owner: AccountID, _ region: Region?
    ) -> Bool {
        let start = region.map { "arn:\(partition.id):ecr:\($0):\(owner):repository/" }
        return (resource.array ?? [resource]).compactMap(\.string).contains { pattern in
            pattern == "*" || pattern.hasSuffix("*") && start.map { Glob.matches(pattern, $0) } ?? false
        }
    }

    private static func tests(
        in condition: JSONValue?, flaws: inout [Doubt],
        _ test: (_ operatorName: String, _ key: String, _ values: JSONValue) -> ConditionTest
    ) -> [ConditionTest] {
        guard let condition else { return [] }
        guard let operators = condition.object else {
            flaws.append(.form("its Condition is not an object"))
            return []
        }
        var tests: [ConditionTest] = []
        for (name, keys) in operators {
            guard let keys = keys.object, !keys.isEmpty else {
                flaws.append(.form("its \(name) has no keys"))
                continue
            }
            for (key, values) in keys {
                tests.append(test(name, key, values))
            }
            if Set(keys.keys.map(ConditionKey.init)).count < keys.count {
                flaws.append(.form("its \(name) has the same key twice"))
            }
        }
        return tests
    }

    /// Whether the statement mentions the action, given in lower case.
    func fit(action: String) -> Fit {
        // What is missing is among the flaws already.
        actions?.fit(action) ?? .unknown
    }

    /// Whether the statement mentions the requester under its conditions, whatever the action.
    func fit(_ context: RequestContext, doubts: inout Set<Doubt>) -> Fit {
        var found: Set<Doubt> = []
        var fit = principals?.fit(context.requester, doubts: &found) ?? .unknown
        for condition in conditions {
            // Nothing below can change a no.
            if fit == .no { return .no }
            fit = min(fit, condition.fit(context, doubts: &found))
        }
        if fit == .no { return .no }
        if !flaws.isEmpty {
            fit = min(fit, .unknown)
            found.formUnion(flaws)
        }
        doubts.formUnion(found)
        return fit
    }
}
