import AWSValues
import OrderedCollections
import OrderedJSON

/// What the page says of the plan as a whole: its head, its totals and its groups.
struct HTMLSummary {
    /// The most groups or notes of one section that the page lists; the rows have all.
    private static let mostItems = 400
    /// The most characters of names and of consumers that one group lists.
    private static let (mostNames, mostConsumers) = (4_000, 400)
    /// The most places that one group lists.
    private static let mostPlaces = 40

    let header: PlanHeader
    let planFile: String?
    let groups: PlanGroups
    let remainder: RunRemainder?

    func json(summary: PlanSummary, digest: String, parts: inout HTMLParts) -> JSONValue {
        let command = "ecr-share apply --plan \(planFile?.shellQuoted ?? "FILE") --expect \(digest.shellQuoted)"
        let totals = [
            ("create", summary.create), ("update", summary.update), ("delete", summary.delete),
            ("unchanged", summary.unchanged), (summary.problems == 1 ? "problem" : "problems", summary.problems),
        ]
        var about: JSONObject = [
            "title": .string(header.sentence.visible()),
            "createdAt": .string(header.createdAt.visible()),
            "sha256": .string(header.matrix?.sha256.visible() ?? ""),
            "sentence": .string(summary.sentence(header.operation)),
            "totals": HTMLSummary.totals(totals, and: summary),
            "digest": .string(digest.visible()),
            "command": .string(summary.changes > 0 ? command : ""),
            "limit": JSONValue(PolicyTooLarge.hardLimit),
            "sections": .array([
                section("Access taken away", "loss", groups.losing),
                notes(PlanGroups.titleOfProblems, "problem", groups.problems, &parts),
                section("Access given", "gain", groups.gaining),
                notes("Warnings", "warning", groups.warnings, &parts),
                section("Rewritten, access unchanged", "same", groups.rewritten),
            ]),
        ]
        if let remainder { tell(remainder, in: &about, &parts) }
        return .object(about)
    }

    private static func totals(_ counts: [(String, Int)], and summary: PlanSummary) -> JSONValue {
        let (added, removed) = (summary.grantsAdded, summary.grantsRemoved)
        let grants = [
            (added == 1 ? "grant added" : "grants added", added),
            (removed == 1 ? "grant removed" : "grants removed", removed),
        ]
        return .array((counts + grants).map { [.string($0), JSONValue($1)] })
    }

    /// Makes the plan's page the run's: its own head and totals, and what was not done before everything else.
    private func tell(_ remainder: RunRemainder, in about: inout JSONObject, _ parts: inout HTMLParts) {
        let run = remainder.run
        about["heading"] = "ECR sharing run"
        about["title"] = .string(run.title.visible())
        let others = run.nextSteps().dropFirst().map { "; \($0.what.lowercased()): \($0.command)" }.joined()
        about["circumstances"] = .string((run.circumstances + others).visible())
        about["sentence"] = .string(run.sentence)
        about["outcomes"] = .array(RunOutcome.Kind.allCases.map { .string($0.rawValue) })
        let counts = run.counts.parts.map { ($0.outcome.rawValue, $0.count) }
        about["totals"] = HTMLSummary.totals(counts, and: remainder.done)
        about["command"] = .string(run.nextSteps().first?.command ?? "")
        about["commandLabel"] = .string(run.nextSteps().first?.what ?? "")
        let sections = remainder.sections.map { section in
            notes(section.title, section.style == .loss ? "problem" : "undone", section.notes, &parts)
        }
        about["sections"] = .array(sections + (about["sections"]?.array ?? []))
    }

    private func section(_ title: String, _ kind: String, _ groups: [PlanGroups.Group]) -> JSONValue {
        let items = groups.prefix(HTMLSummary.mostItems).map { group -> JSONValue in
            var lines: [JSONValue] = group.clauses.map { [.string($0.tone.rawValue), .string(sentence($0))] }
            if group.difference.isEmpty, lines.isEmpty { lines.append(["same", "nobody gains or loses access"]) }
            if group.deleted > 0 {
                lines.append(["loss", .string(group.deleted.counting("policy is deleted", "policies are deleted"))])
            }
            if let reason = group.sharedReason { lines.append(["reason", .string(reason.visible())]) }
            return HTMLSummary.item("group", [group.id], group.repositories, lines)
        }
        return HTMLSummary.section(
            title, kind, items, hidden: groups.count - items.count,
            count: groups.reduce(0) { $0 + $1.repositories.count })
    }

