/// A policy document as the judge has it: values, from which the text is printed that the program reads.
struct JudgedDocument {
    var version: String?
    var statements: [JudgedStatement]

    /// Whether `${…}` is a variable in it.
    /// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
    var hasVariables: Bool { version == "2012-10-17" }

    /// The same with every statement for everybody.
    var forEverybody: JudgedDocument {
        var document = self
        for place in document.statements.indices {
            document.statements[place].principals = .star
            document.statements[place].isNotPrincipal = false
        }
        return document
    }

    /// The identity providers that it names as principals.
    var providers: [String] {
        statements.flatMap { statement -> [String] in
            guard case .named(let kinds) = statement.principals else { return [] }
            return kinds.filter { $0.kind == "Federated" }.flatMap(\.names)
        }
    }

    var text: String {
        let version = version.map { "\"Version\":\"\($0)\"," } ?? ""
        return "{\(version)\"Statement\":[\(statements.map(\.text).joined(separator: ","))]}"
    }
}

struct JudgedStatement {
    enum Principals {
        case star
        /// By the kinds AWS, Service, Federated and CanonicalUser.
        case named([(kind: String, names: [String])])
    }

    var sid: String?
    var allows: Bool
    var principals: Principals
    var isNotPrincipal = false
    var actions: [String]
    var isNotAction = false
    var conditions: [JudgedCondition] = []

    var text: String {
        var members = ["\"Effect\":\"\(allows ? "Allow" : "Deny")\""]
        if let sid { members.insert("\"Sid\":\"\(sid)\"", at: 0) }
        let named =
            switch principals {
            case .star: "\"*\""
            case .named(let kinds):
                "{\(kinds.map { "\"\($0.kind)\":\(list($0.names))" }.joined(separator: ","))}"
            }
        members.append("\"\(isNotPrincipal ? "NotPrincipal" : "Principal")\":\(named)")
        members.append("\"\(isNotAction ? "NotAction" : "Action")\":\(list(actions))")
        if !conditions.isEmpty {
            var operators: [(name: String, keys: [String])] = []
            for condition in conditions {
                let key = "\"\(condition.key)\":\(list(condition.values))"
                if let index = operators.firstIndex(where: { $0.name == condition.operatorName }) {
                    operators[index].keys.append(key)
                } else {
                    operators.append((condition.operatorName, [key]))
                }
            }
            let blocks = operators.map { "\"\($0.name)\":{\($0.keys.joined(separator: ","))}" }
            members.append("\"Condition\":{\(blocks.joined(separator: ","))}")
        }
        return "{\(members.joined(separator: ","))}"
    }
}

struct JudgedCondition {
    var operatorName: String
    var key: String
    var values: [String]
}

/// A list of one may be written without brackets.
private func list(_ values: [String]) -> String {
    let texts = values.map { "\"\($0)\"" }
    return texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ","))]"
}
