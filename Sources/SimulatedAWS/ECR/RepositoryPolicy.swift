import OrderedCollections

/// A repository policy as ECR accepts it, its account ids turned into the ARNs of their roots.
///
/// Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html, and for the refusals
/// https://docs.aws.amazon.com/AmazonECR/latest/userguide/set-repository-policy.html
struct RepositoryPolicy {
    /// A principal that must exist.
    struct Named: Hashable {
        var account: String
        /// Nil for the account itself.
        var arn: String?
    }

    /// The most characters of a policy text, white space included.
    static let maximumLength = 10_240

    /// The document as it will be stored.
    private(set) var document: JSON
    private(set) var principals: [Named] = []

    private var partition: String

    /// Checks a text as SetRepositoryPolicy does.
    init(checking text: String, partition: String) throws(ServiceError) {
        guard text.unicodeScalars.count <= RepositoryPolicy.maximumLength else {
            throw .invalidParameter("policyText", "Member must have length less than or equal to 10240")
        }
        self.partition = partition
        document = .null
        guard text.unicodeScalars.allSatisfy(RepositoryPolicy.isAllowed), let parsed = try? JSON(parsing: text),
            let checked = checkedDocument(parsed)
        else { throw RepositoryPolicy.invalid }
        document = checked
    }

    /// The document with its account ids turned into ARNs, without any check; for edits that come from elsewhere.
    init(expanding document: JSON, partition: String) {
        self.partition = partition
        self.document = document
        changePrincipals { principals in
            principals.mapEach { value in
                guard let account = value.string, isAccountID(account) else { return value }
                return .string(RepositoryPolicy.root(account, partition))
            }
        }
    }

    static var invalid: ServiceError { .invalidParameter("PolicyText", "Invalid repository policy provided") }
    static var principalNotFound: ServiceError { .invalidParameter("PolicyText", "Principal not found") }

    /// Puts the principals of every list in another order.
    mutating func shufflePrincipals(using generator: inout SplitMix64) {
        changePrincipals { principals in
            guard let values = principals.array else { return principals }
            return .array(values.shuffled(using: &generator))
        }
    }

    /// Changes what each statement names as AWS principals.
    private mutating func changePrincipals(_ change: (JSON) -> JSON?) {
        guard case .object(var members) = document, let statements = members["Statement"] else { return }
        members["Statement"] = statements.mapEach { statement in
            guard case .object(var members) = statement, case .object(var kinds)? = members["Principal"],
                let principals = kinds["AWS"]
            else { return statement }
            kinds["AWS"] = change(principals)
            members["Principal"] = .object(kinds)
            return .object(members)
        }
        document = .object(members)
    }

    private static func root(_ account: String, _ partition: String) -> String {
        "arn:\(partition):iam::\(account):root"
    }

    /// The characters that policies may have.
    /// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0xFF: true
        default: false
        }
    }
}

/// The checks: each gives back what is stored, or nil for what ECR refuses.
extension RepositoryPolicy {
    private mutating func checkedDocument(_ value: JSON) -> JSON? {
        guard var members = value.object, Set(members.keys).isSubset(of: ["Version", "Id", "Statement"]),
            ["2008-10-17", "2012-10-17", nil].contains(members["Version"]?.string),
            members["Version"] == nil || members["Version"]?.string != nil,
            members["Id"] == nil || members["Id"]?.string != nil, let statements = members["Statement"],
            statements.array?.isEmpty != true, let checked = statements.mapEach({ checkedStatement($0) })
        else { return nil }
        members["Statement"] = checked
        return .object(members)
    }

    private mutating func checkedStatement(_ value: JSON) -> JSON? {
        let known: Set = ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Condition"]
        guard var members = value.object, Set(members.keys).isSubset(of: known),
            members["Sid"] == nil || members["Sid"]?.string != nil,
            ["Allow", "Deny"].contains(members["Effect"]?.string),
            (members["Principal"] == nil) != (members["NotPrincipal"] == nil),
            (members["Action"] == nil) != (members["NotAction"] == nil),
            RepositoryPolicy.areActions(members["Action"] ?? members["NotAction"]),
            members["Condition"].map(RepositoryPolicy.isCondition) != false
        else { return nil }
        for name in ["Principal", "NotPrincipal"] {
            guard let value = members[name] else { continue }
            guard let checked = checkedPrincipal(value) else { return nil }
            members[name] = checked
        }
        return .object(members)
    }