    private func notes(
        _ title: String, _ kind: String, _ notes: [PlanNotes.Note], _ parts: inout HTMLParts
    ) -> JSONValue {
        HTMLSummary.section(title, kind, notes, &parts) { HTMLParts.note(code: $0.code, $1) }
    }

    /// A section of notes; `text` makes of a note's message the text by which the page finds its rows.
    static func section(
        _ title: String, _ kind: String, _ notes: [PlanNotes.Note], _ parts: inout HTMLParts,
        _ text: (PlanNotes.Note, String) -> String
    ) -> JSONValue {
        var items: [JSONValue] = []
        for note in notes.prefix(HTMLSummary.mostItems) { items.append(item(note, kind, &parts) { text(note, $0) }) }
        return section(title, kind, items, hidden: notes.count - items.count, count: notes.subjects)
    }

    private static func item(
        _ note: PlanNotes.Note, _ kind: String, _ parts: inout HTMLParts, _ text: (String) -> String
    ) -> JSONValue {
        let lines: [JSONValue] = [[.string(kind), .string(text(note.message).visible())]]
        var ids: [Int] = []
        for message in note.messages { ids.append(parts.index(ofText: text(message))) }
        return item("note", ids, note.repositories, with: note.registries, lines)
    }

    /// `count`: the repositories and whole registries that the section is about, those of hidden items too.
    private static func section(
        _ title: String, _ kind: String, _ items: [JSONValue], hidden: Int, count: Int
    ) -> JSONValue {
        [
            "title": .string(title), "kind": .string(kind), "count": JSONValue(count), "items": .array(items),
            "hidden": JSONValue(hidden),
        ]
    }

    /// An item about repositories, perhaps with whole registries.
    private static func item(
        _ kind: String, _ ids: [Int], _ repositories: RepositorySet, with registries: [Registry] = [],
        _ lines: [JSONValue]
    ) -> JSONValue {
        var names = names(of: repositories)
        var item: JSONObject = [
            "kind": .string(kind), "id": JSONValue(ids[0]), "count": JSONValue(repositories.count),
        ]
        if !registries.isEmpty {
            item["registries"] = JSONValue(registries.count)
            names.insert([.string(registries.folded), "the whole registry"], at: 0)
        }
        item["names"] = .array(names)
        item["lines"] = .array(lines)
        if ids.count > 1 { item["ids"] = .array(ids.map { JSONValue($0) }) }
        return .object(item)
    }

    /// Pairs of a place and the names there.
    private static func names(of repositories: RepositorySet) -> [JSONValue] {
        let folds = repositories.folds
        var names = folds.prefix(mostPlaces).map { fold -> JSONValue in
            let (pieces, hidden) = FoldedNames(fold.names, ellipsis: "…").prefix(characters: mostNames, ellipsis: "…")
            let more = hidden > 0 ? " and \(hidden.grouped) more" : ""
            return [.string(fold.place), .string(FoldedNames.text(of: pieces) + more)]
        }
        let others = folds.dropFirst(mostPlaces)
        if !others.isEmpty {
            let registries = others.reduce(0) { $0 + $1.registries.count }
            let count = others.reduce(0) { $0 + $1.count }
            names.append([
                .string("and \(registries.counting("more registry", "more registries"))"), .string(count.repositories),
            ])
        }
        return names
    }

    private func sentence(_ clause: AccessClause) -> String {
        var named = Array(clause.names.prefix(HTMLSummary.mostConsumers))
        let hidden = clause.names.count - named.count
        if hidden > 0 { named.append("\(hidden.grouped) more") }
        let verb = clause.verb.lowercased() + " " + clause.access
        let reason = clause.reason.isEmpty ? "" : " (\(clause.reason.visible()))"
        guard clause.names.count > 3 else { return named.inWords + " " + verb + reason }
        return "\(clause.names.count.grouped) \(clause.noun) \(verb)\(reason): \(named.inWords)"
    }
}

extension [PlanNotes.Note] {
    /// How many repositories and whole registries the notes are about, each once.
    var subjects: Int {
        guard count > 1 else { return reduce(0) { $0 + $1.repositories.count + $1.registries.count } }
        var repositories: Set<RepositoryID> = []
        for note in self {
            for (registry, names) in zip(note.repositories.registries, note.repositories.names) {
                for name in names { repositories.insert(RepositoryID(registry: registry, name: name)) }
            }
        }
        return repositories.count + Set(flatMap(\.registries)).count
    }
}
