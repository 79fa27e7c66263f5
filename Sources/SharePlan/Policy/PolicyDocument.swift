import OrderedCollections
package import OrderedJSON

/// An ECR repository policy, read so that everything in it can be written back.
///
/// Members that this program does not know, their order and the text of numbers are kept. `Statement` may be one object
/// or a list when read; it is written as a list.
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
package struct PolicyDocument: Hashable, Sendable {
    /// The statements in their order.
    package var statements: [PolicyStatement]
    /// All members in their order; the value of `Statement` is a placeholder.
    private var members: JSONObject

    private static let statementKey = "Statement"

    /// The document that a repository gets when it had none, in the version that the guides and ECR's console use.
    package init(statements: [PolicyStatement] = []) {
        self.members = ["Version": "2008-10-17", PolicyDocument.statementKey: []]
        self.statements = statements
    }

    /// What the value of a policy's text says.
    init(_ value: JSONValue) throws(PolicyError) {
        guard case .object(var members) = value else { throw .notADocument("it is not a JSON object") }
        let statements: [JSONValue]
        switch members[PolicyDocument.statementKey] {
        case .array(let list): statements = list
        case .object(let single): statements = [.object(single)]
        case nil: throw .notADocument("it has no Statement")
        default: throw .notADocument("its Statement is neither a list nor an object")
        }
        self.statements = try statements.map { element throws(PolicyError) in
            guard let members = element.object else { throw .notADocument("one of its statements is not an object") }
            return PolicyStatement(members)
        }
        members[PolicyDocument.statementKey] = []
        self.members = members
    }

    /// The document as it is sent: on one line, without white space.
    package var text: String {
        var complete = members
        complete[PolicyDocument.statementKey] = .array(statements.map { .object($0.members) })
        return JSONValue.object(complete).minified
    }

    /// The members beside `Statement`, in their order: `Version`, `Id` and whatever else is there.
    package var otherMembers: JSONObject {
        var others = members
        others[PolicyDocument.statementKey] = nil
        return others
    }
}

/// One statement of a policy, whoever wrote it.
package struct PolicyStatement: Hashable, Sendable {
    package let members: JSONObject

    package init(_ members: JSONObject) {
        self.members = members
    }

    /// The statement's id; nil when it has none. ECR takes equal ones, empty ones and ones with spaces.
    package var sid: String? { members["Sid"]?.string }

    /// Whether the statement is ours to change: its Sid is exactly `prefix` and one of the names in ``GrantShape``.
    package func isManaged(prefix: String) -> Bool {
        GrantShape.isManaged(sid: sid, prefix: prefix)
    }
}

/// Why a text is not a policy document.
package enum PolicyError: Error, Hashable, Sendable, CustomStringConvertible {
    case notJSON(JSONError)
    case notADocument(String)

    package var description: String {
        switch self {
        case .notJSON(let error): "the policy is \(error)"
        case .notADocument(let reason): "the policy is not a policy document: \(reason)"
        }
    }
}
