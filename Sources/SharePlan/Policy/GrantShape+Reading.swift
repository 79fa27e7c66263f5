import AWSValues
import OrderedCollections
import OrderedJSON

/// What a statement of one of our shapes grants.
struct StatementGrants: Hashable, Sendable {
    var grants: [Grant] = []
    /// Ids of deleted roles and users (`AROA…`, `AIDA…`): AWS shows them in place of an ARN whose identity was deleted.
    var deletedPrincipals: [String] = []
}

/// Why a statement has none of our shapes, as the end of "it …".
struct ShapeMismatch: Error, Hashable, Sendable {
    let reason: String
}

extension GrantShape {
    /// The grants of a statement that has exactly one of our shapes, in any spelling; else the first difference.
    static func grants(
        of statement: PolicyStatement, in partition: Partition
    ) throws(ShapeMismatch) -> StatementGrants {
        for name in statement.members.keys
        where !["Sid", "Effect", "Principal", "Action", "Condition"].contains(name) {
            throw ShapeMismatch(reason: "has the element \(name)")
        }
        guard statement.members["Effect"] == "Allow" else { throw ShapeMismatch(reason: "denies instead of allowing") }
        let actions = try actions(of: statement)
        let condition = try condition(of: statement)
        switch statement.members["Principal"] {
        case .some(.object(let principals)) where principals.count == 1:
            if let services = principals["Service"].flatMap(texts) {
                return try lambdaGrants(services: services, actions: actions, condition: condition, in: partition)
            }
            if let principals = principals["AWS"].flatMap(texts) {
                if principals == ["*"] { return try organizationGrants(actions: actions, condition: condition) }
                return try accountGrants(principals, actions: actions, condition: condition, in: partition)
            }
        case "*": return try organizationGrants(actions: actions, condition: condition)
        default: break
        }
        throw ShapeMismatch(reason: "has a different kind of principal than ours")
    }

    private struct Condition {
        let `operator`: String
        let key: String
        let values: [String]

        func isFor(_ rule: (operator: String, key: String)) -> Bool {
            self.operator == rule.operator && key.lowercased() == rule.key.lowercased()
        }
    }

    private static func texts(_ value: JSONValue) -> [String]? {
        if let text = value.string { return [text] }
        guard let elements = value.array else { return nil }
        let texts = elements.compactMap(\.string)
        return texts.count == elements.count ? texts : nil
    }

    private static func actions(of statement: PolicyStatement) throws(ShapeMismatch) -> Set<String> {
        guard let actions = statement.members["Action"].flatMap(texts) else {
            throw ShapeMismatch(reason: "has no list of actions")
        }
        return Set(actions.map { $0.lowercased() })
    }

    private static func condition(of statement: PolicyStatement) throws(ShapeMismatch) -> Condition? {
        guard let value = statement.members["Condition"] else { return nil }
        guard let operators = value.object, operators.count == 1, let (name, keys) = operators.elements.first,
            let keys = keys.object, keys.count == 1, let (key, value) = keys.elements.first, let values = texts(value)
        else { throw ShapeMismatch(reason: "has a different condition than ours") }
        return Condition(operator: name, key: key, values: values)
    }

    private static let foldedPullActions = Set(pullActions.map { $0.lowercased() })
    private static let foldedPushActions = Set(pushActions.map { $0.lowercased() })
    private static let foldedLambdaActions = Set(lambdaActions.map { $0.lowercased() })

    /// `.pull` or `.push`, whichever has just these actions.
    private static func access(of actions: Set<String>) throws(ShapeMismatch) -> Access {
        let (pull, push) = (foldedPullActions, foldedPushActions)
        if actions == pull { return .pull }
        if actions == push { return .push }
        let (name, nearest) = actions.isDisjoint(with: push.subtracting(pull)) ? ("pull", pull) : ("push", push)
        throw mismatch(of: actions, from: nearest, name: name)
    }

    /// Actions as AWS spells them, sorted.
    private static func spelled(_ folded: Set<String>) -> [String] {
        let known = Dictionary(AskedActions.ofRepositories.map { ($0.lowercased(), $0) }) { first, _ in first }
        return folded.map { known[$0] ?? $0 }.sorted()
    }

