package import OrderedCollections

/// A JSON value that comes back as it was: members keep their order, numbers keep their text.
///
/// Policies hold other people's statements, which must survive untouched whatever they contain. Equality is exact,
/// order of members included; equality *in meaning* belongs to whoever knows what the value means.
/// Source: RFC 8259, https://www.rfc-editor.org/rfc/rfc8259
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// The number's text, since `1.0` and `1` differ for a reader and a `Double` would round long ids.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

/// The members of a JSON object in their order. Names are unique.
package typealias JSONObject = OrderedDictionary<String, JSONValue>

extension JSONValue {
    /// The value of a member, or nil when there is none, it is null, or this is not an object.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self, let value = members[name], value != .null else { return nil }
        return value
    }

    /// The string, or nil for any other kind.
    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The elements, or nil for any other kind.
    package var array: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members, or nil for any other kind.
    package var object: JSONObject? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// The number as an integer, or nil when it is none or does not fit.
    package var integer: Int? {
        guard case .number(let text) = self else { return nil }
        return Int(text)
    }

    /// The number, rounded to the nearest that a `Double` has, or nil for any other kind.
    package var number: Double? {
        guard case .number(let text) = self else { return nil }
        return Double(text)
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    package init(stringLiteral text: String) {
        self = .string(text)
    }

    package init(arrayLiteral elements: JSONValue...) {
        self = .array(elements)
    }

    package init(dictionaryLiteral members: (String, JSONValue)...) {
        self = .object(JSONObject(uniqueKeysWithValues: members))
    }

    /// An object of these members, whose names are unique, in this order.
    package init(members: [(String, JSONValue)]) {
        self = .object(JSONObject(uniqueKeysWithValues: members))
    }

    package init(_ number: Int) {
        self = .number(String(number))
    }

    /// The text, or `null` for nil.
    package init(_ text: String?) {
        self = text.map(JSONValue.string) ?? .null
    }
}
