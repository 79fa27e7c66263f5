import OrderedCollections
package import OrderedJSON

/// A policy document taken apart no further than its statements.
struct PolicyParts: Hashable {
    /// All members but Statement, in their order.
    let members: JSONObject
    /// In their order; a single object counts as a list of one.
    let statements: [JSONValue]

    init(parsing text: String) throws(PolicyTextError) {
        let json: JSONValue
        do {
            json = try JSONValue(parsing: text)
        } catch {
            throw .notJSON(error)
        }
        guard var members = json.object else { throw .notADocument("it is not an object") }
        switch members.removeValue(forKey: "Statement") {
        case .array(let elements): statements = elements
        case .object(let statement): statements = [.object(statement)]
        case nil: throw .notADocument("it has no Statement")
        default: throw .notADocument("its Statement is neither a list nor an object")
        }
        self.members = members
    }
}

/// Why a text is not a policy document.
package enum PolicyTextError: Error, Hashable, Sendable, CustomStringConvertible {
    case notJSON(JSONError)
    case notADocument(String)

    package var description: String {
        switch self {
        case .notJSON(let error): "the policy is \(error)"
        case .notADocument(let reason): "the policy is not a policy document: \(reason)"
        }
    }
}
