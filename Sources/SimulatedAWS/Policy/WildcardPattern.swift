/// A pattern in which `*` matches any characters, also none, and `?` exactly one, as in IAM's actions and
/// resources.
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
package struct WildcardPattern: Hashable, Sendable {
    private let pattern: [UInt8]
    private let ignoresCase: Bool

    package init(_ pattern: String, ignoringCase: Bool = false) {
        self.pattern = Array((ignoringCase ? pattern.lowercased() : pattern).utf8)
        self.ignoresCase = ignoringCase
    }

    /// Whether the whole text matches.
    package func matches(_ text: String) -> Bool {
        let text = Array((ignoresCase ? text.lowercased() : text).utf8)
        var (inPattern, inText) = (0, 0)
        // Where the last star is, and where the text that it covers ends for now.
        var star: (inPattern: Int, inText: Int)?
        while inText < text.count {
            if inPattern < pattern.count, pattern[inPattern] == UInt8(ascii: "*") {
                star = (inPattern, inText)
                inPattern += 1
            } else if inPattern < pattern.count,
                pattern[inPattern] == UInt8(ascii: "?") || pattern[inPattern] == text[inText]
            {
                inPattern += 1
                inText += 1
            } else if let last = star {
                star = (last.inPattern, last.inText + 1)
                inPattern = last.inPattern + 1
                inText = last.inText + 1
            } else {
                return false
            }
        }
        return pattern[inPattern...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