    private mutating func checkedPrincipal(_ value: JSON) -> JSON? {
        if value.string == "*" { return value }
        guard var kinds = value.object, !kinds.isEmpty else { return nil }
        for (kind, value) in kinds {
            guard ["AWS", "Service", "Federated", "CanonicalUser"].contains(kind),
                RepositoryPolicy.texts(value) != nil
            else { return nil }
            guard kind == "AWS" else { continue }
            let checked = value.mapEach { $0.string.flatMap { checkedAWSPrincipal($0) }.map(JSON.string) }
            guard let checked else { return nil }
            kinds[kind] = checked
        }
        return .object(kinds)
    }

    private mutating func checkedAWSPrincipal(_ text: String) -> String? {
        if text == "*" { return text }
        if isAccountID(text) {
            principals.append(Named(account: text))
            return RepositoryPolicy.root(text, partition)
        }
        // What is left of a deleted role or user: nothing that ECR could look up again.
        if text.count >= 16, text.hasPrefix("AROA") || text.hasPrefix("AIDA") {
            principals.append(Named(account: "", arn: text))
            return text
        }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "arn", parts[1] == partition, parts[3].isEmpty, isAccountID(parts[4]),
            !text.contains("*"), !text.contains("?"), !text.contains(" ")
        else { return nil }
        let resource = parts[5].split(separator: "/", omittingEmptySubsequences: false)
        guard resource.dropFirst().allSatisfy({ !$0.isEmpty }) else { return nil }
        switch (parts[2], resource[0], resource.count) {
        case ("iam", "root", 1): principals.append(Named(account: parts[4]))
        case ("iam", "role", 2...), ("iam", "user", 2...): principals.append(Named(account: parts[4], arn: text))
        case ("sts", "assumed-role", 3), ("sts", "federated-user", 2): principals.append(Named(account: parts[4]))
        default: return nil
        }
        return text
    }

    /// The strings of a list that is not empty, or the one string.
    private static func texts(_ value: JSON) -> [String]? {
        let texts = (value.array ?? [value]).map(\.string)
        guard !texts.isEmpty, !texts.contains(nil) else { return nil }
        return texts.compactMap(\.self)
    }

    private static func areActions(_ value: JSON?) -> Bool {
        guard let value, let actions = texts(value) else { return false }
        return actions.allSatisfy { action in
            let action = action.lowercased()
            guard action != "*" else { return true }
            return action.hasPrefix("ecr:") && action.utf8.count > 4 && action != "ecr:getauthorizationtoken"
                && action.dropFirst(4).allSatisfy { $0.isLetter || $0.isNumber || $0 == "*" || $0 == "?" }
        }
    }

    private static func isCondition(_ value: JSON) -> Bool {
        guard let operators = value.object else { return false }
        return operators.allSatisfy { name, keys in
            guard ConditionOperator.isKnown(name), let keys = keys.object, !keys.isEmpty else { return false }
            return keys.values.allSatisfy { value in
                (value.array ?? [value]).allSatisfy { element in
                    switch element {
                    case .string, .number, .bool: true
                    case .null, .array, .object: false
                    }
                }
            }
        }
    }
}

/// The operators of conditions.
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
private enum ConditionOperator {
    static func isKnown(_ name: String) -> Bool {
        var name = name[...]
        for prefix in ["ForAnyValue:", "ForAllValues:"] where name.hasPrefix(prefix) {
            name = name.dropFirst(prefix.count)
        }
        if name.hasSuffix("IfExists"), name != "NullIfExists" { name = name.dropLast("IfExists".count) }
        return known.contains(String(name))
    }

    private static let known: Set<String> = [
        "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike",
        "StringNotLike", "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals",
        "NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals", "DateNotEquals", "DateLessThan",
        "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals", "Bool", "BinaryEquals", "IpAddress",
        "NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Null",
    ]
}
