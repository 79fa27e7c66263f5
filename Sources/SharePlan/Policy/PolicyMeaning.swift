package import AWSValues
import OrderedCollections
import OrderedJSON

/// What a document allows and denies: equal for all its spellings, see ``Policy/haveSameMeaning(_:_:in:)``.
struct PolicyMeaning: Hashable {
    private let otherMembers: [String: JSONValue]
    /// A multiset: the order of statements has no meaning, their number may.
    private let statements: [CanonicalStatement: Int]

    init(_ document: PolicyDocument, in partition: Partition) {
        otherMembers = Dictionary(uniqueKeysWithValues: document.otherMembers.map { ($0, $1) })
        statements = Dictionary(document.statements.map { (CanonicalStatement($0, partition), 1) }, uniquingKeysWith: +)
    }
}

extension PolicyDocument {
    /// Whether two documents allow and deny the same.
    package func hasSameMeaning(as other: PolicyDocument, in partition: Partition) -> Bool {
        PolicyMeaning(self, in: partition) == PolicyMeaning(other, in: partition)
    }
}

extension PolicyStatement {
    /// Whether two statements allow and deny the same; see ``Policy/haveSameMeaning(_:_:in:)``.
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
