import AWSValues
import OrderedCollections

/// The sections of a plan's Markdown form, as far as they fit.
struct MarkdownPage: Sendable {
    /// Bytes kept free for each section's count of what is not shown.
    private static let reserve = 1_280
    /// The most characters of one reason or message.
    private static let longestText = 600
    /// The most consumers that one sentence names, and bytes of names that one group shows.
    private static let (mostConsumers, mostNames) = (400, 6_000)
    /// Above this many, a sentence's consumers are folded away.
    private static let fewConsumers = 12
    /// Names this short are in the line; longer ones are folded away.
    private static let shortNames = 100

    /// The most bytes of the page.
    var limit: Int
    var text = ""
    /// Whether there was room for all that is said of repositories, their documents aside.
    private(set) var isComplete = true

    init(limit: Int) {
        self.limit = limit
    }

    /// `losesFirst`: whether the losses are the first section.
    mutating func title(
        _ header: PlanHeader, _ summary: PlanSummary, digest: String, planFile: String?, losesFirst: Bool
    ) {
        let apply = "ecr-share apply --plan \(planFile?.shellQuoted ?? "FILE") --expect \(digest)"
        text = """
            <!-- ecr-share plan -->
            ### ECR sharing plan

            **\(summary.sentence(header.operation))**

            \(header.sentence.clipped(to: MarkdownPage.longestText).markdownCode)

            """
        guard summary.changes > 0 else { return }
        text += """

            To apply exactly this plan: \(apply.clipped(to: 1_000).markdownCode)

            """
        guard summary.grantsRemoved > 0 else { return }
        text += """

            > [!CAUTION]
            > **\(summary.takenAway), listed \(losesFirst ? "first" : "below").**

            """
    }

    /// `room`: how many bytes to leave for other sections.
    mutating func groups(_ title: String, _ groups: [PlanGroups.Group], leaving room: Int = 0) {
        limit -= room
        isComplete = section(title, groups.map { (item($0), $0.repositories.count, "") }) && isComplete
        limit += room
    }

    mutating func notes(_ title: String, _ notes: [PlanNotes.Note]) {
        isComplete = section(title, notes.map { (item($0), $0.repositories.count, $0.kind) }) && isComplete
    }

    mutating func size(_ largest: (repository: RepositoryID, size: Int)?) {
        guard let largest, largest.size * 5 > PolicyTooLarge.hardLimit * 4 else { return }
        let line =
            "\nLargest policy: **\(largest.size.grouped)** of \(PolicyTooLarge.hardLimit.grouped) characters in "
            + largest.repository.description.markdownCode + "\n"
        if text.utf8.count + line.utf8.count + MarkdownPage.reserve <= limit { text += line }
    }

    mutating func statements(_ changes: StatementChanges, leftOut: Int) {
        let items = changes.groups.map { difference, group in
            (statement(difference, group), group.repositories.count, "")
        }
        section("Statements", items, leftOut: leftOut)
    }

    /// Adds the items that fit, in order, and counts the repositories of the others, by kind where items have one.
    /// Returns whether all fit.
    @discardableResult
    private mutating func section(
        _ title: String, _ items: [(text: String, repositories: Int, kind: String)], leftOut: Int = 0
    ) -> Bool {
        guard !items.isEmpty else { return true }
        text += "\n#### \(title)\n\n"
        var hidden = leftOut
        var kinds: OrderedDictionary<String, Int> = [:]
        var isFull = false
        for item in items {
            isFull = isFull || text.utf8.count + item.text.utf8.count + MarkdownPage.reserve > limit
            guard isFull else {
                text += item.text
                continue
            }
            hidden += item.repositories
            if !item.kind.isEmpty { kinds[item.kind, default: 0] += item.repositories }
        }
        if hidden > 0 {
            let parts = kinds.map { "\($1.grouped) \($0)" }.joined(separator: ", ")
            text +=
                "\n*Not shown for lack of room: \(hidden.repositories)\(parts.isEmpty ? "" : " (\(parts))"). "
                + "The plan file and the HTML form have all.*\n"
        }
        return !isFull
    }

    private func item(_ group: PlanGroups.Group) -> String {
        let clauses = group.clauses
        let names = names(of: group.repositories)
        var line = "- " + place(of: group.repositories) + names.inLine
        if let reason = group.sharedReason { line += " (\(code(reason)))" }
        line += ":"
        if group.difference.isEmpty, clauses.isEmpty { line += " nobody gains or loses access" }
        let sentences = clauses.map(sentence)
        if sentences.count == 1 { line += " " + sentences[0].inLine }
        if group.deleted > 0 {
            line += "\(line.hasSuffix(":") ? "" : ";") **\(group.deleted.counting("policy", "policies")) deleted**"
        }
        line += "\n"
        if sentences.count > 1 { line += sentences.map { "  - \($0.inLine)\n" }.joined() }
        return line + sentences.map(\.below).joined() + names.below
    }

