package import AWSValues
import OrderedCollections
import OrderedJSON

extension PolicyDocument {
    /// Whether two policies allow and deny the same, as ECR would print either for the other.
    ///
    /// nil is "no policy". Texts that are not policy documents are equal only when they are the same text. What does
    /// not count: white space, the order of statements, principals, actions and condition values, a string or a list of
    /// one, an account id or its root ARN, letter case of actions and condition keys, a condition's `true` or `"true"`.
    package static func haveSameMeaning(_ left: String?, _ right: String?, in partition: Partition) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        if left == right { return true }
        guard let left = try? PolicyDocument(parsing: left), let right = try? PolicyDocument(parsing: right) else {
            return false
        }
        return left.hasSameMeaning(as: right, in: partition)
    }

    /// Whether two documents allow and deny the same; see ``haveSameMeaning(_:_:in:)``.
    package func hasSameMeaning(as other: PolicyDocument, in partition: Partition) -> Bool {
        guard statements.count == other.statements.count,
            Dictionary(uniqueKeysWithValues: otherMembers.map { ($0, $1) })
                == Dictionary(uniqueKeysWithValues: other.otherMembers.map { ($0, $1) })
        else { return false }
        // A multiset: the order of statements has no meaning, their number may.
        var counts: [CanonicalStatement: Int] = [:]
        for statement in statements { counts[CanonicalStatement(statement, partition), default: 0] += 1 }
        for statement in other.statements {
            guard let count = counts[CanonicalStatement(statement, partition)], count > 0 else { return false }
            counts[CanonicalStatement(statement, partition)] = count - 1
        }
        return true
    }
}

extension PolicyStatement {
    /// Whether two statements allow and deny the same; see ``PolicyDocument/haveSameMeaning(_:_:in:)``.
    func hasSameMeaning(as other: PolicyStatement, in partition: Partition) -> Bool {
        CanonicalStatement(self, partition) == CanonicalStatement(other, partition)
    }
}

/// A statement in the one form that all its spellings share.
///
/// Source: what ECR itself changes in a policy that it stores, and the IAM grammar,
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
private struct CanonicalStatement: Hashable {
    private let members: [String: Element]

    private enum Element: Hashable {
        case exact(JSONValue)
        case texts(Set<String>)
        case principals([String: Set<String>])
        case conditions([String: [String: Set<String>]])
    }

    init(_ statement: PolicyStatement, _ partition: Partition) {
        var members: [String: Element] = [:]
        for (name, value) in statement.members {
            let element: Element? =
                switch name {
                case "Principal", "NotPrincipal": CanonicalStatement.principals(value, partition)
                case "Action", "NotAction":
                    CanonicalStatement.texts(value).map { .texts(Set($0.map { $0.lowercased() })) }
                case "Condition": CanonicalStatement.conditions(value)
                default: nil
                }
            members[name] = element ?? .exact(value)
        }
        self.members = members
    }

    /// The strings of a string or a list of strings; nil for anything else.
    private static func texts(_ value: JSONValue) -> [String]? {
        switch value {
        case .string(let text): return [text]
        case .array(let elements):
            let texts = elements.compactMap(\.string)
            return texts.count == elements.count ? texts : nil
        default: return nil
        }
    }

    private static func principals(_ value: JSONValue, _ partition: Partition) -> Element? {
        // "*" and {"AWS": "*"} are the same.
        if value == "*" { return .principals(["AWS": ["*"]]) }
        guard let object = value.object else { return nil }
        var principals: [String: Set<String>] = [:]
        for (kind, value) in object {
            guard let texts = texts(value) else { return nil }
            principals[kind] =
                kind == "AWS"
                ? Set(texts.map { AccountID($0).map { $0.rootARN(in: partition) } ?? $0 })
                : Set(texts)
        }
        return .principals(principals)
    }

    private static func conditions(_ value: JSONValue) -> Element? {
        guard let operators = value.object else { return nil }
        var conditions: [String: [String: Set<String>]] = [:]
        for (name, keys) in operators {
            guard let keys = keys.object else { return nil }
            var folded: [String: Set<String>] = [:]
            for (key, value) in keys {
                guard let texts = scalars(value), folded.updateValue(Set(texts), forKey: key.lowercased()) == nil else {
                    return nil
                }
            }
            conditions[name] = folded
        }
        return .conditions(conditions)
    }

    /// The scalars of one scalar or a list of them as text: `true` and `"true"` are the same in a condition.
    private static func scalars(_ value: JSONValue) -> [String]? {
        let elements = value.array ?? [value]
        let texts = elements.compactMap { element -> String? in
            switch element {
            case .string(let text), .number(let text): text
            case .bool(let flag): flag ? "true" : "false"
            default: nil
            }
        }
        return texts.count == elements.count ? texts : nil
    }
}
