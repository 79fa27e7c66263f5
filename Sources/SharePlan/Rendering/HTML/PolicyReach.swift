import OrderedCollections

/// Whom a policy document mentions, for a picture of it: every consumer with what allows or denies it.
///
/// A reading for people, not a judgement: conditions other than organizations and function ARNs are not weighed.
struct PolicyReach: Sendable {
    /// What a document does for one consumer.
    struct Marks: OptionSet, Hashable, Sendable {
        let rawValue: UInt8

        static let managed = Marks(rawValue: 1)
        static let foreign = Marks(rawValue: 2)
        static let denied = Marks(rawValue: 4)
        static let pull = Marks(rawValue: 32)
        static let push = Marks(rawValue: 64)
        static let lambda = Marks(rawValue: 128)
        static let access: Marks = [.pull, .push, .lambda]
    }

    /// By consumer as a matrix spells it; `*` is everyone, other principals keep the document's words.
    private(set) var marks: [String: Marks] = [:]

    /// Reads a document; nil and texts that are not policies name nobody.
    init(_ text: String?, sidPrefix: String) {
        guard let text, let document = try? JSONValue(parsing: text), let statement = document.object?["Statement"]
        else {
            return
        }
        for statement in statement.array ?? [statement] {
            guard let members = statement.object else { continue }
            read(members, isManaged: GrantShape.isManaged(sid: members["Sid"]?.string, prefix: sidPrefix))
        }
    }

    private mutating func read(_ statement: JSONObject, isManaged: Bool) {
        var access = PolicyReach.access(of: statement)
        let isDeny = statement["Effect"]?.string == "Deny"
        let consumers = PolicyReach.consumers(of: statement)
        if consumers.isLambda { access = [.lambda] }
        if isDeny {
            // A denial of what nobody shares, such as deleting images, does not concern the consumers.
            guard !access.isEmpty else { return }
            for name in consumers.names { marks[name, default: []].insert(.denied) }
        } else {
            for name in consumers.names {
                marks[name, default: []].formUnion([isManaged ? .managed : .foreign, access])
            }
        }
    }

    private static func access(of statement: JSONObject) -> Marks {
        guard let actions = statement["Action"]?.texts else { return .push }
        var access: Marks = []
        for action in actions {
            switch action.lowercased() {
            case "*", "ecr:*": access.formUnion([.pull, .push])
            case "ecr:batchgetimage", "ecr:getdownloadurlforlayer", "ecr:batch*", "ecr:get*": access.insert(.pull)
            case "ecr:putimage", "ecr:put*": access.insert(.push)
            default: break
            }
        }
        // Who may push may pull; one word says it.
        if access.contains(.push) { access.remove(.pull) }
        return access
    }

    private static func consumers(of statement: JSONObject) -> (names: [String], isLambda: Bool) {
        guard let principal = statement["Principal"] else { return (["*"], false) }
        var names: [String] = []
        var isLambda = false
        if principal.string == "*" { names.append("*") }
        for (kind, value) in principal.object ?? [:] {
            for name in value.texts ?? [] {
                switch kind {
                case "AWS": names.append(consumer(name))
                case "Service" where name == "lambda.amazonaws.com":
                    isLambda = true
                    let accounts = conditionValues(statement, "aws:sourcearn").compactMap(functionAccount)
                    names += accounts.isEmpty ? ["service " + name] : accounts
                default: names.append(kind.lowercased() + " " + name)
                }
            }
        }
        if names.contains("*") {
            let organizations =
                conditionValues(statement, "aws:principalorgid") + conditionValues(statement, "aws:principalorgpaths")
            if !organizations.isEmpty { names = names.filter { $0 != "*" } + organizations }
        }
        return (names, isLambda)
    }

    /// An account's root ARN as the bare account id, anything else as it is.
    private static func consumer(_ principal: String) -> String {
        let fields = principal.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 6, fields[0] == "arn", fields[5] == "root" else { return principal }
        return String(fields[4])
    }

    private static func functionAccount(_ arn: String) -> String? {
        let fields = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count >= 6, fields[2] == "lambda", AccountID(fields[4]) != nil else { return nil }
        return String(fields[4])
    }

    /// The values of a condition key, whatever the operator. Keys are compared without case, as AWS does.
    private static func conditionValues(_ statement: JSONObject, _ key: String) -> [String] {
        var values: [String] = []
        for (_, keys) in statement["Condition"]?.object ?? [:] {
            for (name, value) in keys.object ?? [:] where name.lowercased() == key { values += value.texts ?? [] }
        }
        return values
    }
}

extension JSONValue {
    /// The strings of a list, or the one string; nil for anything else.
    fileprivate var texts: [String]? {
        string.map { [$0] } ?? array.map { $0.compactMap(\.string) }
    }
}
