/// A value that is its text: written as it and ordered by it.
package protocol TextValue: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The text that the value was made from.
    var text: String { get }
}

extension TextValue {
    @inlinable package var description: String { text }

    @inlinable
    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}
