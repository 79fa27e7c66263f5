/// A plan for terminals and logs: who loses and who gains access first, in groups; one summary line last.
package struct TextPlanRenderer: PlanRenderer {
    private let header: PlanHeader
    private let options: TextOptions
    private var groups = PlanGroups()
    private var statements = StatementChanges()

    package init(header: PlanHeader, options: TextOptions = TextOptions()) {
        self.header = header
        self.options = options
    }

    package mutating func warn(_ warning: String, of registry: Registry) {
        groups.warn(warning, of: registry)
    }

    package mutating func add(_ entry: PlanEntry) {
        guard options.verbosity != .quiet else { return }
        groups.add(entry)
        if options.verbosity == .verbose, case .change(let change) = entry { statements.add(change) }
    }

    package mutating func finish(summary: PlanSummary, digest: String) -> String {
        var page = PlanPage(options: options)
        if options.verbosity != .quiet, !(summary.changes == 0 && summary.problems == 0 && groups.warnings.isEmpty) {
            page.heading(header.sentence, .strong)
            page.groups("ACCESS TAKEN AWAY", .loss, mark: "-", groups.losing)
            page.groups("Access given", .gain, mark: "+", groups.gaining)
            page.groups("Rewritten, access unchanged", .strong, mark: "~", groups.rewritten)
            page.notes("Warnings", .warning, mark: "!", groups.warnings)
            page.notes(PlanGroups.titleOfProblems, .loss, mark: "x", groups.problems)
            page.statements(statements)
            page.size(groups.largest)
        }
        page.last(summary.sentence(header.operation), "Digest \(digest)")
        return page.text
    }
}
