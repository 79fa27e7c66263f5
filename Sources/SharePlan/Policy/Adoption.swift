/// Which foreign statements of exactly our shapes become managed ones.
package struct Adoption: Hashable, Sendable {
    /// All but those of another prefix: a Sid with something before one of our names belongs to another team.
    package var unprefixed: Bool
    /// Those whose Sid one of these fits, whatever its prefix.
    package var sids: [SidPattern]
    /// Whether a plan names the statements that could be adopted and are not.
    package var hints: Bool

    /// None at all.
    package static let nothing = Adoption(unprefixed: false)

    package init(unprefixed: Bool, sids: [SidPattern] = [], hints: Bool = true) {
        self.unprefixed = unprefixed
        self.sids = sids
        self.hints = hints
    }

    /// Whether a foreign statement of our shape is adopted.
    func takes(_ statement: PolicyStatement) -> Bool {
        if let sid = statement.sid, sids.contains(where: { $0.matches(sid) }) { return true }
        return unprefixed && statement.otherPrefix == nil
    }
}

/// A Sid or a glob over Sids: `*` matches any characters, `?` one byte. Letter case counts.
package struct SidPattern: Hashable, Sendable, CustomStringConvertible {
    private let text: String

    /// nil for the empty text, which no Sid that can be named has.
    package init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        self.text = text
    }

    package var description: String { text }

    package func matches(_ sid: String) -> Bool { Glob.matches(text, sid) }
}

extension PolicyStatement {
    /// The prefix of a Sid that another user of this program, or of its names, may manage; nil for any other Sid.
    var otherPrefix: String? {
        guard let sid, let prefix = GrantShape.prefix(ofSid: sid), !prefix.isEmpty else { return nil }
        return String(prefix)
    }
}
