package import AWSValues
import OrderedJSON

/// Who has what in live policies, as the same self-contained page that shows plans: a heat map of repositories and
/// consumers, what somebody should look at, and every document.
///
/// Rows must come sorted by ``RepositoryID``. Equal policies give equal bytes.
package struct HTMLAccessRenderer: Sendable {
    private let title: String
    private var parts: HTMLParts
    private var findings: [HTMLAccessRow.Finding: PlanNotes] = [:]
    private var unread = PlanNotes()
    private var counts: (repositories: Int, policies: Int, unread: Int) = (0, 0, 0)
    private var output = HTMLPage.start

    /// `title` says whose access it is and when it was read.
    package init(title: String, sidPrefix: String) {
        self.title = title
        parts = HTMLParts(sidPrefix: sidPrefix)
    }

    package mutating func add(_ row: HTMLAccessRow) {
        counts.repositories += 1
        if row.policy != nil { counts.policies += 1 }
        parts.addRow(
            .repository(row.repository), .unchanged, cells: parts.cells.index(of: parts.text(of: row.cells)),
            before: parts.documents.index(of: row.policy), size: row.policy?.size ?? 0,
            notes: row.findings.map { HTMLAccessRenderer.note($0.kind, $0.text) })
        for finding in row.findings {
            findings[finding.kind, default: PlanNotes()]
                .add(Problem(repository: row.repository, code: finding.kind.rawValue, message: finding.text))
        }
        writeFullPart()
    }

    /// Adds a repository whose policy could not be read.
    package mutating func addUnread(_ repository: RepositoryID, _ reason: String) {
        counts.unread += 1
        parts.addRow(.repository(repository), .problem, notes: [reason])
        unread.add(Problem(repository: repository, code: "", message: reason))
        writeFullPart()
    }

    /// The text that is ready and was not taken before.
    package mutating func takeOutput() -> String {
        defer { output = "" }
        return output
    }

    /// The rest of the page.
    package mutating func finish() -> String {
        var sections: [JSONValue] = []
        if counts.unread > 0 {
            sections.append(section("Not read", "problem", unread) { $1 })
        }
        var totals: [JSONValue] = [
            [.string(counts.repositories == 1 ? "repository" : "repositories"), JSONValue(counts.repositories)],
            ["with a policy", JSONValue(counts.policies)],
            ["not read", JSONValue(counts.unread)],
        ]
        for kind in HTMLAccessRow.Finding.allCases {
            guard let notes = findings[kind] else { continue }
            let isGrave = kind == .open || kind == .unlisted
            sections.append(
                section(kind.rawValue, isGrave ? "loss" : "warning", notes) {
                    HTMLAccessRenderer.note(kind, $1)
                })
            totals.append([.string(kind.rawValue.lowercased()), JSONValue(notes.problems.subjects)])
        }
        let about: JSONValue = [
            "mode": "access", "heading": "ECR access", "title": .string(title.visible()), "createdAt": "", "sha256": "",
            "sentence": "Nothing stands out.", "totals": .array(totals), "digest": "", "command": "",
            "limit": JSONValue(PolicyTooLarge.hardLimit), "sections": .array(sections),
        ]
        output += HTMLPage.data(parts.takePart(), kind: "part") + HTMLPage.data(about, kind: "about") + HTMLPage.end
        return takeOutput()
    }

    private mutating func section(
        _ title: String, _ kind: String, _ notes: PlanNotes, _ text: (PlanNotes.Note, String) -> String
    ) -> JSONValue {
        HTMLSummary.section(title, kind, notes.problems, &parts, text)
    }

    /// A finding as one text, by which the page finds its rows.
    private static func note(_ kind: HTMLAccessRow.Finding, _ text: String) -> String {
        switch kind {
        case .open, .conditional, .denied: text
        case .unlisted, .missing: "\(text) (\(kind.rawValue.lowercased()))"
        }
    }

    private mutating func writeFullPart() {
        guard parts.isFull else { return }
        output += HTMLPage.data(parts.takePart(), kind: "part")
    }
}
