import OrderedCollections
import OrderedJSON

/// A policy document taken apart no further than its statements.
struct PolicyParts: Hashable {
    /// All members but Statement, in their order.
    let members: JSONObject
    /// In their order; a single object counts as a list of one.
    let statements: [JSONValue]

    /// Takes the value of a policy's text apart.
    init(_ json: JSONValue) throws(PolicyError) {
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
