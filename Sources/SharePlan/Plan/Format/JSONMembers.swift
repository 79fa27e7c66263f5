package import AWSValues
import OrderedCollections
package import OrderedJSON

/// The members of an object of ours, taken one by one in the order in which we write them.
///
/// A member that is missing, unknown or elsewhere is an error: a file that was not written by this program, or by
/// another version of it, is better refused than half understood.
package struct JSONMembers {
    /// What is wrong with a member, for a person.
    package struct Mismatch: Error, Hashable, Sendable {
        package let reason: String
        /// The version of the whole text, where that is what is wrong.
        package let version: Int?

        package init(reason: String, version: Int? = nil) {
            self.reason = reason
            self.version = version
        }
    }

    private let members: JSONObject
    private var next = 0

    package init(_ value: JSONValue) throws(Mismatch) {
        guard let members = value.object else { throw Mismatch(reason: "expected an object") }
        self.members = members
    }

    /// Reads one line of JSON, without its newline.
    package init(parsing bytes: ArraySlice<UInt8>) throws(Mismatch) {
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch { throw Mismatch(reason: error.description) }
        try self.init(value)
    }

    /// The value of the next member, which must be `name`.
    package mutating func value(_ name: String) throws(Mismatch) -> JSONValue {
        guard next < members.count else { throw Mismatch(reason: "\"\(name)\" is missing") }
        let member = members.elements[next]
        guard member.key == name else {
            throw Mismatch(reason: "expected \"\(name)\", found \"\(member.key)\"")
        }
        next += 1
        return member.value
    }

    /// Whether the next member is `name`.
    package func has(_ name: String) -> Bool {
        next < members.count && members.elements[next].key == name
    }

    package mutating func string(_ name: String) throws(Mismatch) -> String {
        guard let text = try value(name).string else { throw Mismatch(reason: "\"\(name)\" must be a string") }
        return text
    }

    package mutating func optionalString(_ name: String) throws(Mismatch) -> String? {
        switch try value(name) {
        case .null: return nil
        case .string(let text): return text
        default: throw Mismatch(reason: "\"\(name)\" must be a string or null")
        }
    }

    package mutating func integer(_ name: String) throws(Mismatch) -> Int {
        guard let number = try value(name).integer else { throw Mismatch(reason: "\"\(name)\" must be an integer") }
        return number
    }

    package mutating func array(_ name: String) throws(Mismatch) -> [JSONValue] {
        guard let elements = try value(name).array else { throw Mismatch(reason: "\"\(name)\" must be an array") }
        return elements
    }

    package mutating func strings(_ name: String) throws(Mismatch) -> [String] {
        try array(name).map { element throws(Mismatch) in
            guard let text = element.string else { throw Mismatch(reason: "\"\(name)\" must contain only strings") }
            return text
        }
    }

    /// The string of the next member as `Value`, by a failable initialiser such as `AccountID.init`.
    package mutating func parsed<Value>(_ name: String, _ parse: (String) -> Value?) throws(Mismatch) -> Value {
        let text = try string(name)
        guard let value = parse(text) else {
            throw Mismatch(reason: "\"\(name)\" cannot be \(JSONValue.string(text).minified)")
        }
        return value
    }

    /// The next member, an object of which `read` takes every member.
    package mutating func object<Value>(
        _ name: String, _ read: (inout JSONMembers) throws(Mismatch) -> Value
    ) throws(Mismatch) -> Value {
        try JSONMembers.whole(try value(name), read)
    }

    /// The next member, an array of such objects.
    package mutating func array<Element>(
        _ name: String, _ read: (inout JSONMembers) throws(Mismatch) -> Element
    ) throws(Mismatch) -> [Element] {
        try array(name).map { element throws(Mismatch) in try JSONMembers.whole(element, read) }
    }

    /// What `read` makes of an object, of which it takes every member.
    package static func whole<Value>(
        _ value: JSONValue, _ read: (inout JSONMembers) throws(Mismatch) -> Value
    ) throws(Mismatch) -> Value {
        var members = try JSONMembers(value)
        let result = try read(&members)
        try members.end()
        return result
    }

    /// The next member as a repository, in the form `{"account":…,"region":…,"name":…}`.
    package mutating func repository(_ name: String) throws(Mismatch) -> RepositoryID {
        try object(name) { members throws(Mismatch) in
            let registry = try members.registry()
            return RepositoryID(registry: registry, name: try members.parsed("name") { RepositoryName($0) })
        }
    }

    /// The next member as a registry, in the form `{"account":…,"region":…}`.
    package mutating func registry(_ name: String) throws(Mismatch) -> Registry {
        try object(name) { members throws(Mismatch) in try members.registry() }
    }

    private mutating func registry() throws(Mismatch) -> Registry {
        let account = try parsed("account") { AccountID($0) }
        return Registry(account: account, region: try parsed("region") { Region($0) })
    }

    /// Throws unless every member was taken.
    package func end() throws(Mismatch) {
        guard next == members.count else {
            throw Mismatch(reason: "unexpected \"\(members.elements[next].key)\"")
        }
    }
}
