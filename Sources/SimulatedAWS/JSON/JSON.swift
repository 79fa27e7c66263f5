package import OrderedCollections

/// A JSON value that keeps the order of members and the text of numbers.
///
/// It is written apart from the program's own JSON, so that a mistake there is not repeated by its judge.
/// Source: RFC 8259, https://www.rfc-editor.org/rfc/rfc8259
package enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    /// The number as it was written.
    case number(String)
    case string(String)
    case array([JSON])
    case object(OrderedDictionary<String, JSON>)
}

extension JSON {
    /// The text of a string, else nil.
    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The elements of an array, else nil.
    package var array: [JSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members of an object, else nil.
    package var object: OrderedDictionary<String, JSON>? {
        if case .object(let members) = self { members } else { nil }
    }

    /// The integer that a number spells, else nil.
    package var integer: Int? {
        if case .number(let text) = self { Int(text) } else { nil }
    }

    /// What `change` makes of each element of an array, or of the value itself where it stands for a list of one. Nil
    /// when it makes nothing of one of them.
    func mapEach(_ change: (JSON) -> JSON?) -> JSON? {
        guard let elements = array else { return change(self) }
        let changed = elements.map(change)
        return changed.contains(nil) ? nil : .array(changed.compactMap(\.self))
    }

    /// A member of an object; nil for a missing member and for anything that is not an object.
    package subscript(name: String) -> JSON? {
        object?[name]
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral text: String) { self = .string(text) }
    package init(integerLiteral number: Int) { self = .number(String(number)) }
    package init(booleanLiteral flag: Bool) { self = .bool(flag) }
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    package init(dictionaryLiteral members: (String, JSON)...) {
        self = .object(OrderedDictionary(members) { _, last in last })
    }
}
