import OrderedCollections
import OrderedJSON
import SharePlan

/// A policy as the histories' judge reads it. It shares nothing with the program but the reader of JSON.
struct PolicyModel: Equatable {
    struct Statement: Equatable {
        let sid: String?
        /// The statement in one spelling: members, principals and actions sorted, root ARNs as account ids.
        let meaning: String
        /// What it gives when it has exactly one of the shapes of the guides, else nil.
        let atoms: Set<Atom>?
    }

    /// One thing that one consumer may do: `pull`, `push` or `lambda REGION`. Whoever may push may pull.
    struct Atom: Hashable, Comparable, CustomStringConvertible {
        let consumer: String
        let what: String

        var description: String { "\(consumer) \(what)" }

        static func < (left: Atom, right: Atom) -> Bool {
            (left.consumer, left.what) < (right.consumer, right.what)
        }
    }

    /// `nil` for no policy, and for one that cannot be read.
    let version: String?
    let statements: [Statement]

    static let none = PolicyModel(version: nil, statements: [])

    /// What the managed statements of a prefix give.
    func atoms(_ prefix: String) -> Set<Atom> {
        statements.reduce(into: []) { if $1.isManaged(prefix) { $0.formUnion($1.atoms ?? []) } }
    }

    /// The same, and what the statements of our shapes give that `other` does not have: it adopted them.
    func atoms(_ prefix: String, adoptedBy other: PolicyModel) -> Set<Atom> {
        let left = Set(other.foreign(prefix))
        return statements.reduce(into: []) { atoms, statement in
            if statement.isManaged(prefix) || !left.contains(statement.meaning) {
                atoms.formUnion(statement.atoms ?? [])
            }
        }
    }

    /// What all statements of our shapes give, whoever wrote them.
    var allAtoms: Set<Atom> { statements.reduce(into: []) { $0.formUnion($1.atoms ?? []) } }

    /// Everything but the managed statements of a prefix, in order.
    func foreign(_ prefix: String) -> [String] {
        statements.filter { !$0.isManaged(prefix) }.map(\.meaning)
    }

    /// The managed statements that somebody gave another shape.
    func edited(_ prefix: String) -> [String] {
        statements.filter { $0.isManaged(prefix) && $0.atoms == nil }.map(\.meaning)
    }

    /// What the foreign statements give that have a shape and a name of the guides.
    func adoptable(_ prefix: String) -> [Statement] {
        statements.filter { !$0.isManaged(prefix) && $0.atoms != nil && PolicyModel.suffixes.contains($0.sid ?? "") }
    }

    func hasManaged(_ prefix: String) -> Bool { statements.contains { $0.isManaged(prefix) } }

    /// Whether the two say the same, in whatever order their statements are.
    func isSame(as other: PolicyModel, _ prefix: String) -> Bool {
        foreign(prefix).sorted() == other.foreign(prefix).sorted() && atoms(prefix) == other.atoms(prefix)
            && edited(prefix).sorted() == other.edited(prefix).sorted()
    }

    static let suffixes: Set = [
        "AllowPull", "AllowPullAndPush", "AllowLambdaPull", "AllowPullOrg", "AllowPullAndPushOrg", "AllowPullOrgPaths",
        "AllowPullAndPushOrgPaths",
    ]
    static let pullActions = ["ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage", "ecr:BatchCheckLayerAvailability"]
    static let pushActions =
        pullActions + ["ecr:PutImage", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload"]
    static let lambdaActions = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
}

extension PolicyModel.Statement {
    func isManaged(_ prefix: String) -> Bool {
        guard let sid, sid.hasPrefix(prefix) else { return false }
        return PolicyModel.suffixes.contains(String(sid.dropFirst(prefix.count)))
    }
}

// MARK: Reading

extension PolicyModel {
    init(reading text: String?) {
        guard let text, let document = (try? JSONValue(parsing: text))?.object else {
            self = .none
            return
        }
        let list: [JSONValue]
        switch document["Statement"] {
        case .some(.array(let statements)): list = statements
        case .some(let statement): list = [statement]
        case .none: list = []
        }
        self.init(version: document["Version"]?.string, statements: list.map(Statement.init(reading:)))
    }
}

extension PolicyModel.Statement {
    fileprivate init(reading value: JSONValue) {
        guard let members = value.object else {
            self.init(sid: nil, meaning: value.minified, atoms: nil)
            return
        }
        var parts: [String] = []
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            switch name {
            case "Principal", "NotPrincipal": parts.append("\(name)=\(Self.principals(value))")
            case "Action", "NotAction":
                // Saying an action twice says nothing more.
                parts.append("\(name)=\(Set(Self.texts(value).map { $0.lowercased() }).sorted())")
            case "Condition": parts.append("\(name)=\(Self.condition(value))")
            default: parts.append("\(name)=\(value.minified)")
            }
        }
        self.init(
            sid: members["Sid"]?.string, meaning: parts.joined(separator: " "), atoms: Self.atoms(of: members))
    }

