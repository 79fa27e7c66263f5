/// A plan as a pull-request comment: what matters most first, details folded, never longer than GitHub takes.
///
/// All text from outside is in code spans and fences, where GitHub expands nothing.
package struct MarkdownPlanRenderer: PlanRenderer {
    private let header: PlanHeader
    private let options: MarkdownOptions
    private var groups = PlanGroups()
    private var statements = StatementChanges()
    /// Bytes of differences kept so far; once they fill the page, further documents are not read.
    private var differenceBytes = 0
    private var differencesLeftOut = 0

    package init(header: PlanHeader, options: MarkdownOptions = MarkdownOptions()) {
        self.header = header
        self.options = options
    }

    package mutating func warn(_ warning: String, of registry: Registry) {
        groups.warn(warning, of: registry)
    }

    package mutating func add(_ entry: PlanEntry) {
        groups.add(entry)
        guard case .change(let change) = entry else { return }
        if differenceBytes > options.limit {
            differencesLeftOut += 1
        } else if let added = statements.add(change) {
            differenceBytes += added.lines.reduce(0) { $0 + $1.text.utf8.count + 3 }
        }
    }

    package mutating func finish(summary: PlanSummary, digest: String) -> String {
        var page = MarkdownPage(limit: options.limit)
        page.title(header, summary, digest: digest, planFile: options.planFile)
        page.groups("Access taken away", groups.losing)
        page.notes(PlanGroups.titleOfProblems, groups.problems)
        page.notes("Warnings", groups.warnings)
        page.groups("Access given", groups.gaining)
        page.groups("Rewritten, access unchanged", groups.rewritten)
        page.size(groups.largest)
        page.statements(statements, leftOut: differencesLeftOut)
        return page.text
    }
}