    private func item(_ note: PlanNotes.Note) -> String {
        let names = names(of: note.repositories)
        var place = place(of: note.repositories)
        if !note.registries.isEmpty {
            let registries = note.registries.folded.clipped(to: MarkdownPage.longestText).markdownCode
            place = registries + (note.repositories.count > 0 ? ", with \(place)" : "")
        }
        var line = "- \(place)\(names.inLine): \(code(note.message))"
        if let code = note.code { line += " (\(self.code(code)))" }
        if let request = note.request { line += ", \(self.code(request))" }
        return line + "\n" + names.below
    }

    /// Text of an item: what is in its line, and what is folded away below it.
    private struct Part {
        var inLine: String
        var below = ""
    }

    private func statement(_ difference: LineDifference, _ group: StatementChanges.Group) -> String {
        let repositories = group.repositories
        let size = group.sizeSentence.map { ": \($0)" } ?? ""
        let lines = difference.lines.map { $0.marked.visible() }
        let run = lines.map { $0.longestRun(of: "`") }.max() ?? 0
        let fence = String(repeating: "`", count: max(3, run + 1))
        return """
            <details><summary>\(repositories.single?.description ?? plainPlace(of: repositories))\(size)</summary>

            \(repositories.single == nil ? namesInCode(repositories) + "\n\n" : "")\(fence)diff
            \(lines.joined(separator: "\n"))
            \(fence)

            </details>

            """
    }

    /// How many and where, harmless in HTML.
    private func plainPlace(of repositories: RepositorySet) -> String {
        guard let fold = repositories.folds.first, fold.count == repositories.count, fold.place.utf8.count < 400 else {
            return repositories.count.repositories
        }
        return "\(repositories.count.repositories) in \(fold.place)"
    }

    private func place(of repositories: RepositorySet) -> String {
        if let single = repositories.single { return single.description.markdownCode }
        if let fold = repositories.folds.first, fold.count == repositories.count, fold.place.utf8.count < 400 {
            return "**\(repositories.count.repositories)** in \(fold.place.markdownCode)"
        }
        let registries = repositories.registries.count.counting("registry", "registries")
        return "**\(repositories.count.repositories)** in \(registries)"
    }

    private func sentence(_ clause: AccessClause) -> Part {
        var named = clause.names.prefix(MarkdownPage.mostConsumers).map(\.markdownCode)
        let hidden = clause.names.count - named.count
        if hidden > 0 { named.append("\(hidden.grouped) more") }
        let reason = clause.reason.isEmpty ? "" : " (\(code(clause.reason)))"
        let mark = clause.isLoss ? "**" : ""
        let access = clause.pieces.map { $0.isQuoted ? code($0.text) : $0.text }.joined()
        let verb = " \(mark)\(clause.verb) \(access)\(mark)\(reason)"
        guard clause.names.count > MarkdownPage.fewConsumers else { return Part(inLine: named.inWords + verb) }
        let subject = clause.names.count.grouped + " " + clause.noun
        return Part(
            inLine: subject + verb,
            below: details("\(subject) that \(clause.summary)", named.inWords, isOpen: clause.isLoss))
    }

    private func names(of repositories: RepositorySet) -> Part {
        guard repositories.count > 1 else { return Part(inLine: "") }
        let names = namesInCode(repositories)
        if names.utf8.count <= MarkdownPage.shortNames { return Part(inLine: ", " + names) }
        return Part(inLine: "", below: details(repositories.count.repositories, names))
    }

    /// A part of an item that is folded away. `summary` must be harmless in HTML.
    private func details(_ summary: String, _ text: String, isOpen: Bool = false) -> String {
        """
          <details\(isOpen ? " open" : "")><summary>\(summary)</summary>

          \(text)

          </details>

        """
    }

    private func namesInCode(_ repositories: RepositorySet) -> String {
        var parts: [String] = []
        var room = MarkdownPage.mostNames
        var hidden = 0
        let folds = repositories.folds
        for fold in folds {
            guard room > 0 else {
                hidden += fold.count
                continue
            }
            let (pieces, left) = FoldedNames(fold.names, ellipsis: "…").prefix(characters: room, ellipsis: "…")
            let place = folds.count == 1 ? "" : fold.place + ": "
            let each = fold.registries.count > 1 ? " in each" : ""
            let part = (place + FoldedNames.text(of: pieces)).markdownCode + each
            room -= part.utf8.count
            hidden += left * fold.registries.count
            parts.append(part)
        }
        if hidden > 0 { parts.append("and \(hidden.grouped) more") }
        return parts.joined(separator: ", ")
    }

    private func code(_ text: String) -> String {
        text.clipped(to: MarkdownPage.longestText).markdownCode
    }
}

extension PlanNotes.Note {
    /// What a warning is about, behind a number of repositories; empty for a problem.
    fileprivate var kind: String {
        if code != nil { return "" }
        if StatementWarning.tellsOfOpenAccess(message) { return "open to others" }
        return StatementWarning.tellsOfDenial(message) ? "with denied grants" : "with other warnings"
    }
}