    private static func texts(_ value: JSONValue?) -> [String] {
        switch value {
        case .string(let text): [text]
        case .array(let values): values.compactMap(\.string)
        default: []
        }
    }

    private static func principals(_ value: JSONValue) -> String {
        guard let kinds = value.object else { return value.minified }
        return kinds.sorted { $0.key < $1.key }
            .map { "\($0.key):\(Set(texts($0.value).map(consumer)).sorted())" }.joined(separator: ";")
    }

    private static func condition(_ value: JSONValue) -> String {
        guard let operators = value.object else { return value.minified }
        return operators.sorted { $0.key < $1.key }.map { name, keys in
            let keys = keys.object?.sorted { $0.key < $1.key }.map { "\($0.key)=\(texts($0.value).sorted())" } ?? []
            return "\(name){\(keys.joined(separator: ","))}"
        }.joined(separator: ";")
    }

    /// An account's root ARN is the account.
    private static func consumer(_ principal: String) -> String {
        let parts = principal.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 6 && parts[5] == "root" ? String(parts[4]) : principal
    }

    private static func atoms(of members: JSONObject) -> Set<PolicyModel.Atom>? {
        guard members.keys.allSatisfy({ ["Sid", "Effect", "Principal", "Action", "Condition"].contains($0) }),
            members["Effect"]?.string == "Allow"
        else { return nil }
        let actions = Set(texts(members["Action"]).map { $0.lowercased() })
        func isJust(_ names: [String]) -> Bool { actions == Set(names.map { $0.lowercased() }) }
        let principal = members["Principal"]?.object
        if let principal, principal.count == 1, texts(principal["Service"]) == ["lambda.amazonaws.com"] {
            guard isJust(PolicyModel.lambdaActions), let rule = members["Condition"]?.object, rule.count == 1,
                let keys = rule["StringLike"]?.object, keys.count == 1, let patterns = keys["aws:sourceARN"]
            else { return nil }
            return functions(texts(patterns))
        }
        let words: [String]
        if isJust(PolicyModel.pullActions) {
            words = ["pull"]
        } else if isJust(PolicyModel.pushActions) {
            words = ["pull", "push"]
        } else {
            return nil
        }
        let consumers: [String]
        if members["Principal"]?.string == "*" {
            guard let rule = members["Condition"]?.object, rule.count == 1,
                let keys = rule["StringEquals"]?.object, keys.count == 1, let ids = keys["aws:PrincipalOrgID"]
            else { return nil }
            consumers = texts(ids)
        } else {
            guard let principal, principal.count == 1, let names = principal["AWS"], members["Condition"] == nil,
                !texts(names).contains("*")
            else { return nil }
            consumers = texts(names).map(consumer)
        }
        return Set(
            consumers.flatMap { consumer in words.map { PolicyModel.Atom(consumer: consumer, what: $0) } })
    }

    private static func functions(_ patterns: [String]) -> Set<PolicyModel.Atom>? {
        var atoms: Set<PolicyModel.Atom> = []
        for pattern in patterns {
            let parts = pattern.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 7, parts[6] == "*" else { return nil }
            atoms.insert(PolicyModel.Atom(consumer: String(parts[4]), what: "lambda \(parts[3])"))
        }
        return atoms
    }
}
