extension Int {
    /// The number with a comma between thousands, such as `10,240`.
    package var grouped: String {
        guard magnitude >= 1_000 else { return String(self) }
        return (self / 1_000).grouped + "," + String(magnitude % 1_000 + 1_000).dropFirst()
    }

    /// The number with its noun, such as `1 repository` and `1,200 repositories`; more than one have an `s` at the end
    /// where `many` is not given.
    package func counting(_ one: String, _ many: String? = nil) -> String {
        grouped + " " + (self == 1 ? one : many ?? one + "s")
    }

    /// `1 repository`, `1,200 repositories`.
    package var repositories: String { counting("repository", "repositories") }
}

extension Sequence<String> {
    /// The texts as an English list: `a`, `a and b`, `a, b and c`.
    package var inWords: String {
        let texts = Array(self)
        guard texts.count > 1, let last = texts.last else { return texts.first ?? "" }
        return texts.dropLast().joined(separator: ", ") + " and " + last
    }

    /// The first few texts, and how many more there are: `a, b and 3 more`.
    package func listed(atMost most: Int = 5) -> String {
        let texts = Array(self)
        let rest = texts.count > most ? " and \(texts.count - most) more" : ""
        return texts.prefix(most).joined(separator: ", ") + rest
    }
}
