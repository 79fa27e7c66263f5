package import OrderedJSON
package import SharePlan

extension Policy: ExpressibleByStringInterpolation {
    package convenience init(stringLiteral text: String) { self.init(text) }

    /// One text in several literals.
    package static func + (left: Policy, right: Policy) -> Policy { Policy(left.text + right.text) }

    /// Whether the text has another one in it.
    package func contains(_ other: String) -> Bool { text.contains(other) }

    /// The policy with another text in place of each occurrence of one.
    package func replacing(_ old: String, with new: String) -> Policy { Policy(text.replacing(old, with: new)) }
}

extension PolicyDocument {
    /// What a policy says.
    package init(parsing policy: Policy) throws { self = try policy.document }
}

extension JSONValue {
    /// What a policy's text holds.
    package init(parsing policy: Policy) throws { try self.init(parsing: policy.text) }
}
