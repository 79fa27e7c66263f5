import OrderedCollections

/// What is wrong with a seed or fault file, and where in it.
package struct ConfigurationError: Error, Hashable, CustomStringConvertible {
    package let description: String
}

/// The members of one object of a seed or fault file, taken out one by one, so that a misspelt name does not go
/// unnoticed.
struct JSONFields {
    /// Where the object is, as in `organization.units[2]`.
    let path: String
    private var members: OrderedDictionary<String, JSON>

    /// What `read` makes of a whole file, which holds one object; `file` names it in errors.
    static func read<Value>(
        _ text: String, _ file: String, path: String, _ read: (inout JSONFields) throws -> Value
    ) throws -> Value {
        let document: JSON
        do { document = try JSON(parsing: text) } catch { throw ConfigurationError(description: "\(file) is \(error)") }
        return try whole(document, path, read)
    }

    /// What `read` makes of an object. Members that it does not take are refused.
    private static func whole<Value>(
        _ value: JSON, _ path: String, _ read: (inout JSONFields) throws -> Value
    ) throws -> Value {
        guard let members = value.object else { throw ConfigurationError(description: "\(path): must be an object") }
        var fields = JSONFields(path: path, members: members)
        let result = try read(&fields)
        if let name = fields.members.keys.first { throw fields.wrong(name, "is not a known member") }
        return result
    }

    /// Takes a member out; nil when it is absent or null.
    mutating func take(_ name: String) -> JSON? {
        guard let value = members.removeValue(forKey: name), value != .null else { return nil }
        return value
    }

    mutating func string(_ name: String) throws(ConfigurationError) -> String? {
        guard let value = take(name) else { return nil }
        guard let text = value.string else { throw wrong(name, "must be a string") }
        return text
    }

    mutating func required(_ name: String) throws(ConfigurationError) -> String {
        guard let text = try string(name) else { throw wrong(name, "is missing") }
        return text
    }

    /// A list of strings; one string means a list of one, an absent member an empty list.
    mutating func strings(_ name: String) throws(ConfigurationError) -> [String] {
        guard let value = take(name) else { return [] }
        let texts = (value.array ?? [value]).map(\.string)
        guard !texts.contains(nil) else { throw wrong(name, "must be a string or a list of strings") }
        return texts.compactMap(\.self)
    }

    mutating func integer(_ name: String) throws(ConfigurationError) -> Int? {
        guard let value = take(name) else { return nil }
        guard let number = value.integer, number >= 0 else { throw wrong(name, "must be a whole number from 0") }
        return number
    }

    mutating func number(_ name: String) throws(ConfigurationError) -> Double? {
        guard let value = take(name) else { return nil }
        guard case .number(let text) = value, let number = Double(text) else { throw wrong(name, "must be a number") }
        return number
    }

    mutating func flag(_ name: String) throws(ConfigurationError) -> Bool? {
        guard let value = take(name) else { return nil }
        guard case .bool(let flag) = value else { throw wrong(name, "must be true or false") }
        return flag
    }

    /// A list of objects; an absent member is an empty list.
    mutating func objects<Value>(_ name: String, _ read: (inout JSONFields) throws -> Value) throws -> [Value] {
        guard let value = take(name) else { return [] }
        guard let elements = value.array else { throw wrong(name, "must be a list of objects") }
        return try elements.enumerated().map { index, element in
            try JSONFields.whole(element, "\(path).\(name)[\(index)]", read)
        }
    }

    mutating func object<Value>(_ name: String, _ read: (inout JSONFields) throws -> Value) throws -> Value? {
        try take(name).map { try JSONFields.whole($0, "\(path).\(name)", read) }
    }

    func wrong(_ name: String, _ reason: String) -> ConfigurationError {
        ConfigurationError(description: "\(path).\(name): \(reason)")
    }
}