    private static func mismatch(of actions: Set<String>, from expected: Set<String>, name: String) -> ShapeMismatch {
        var parts: [String] = []
        let extra = spelled(actions.subtracting(expected))
        let missing = spelled(expected.subtracting(actions))
        if !extra.isEmpty { parts.append("has \(extra.joined(separator: ", ")) beside the actions of \(name)") }
        if !missing.isEmpty { parts.append("lacks \(missing.joined(separator: ", ")) of the actions of \(name)") }
        return ShapeMismatch(reason: parts.joined(separator: " and "))
    }

    private static func accountGrants(
        _ principals: [String], actions: Set<String>, condition: Condition?, in partition: Partition
    ) throws(ShapeMismatch) -> StatementGrants {
        let access = try access(of: actions)
        if let condition { throw ShapeMismatch(reason: "has a condition on \(condition.key)") }
        guard !principals.isEmpty else { throw ShapeMismatch(reason: "has no principal") }
        var result = StatementGrants()
        for principal in principals {
            if let id = AccountID(principal: principal, in: partition) {
                result.grants.append(Grant(consumer: .account(id), access: access))
            } else if let arn = PrincipalARN(principal), arn.partition == partition {
                result.grants.append(Grant(consumer: .principal(arn), access: access))
            } else if isDeletedPrincipal(principal) {
                result.deletedPrincipals.append(principal)
            } else {
                throw ShapeMismatch(reason: "names the principal \(principal)")
            }
        }
        return result
    }

    private static func organizationGrants(
        actions: Set<String>, condition: Condition?
    ) throws(ShapeMismatch) -> StatementGrants {
        guard let condition else { throw ShapeMismatch(reason: "allows everybody") }
        let access = try access(of: actions)
        let consumers: [Consumer?]
        if condition.isFor(organizationCondition) {
            consumers = condition.values.map { OrganizationID($0).map(Consumer.organization) }
        } else if condition.isFor(organizationPathCondition) {
            consumers = condition.values.map { OrganizationPath($0).map(Consumer.organizationPath) }
        } else {
            throw ShapeMismatch(reason: "allows everybody with a condition on \(condition.key)")
        }
        let known = consumers.compactMap { $0 }
        guard known.count == consumers.count, !known.isEmpty else {
            throw ShapeMismatch(reason: "has values of \(condition.key) that are not organization ids")
        }
        return StatementGrants(grants: known.map { Grant(consumer: $0, access: access) })
    }

    private static func lambdaGrants(
        services: [String], actions: Set<String>, condition: Condition?, in partition: Partition
    ) throws(ShapeMismatch) -> StatementGrants {
        guard services == [lambdaService] else {
            throw ShapeMismatch(reason: "names a service other than \(lambdaService)")
        }
        guard actions == foldedLambdaActions else {
            throw mismatch(of: actions, from: foldedLambdaActions, name: "lambda-only")
        }
        guard let condition, condition.isFor(lambdaCondition), !condition.values.isEmpty else {
            throw ShapeMismatch(reason: "is not limited to the functions of accounts by aws:sourceARN")
        }
        var result = StatementGrants()
        for value in condition.values {
            guard let grant = grant(ofFunctions: value, in: partition) else {
                throw ShapeMismatch(reason: "has the function pattern \(value)")
            }
            result.grants.append(grant)
        }
        return result
    }

    private static func grant(ofFunctions pattern: String, in partition: Partition) -> Grant? {
        let fields = pattern.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 7, fields[0] == "arn", fields[1] == partition.id, fields[2] == "lambda",
            let region = Region(fields[3]), let account = AccountID(fields[4]), fields[5] == "function",
            fields[6] == "*"
        else { return nil }
        return Grant(consumer: .account(account), access: .lambdaOnly, consumerRegion: region)
    }

    /// Whether a principal is the unique id that AWS shows for a deleted user or role.
    ///
    /// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    static func isDeletedPrincipal(_ principal: String) -> Bool {
        (principal.hasPrefix("AROA") || principal.hasPrefix("AIDA")) && principal.utf8.count >= 16
            && principal.utf8.allSatisfy { byte in
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
    }
}
