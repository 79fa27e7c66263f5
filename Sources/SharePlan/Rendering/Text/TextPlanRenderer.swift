/// A plan for terminals and logs: who loses and who gains access first, in groups; one summary line last.
///
/// With a run it is the run's report: who lost and who gained access, what was not done, what to do next.
package struct TextPlanRenderer: PlanRenderer {
    private let header: PlanHeader
    private let options: TextOptions
    private var groups: PlanGroups
    private var statements = StatementChanges()
    private var remainder: RunRemainder?

    package init(header: PlanHeader, options: TextOptions = TextOptions(), run: RunReport? = nil) {
        self.header = header
        self.options = options
        groups = PlanGroups(notes: header.notes)
        remainder = run.map(RunRemainder.init)
    }

    package mutating func add(_ entry: PlanEntry) {
        guard options.verbosity != .quiet else { return }
        let entry = remainder?.take(entry) ?? entry
        groups.add(entry)
        if options.verbosity == .verbose, case .change(let change) = entry { statements.add(change) }
    }

    package mutating func finish(summary: PlanSummary, digest: String) -> String {
        var page = PlanPage(options: options)
        let isEmpty = summary.changes == 0 && summary.problems == 0 && groups.warnings.isEmpty
        if options.verbosity != .quiet, !isEmpty || remainder != nil {
            if let run = remainder?.run { run.writeHead(to: &page) } else { page.heading(header.sentence, .strong) }
            page.groups("ACCESS TAKEN AWAY", .loss, mark: "-", groups.losing)
            page.groups("Access given", .gain, mark: "+", groups.gaining)
            page.groups("Rewritten, access unchanged", .strong, mark: "~", groups.rewritten)
            page.notes("Warnings", .warning, mark: "!", groups.warnings)
            page.notes(PlanGroups.titleOfProblems, .loss, mark: "x", groups.problems)
            for section in remainder?.sections ?? [] {
                page.notes(section.title, section.style, mark: section.mark, section.notes)
            }
            page.statements(statements)
            page.size(groups.largest)
            remainder?.run.writeNextSteps(to: &page)
        }
        page.last(summary.sentence(header.operation), "Digest \(digest)")
        if let run = remainder?.run { page.line(run.sentence) }
        return page.text
    }
}
