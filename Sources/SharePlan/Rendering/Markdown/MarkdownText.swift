extension String {
    /// The text as a code span on one line, where GitHub expands nothing: no tags, mentions, issue numbers or links.
    ///
    /// Source: https://spec.commonmark.org/0.31.2/#code-spans
    package var markdownCode: String {
        let text = visible()
        guard !text.isEmpty else { return "" }
        let fence = String(repeating: "`", count: text.longestRun(of: "`") + 1)
        let edges = [text.first, text.last]
        let padding = edges.contains("`") || edges.contains(" ") ? " " : ""
        return fence + padding + text + padding + fence
    }

    /// The text, or its start with a count of what was cut off.
    func clipped(to characters: Int) -> String {
        guard unicodeScalars.count > characters else { return self }
        var start = String.UnicodeScalarView()
        start.append(contentsOf: unicodeScalars.prefix(characters))
        return String(start) + "… (\((unicodeScalars.count - characters).grouped) characters more)"
    }

    /// The length of the longest unbroken row of `character`.
    func longestRun(of character: Character) -> Int {
        split { $0 != character }.map(\.count).max() ?? 0
    }
}
