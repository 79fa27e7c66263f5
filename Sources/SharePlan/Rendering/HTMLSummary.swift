import OrderedCollections

/// What the page says of the plan as a whole: its head, its totals and its groups.
struct HTMLSummary {
    /// The most groups or notes of one section that the page lists; the rows have all.
    private static let mostItems = 400
    /// The most characters of names and of consumers that one group lists.
    private static let (mostNames, mostConsumers) = (4_000, 400)

    let header: PlanHeader
    let planFile: String?
    let groups: PlanGroups
    let limit: Int
    let run: RunRendering?

    func json(summary: PlanSummary, digest: String, parts: inout HTMLParts) -> JSONValue {
        let command = "ecr-share apply --plan \(planFile?.shellQuoted ?? "FILE") --expect \(digest.shellQuoted)"
        var totals: [JSONValue] = []
        for (name, count) in [
            ("create", summary.create), ("update", summary.update), ("delete", summary.delete),
            ("unchanged", summary.unchanged), (summary.problems == 1 ? "problem" : "problems", summary.problems),
            (summary.grantsAdded == 1 ? "grant added" : "grants added", summary.grantsAdded),
            (summary.grantsRemoved == 1 ? "grant removed" : "grants removed", summary.grantsRemoved),
        ] {
            totals.append([.string(name), JSONValue(count)])
        }
        var about: JSONObject = [
            "title": .string(header.sentence.visible()),
            "createdAt": .string(header.createdAt.visible()),
            "sha256": .string(header.matrix?.sha256.visible() ?? ""),
            "sentence": .string(summary.sentence(header.operation)),
            "totals": .array(totals),
            "digest": .string(digest.visible()),
            "command": .string(summary.changes > 0 ? command : ""),
            "limit": JSONValue(limit),
            "sections": .array([
                section("Access taken away", "loss", groups.losing),
                notes(PlanGroups.titleOfProblems, "problem", groups.problems, &parts),
                section("Access given", "gain", groups.gaining),
                notes("Warnings", "warning", groups.warnings, &parts),
                section("Rewritten, access unchanged", "same", groups.rewritten),
            ]),
        ]
        if let run { tell(run, in: &about, &parts) }
        return .object(about)
    }

    /// Makes the plan's page the run's: its own head and totals, and what failed before everything else.
    private func tell(_ run: RunRendering, in about: inout JSONObject, _ parts: inout HTMLParts) {
        about["heading"] = "ECR sharing run"
        about["title"] = .string(run.title.visible())
        let others = run.nextSteps.dropFirst().map { "; \($0.what.lowercased()): \($0.command)" }.joined()
        about["circumstances"] = .string((run.circumstances + others).visible())
        about["sentence"] = .string(run.sentence)
        about["outcomes"] = .array(ChangeOutcome.allCases.map { .string($0.rawValue) })
        let counts = run.counts.parts.map { part -> JSONValue in
            [.string(part.outcome.rawValue), JSONValue(part.count)]
        }
        // The plan counts grants; those done by an incomplete run are not counted.
        let isWhole = run.counts.applied + run.counts.alreadyDone == run.counts.planned
        about["totals"] = .array(counts + (isWhole ? about["totals"]?.array?.suffix(2) ?? [] : []))
        about["command"] = .string(run.nextSteps.first?.command ?? "")
        about["commandLabel"] = .string(run.nextSteps.first?.what ?? "")
        let failed = notes("Not done", "problem", run.failureNotes, &parts)
        about["sections"] = .array([failed] + (about["sections"]?.array ?? []))
    }

    private func section(_ title: String, _ kind: String, _ groups: [PlanGroups.Group]) -> JSONValue {
        let items = groups.prefix(HTMLSummary.mostItems).map { group -> JSONValue in
            var lines: [JSONValue] = group.clauses.map {
                [.string($0.style), .string(sentence($0))]
            }
            if group.difference.isEmpty, lines.isEmpty { lines.append(["same", "nobody gains or loses access"]) }
            if group.deleted > 0 {
                lines.append(["loss", .string(group.deleted.counting("policy is deleted", "policies are deleted"))])
            }
            if let reason = group.sharedReason { lines.append(["reason", .string(reason.visible())]) }
            return HTMLSummary.item("group", group.id, group.repositories, lines)
        }
        return HTMLSummary.section(title, kind, items, hidden: groups.count - items.count)
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
        return section(title, kind, items, hidden: notes.count - items.count)
    }

    private static func item(
        _ note: PlanNotes.Note, _ kind: String, _ parts: inout HTMLParts, _ text: (String) -> String
    ) -> JSONValue {
        let lines: [JSONValue] = [[.string(kind), .string(text(note.message).visible())]]
        var ids: [Int] = []
        for message in note.messages { ids.append(parts.index(ofText: text(message))) }
        let item =
            note.registries.isEmpty
            ? item("note", ids[0], note.repositories, lines) : item("note", ids[0], note.registries, lines)
        // One id is in the item already.
        guard ids.count > 1, case .object(var members) = item else { return item }
        members["ids"] = .array(ids.map { JSONValue($0) })
        return .object(members)
    }

    private static func section(_ title: String, _ kind: String, _ items: [JSONValue], hidden: Int) -> JSONValue {
        ["title": .string(title), "kind": .string(kind), "items": .array(items), "hidden": JSONValue(hidden)]
    }

    private static func item(_ kind: String, _ id: Int, _ repositories: RepositorySet, _ lines: [JSONValue])
        -> JSONValue
    {
        let folds = repositories.folds
        let names = folds.prefix(40).map { fold -> JSONValue in
            let (pieces, hidden) = FoldedNames(fold.names, ellipsis: "…")
                .prefix(characters: HTMLSummary.mostNames, ellipsis: "…")
            let more = hidden > 0 ? " and \(hidden.grouped) more" : ""
            return [.string(fold.place), .string(FoldedNames.text(of: pieces) + more)]
        }
        return [
            "kind": .string(kind), "id": JSONValue(id), "count": JSONValue(repositories.count),
            "names": .array(names), "lines": .array(lines),
        ]
    }

    /// An item about whole registries.
    private static func item(_ kind: String, _ id: Int, _ registries: [Registry], _ lines: [JSONValue]) -> JSONValue {
        [
            "kind": .string(kind), "id": JSONValue(id), "count": JSONValue(registries.count),
            "ofRegistries": .bool(true),
            "names": .array([[.string(registries.folded), "the whole registry"]]), "lines": .array(lines),
        ]
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

extension AccessClause {
    /// The name by which the page's style knows it.
    fileprivate var style: String {
        switch tone {
        case .loss: "loss"
        case .gain: "gain"
        case .same: "same"
        }
    }
}
