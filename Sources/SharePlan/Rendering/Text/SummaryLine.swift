extension PlanSummary {
    /// The plan in one line, such as `Plan: 24 repositories: 3 to create, 21 to update, 976 unchanged; 48 grants
    /// added.` A plan that writes nothing and has no problem is described in a friendly sentence.
    package func sentence(_ operation: PlanHeader.Operation) -> String {
        if changes == 0, problems == 0 { return nothingToDo(operation) }
        var parts: [String] = []
        if create > 0 { parts.append("\(create.grouped) to create") }
        if update > 0 { parts.append("\(update.grouped) to update") }
        if delete > 0 { parts.append("\(delete.grouped) to delete") }
        if unchanged > 0 { parts.append("\(unchanged.grouped) unchanged") }
        if problems > 0 { parts.append(problems.counting("problem", "problems")) }
        let subject = changes == 0 ? "nothing to write" : changes.repositories
        return "Plan: \(subject): \(parts.joined(separator: ", "))\(grants)."
    }

    private func nothingToDo(_ operation: PlanHeader.Operation) -> String {
        switch (operation, repositories) {
        case (.share, 0): "Nothing to do: the plan names no repository."
        case (.share, 1): "Nothing to do: the repository is already as wanted."
        case (.share, _): "Nothing to do: all \(repositories.repositories) are already as wanted."
        case (.rollback, 0): "Nothing to undo: the run wrote none of the repositories."
        case (.rollback, 1): "Nothing to undo: the repository has nothing left of the run."
        case (.rollback, _): "Nothing to undo: none of \(repositories.repositories) has anything left of the run."
        }
    }

    /// What is taken away, such as `4 grants are taken away, and 2 may be`.
    var takenAway: String {
        let certain = grantsRemoved - grantsPerhapsRemoved
        let possible = grantsPerhapsRemoved
        if certain == 0 { return "\(possible.counting("grant", "grants")) may be taken away" }
        let taken = certain.counting("grant is taken away", "grants are taken away")
        return possible == 0 ? taken : "\(taken), and \(possible.grouped) more may be"
    }

    private var grants: String {
        switch (grantsAdded, grantsRemoved) {
        case (0, 0): ""
        case (_, 0): "; \(grantsAdded.counting("grant", "grants")) added"
        case (0, _): "; \(grantsRemoved.counting("grant", "grants")) removed"
        default: "; \(grantsAdded.counting("grant", "grants")) added, \(grantsRemoved.grouped) removed"
        }
    }
}

extension PlanHeader {
    /// What the plan is for, in one line without its end.
    var sentence: String {
        switch (operation, matrix) {
        case (.rollback, _): "Plan \(id) undoes run \(undoes ?? "(unknown)")"
        case (.share, let matrix?):
            "Plan \(id) from \(matrix.path) (\(matrix.rows.counting("row", "rows")), mode \(mode.rawValue))"
        case (.share, nil): "Plan \(id) (mode \(mode.rawValue))"
        }
    }
}
