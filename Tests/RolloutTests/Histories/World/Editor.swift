import OrderedCollections
import OrderedJSON
import SharePlan
import TestSupport

/// Edits that people and other programs make to a policy.
enum Editor {
    private static let accounts = ["444455556666", "555566667777", "666677778888", "777788889999"]

    /// A policy that is there before the history begins.
    static func start(_ dice: inout Dice) -> String {
        var text = add(to: nil, foreign(&dice))
        while dice.percent(40) { text = add(to: text, foreign(&dice)) }
        return text
    }

    /// One edit: what it is, and how it changes a policy.
    static func edit(_ dice: inout Dice, prefixes: [String]) -> (what: String, change: (String?) -> String?) {
        let prefix = dice.pick(prefixes)
        let number = dice.below(1000)
        let statement = foreign(&dice)
        let account = dice.pick(accounts)
        switch dice.below(100) {
        case ..<30: return ("adds \(name(statement))", { add(to: $0, statement) })
        case ..<42:
            return (
                "changes a foreign statement",
                { text in
                    change(text, prefixes, managed: false, number) { members in
                        members["Principal"] = ["AWS": [.string(account)]]
                    }
                }
            )
        case ..<52: return ("removes a foreign statement", { remove(from: $0, prefixes, managed: false, number) })
        case ..<64: return ("removes a statement of \(prefix)", { remove(from: $0, [prefix], managed: true, number) })
        case ..<72:
            return (
                "adds \(account) to a statement of \(prefix)",
                { text in
                    change(text, [prefix], managed: true, number) { members in
                        guard var names = members["Principal"]?.object?["AWS"]?.array else { return }
                        names.append(.string("arn:aws:iam::\(account):root"))
                        members["Principal"] = ["AWS": .array(names)]
                    }
                }
            )
        case ..<78:
            return (
                "takes a principal from a statement of \(prefix)",
                { text in
                    change(text, [prefix], managed: true, number) { members in
                        guard var names = members["Principal"]?.object?["AWS"]?.array, names.count > 1 else { return }
                        names.removeLast()
                        members["Principal"] = ["AWS": .array(names)]
                    }
                }
            )
        case ..<84:
            return (
                "adds an action to a statement of \(prefix)",
                { text in
                    change(text, [prefix], managed: true, number) { members in
                        guard let actions = members["Action"]?.array else { return }
                        members["Action"] = .array(actions + ["ecr:ListImages"])
                    }
                }
            )
        case ..<90: return ("deletes the policy", { _ in nil })
        case ..<95: return ("replaces the policy by \(name(statement))", { _ in add(to: nil, statement) })
        default:
            let grant = guide(prefix + "AllowPull", account)
            return (
                "writes \(name(grant)) for \(account)",
                { text in
                    add(to: remove(from: text, [prefix], managed: true, 0), grant)
                }
            )
        }
    }

    // MARK: Statements

    private static func name(_ statement: JSONValue) -> String { statement.object?["Sid"]?.string ?? "a statement" }

    private static func foreign(_ dice: inout Dice) -> JSONValue {
        let account = dice.pick(accounts)
        switch dice.below(6) {
        case 0: return guide("AllowPull", account)
        case 1:
            return [
                "Sid": .string("Deny\(dice.below(100))"), "Effect": "Deny", "Principal": ["AWS": .string(account)],
                "Action": "ecr:PutImage",
            ]
        case 2:
            return [
                "Effect": "Allow", "Principal": ["Service": "codebuild.amazonaws.com"], "Action": ["ecr:BatchGetImage"],
                "Condition": ["StringEquals": ["aws:SourceAccount": .string(account)]],
            ]
        default:
            return [
                "Sid": .string("Foreign\(dice.below(1000))"), "Effect": "Allow",
                "Principal": ["AWS": [.string(account)]],
                "Action": ["ecr:DescribeImages"],
            ]
        }
    }

    private static func guide(_ sid: String, _ account: String) -> JSONValue {
        [
            "Sid": .string(sid), "Effect": "Allow", "Principal": ["AWS": [.string("arn:aws:iam::\(account):root")]],
            "Action": .array(PolicyModel.pullActions.map(JSONValue.string)),
        ]
    }

    // MARK: Changing a policy

    private static func statements(_ text: String?) -> [JSONValue] {
        text.flatMap { (try? JSONValue(parsing: $0))?.object?["Statement"]?.array } ?? []
    }

    private static func policy(_ statements: [JSONValue]) -> String? {
        statements.isEmpty
            ? nil : JSONValue.object(["Version": "2008-10-17", "Statement": .array(statements)]).minified
    }

    private static func add(to text: String?, _ statement: JSONValue) -> String {
        policy(statements(text) + [statement]) ?? ""
    }

    private static func isManaged(_ statement: JSONValue, _ prefixes: [String]) -> Bool {
        guard let sid = statement.object?["Sid"]?.string else { return false }
        return prefixes.contains { sid.hasPrefix($0) && PolicyModel.suffixes.contains(String(sid.dropFirst($0.count))) }
    }

    private static func chosen(_ all: [JSONValue], _ prefixes: [String], _ managed: Bool, _ number: Int) -> Int? {
        let indices = all.indices.filter { isManaged(all[$0], prefixes) == managed }
        return indices.isEmpty ? nil : indices[number % indices.count]
    }

    private static func remove(from text: String?, _ prefixes: [String], managed: Bool, _ number: Int) -> String? {
        var all = statements(text)
        guard let index = chosen(all, prefixes, managed, number) else { return text }
        all.remove(at: index)
        return policy(all)
    }

    private static func change(
        _ text: String?, _ prefixes: [String], managed: Bool, _ number: Int, _ body: (inout JSONObject) -> Void
    ) -> String? {
        var all = statements(text)
        guard let index = chosen(all, prefixes, managed, number), var members = all[index].object else { return text }
        body(&members)
        all[index] = .object(members)
        return policy(all)
    }
}
