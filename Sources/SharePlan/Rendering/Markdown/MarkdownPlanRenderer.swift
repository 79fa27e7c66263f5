/// A plan as a pull-request comment: what matters most first, details folded, never longer than GitHub takes. Where
/// there is not room for all, what opens repositories comes first, and losses leave room for problems and warnings.
///
/// With a run it is the run's report: what was not done, then what was.
///
/// All text from outside is in code spans and fences, where GitHub expands nothing.
package struct MarkdownPlanRenderer: PlanRenderer {
    private let header: PlanHeader
    private let options: MarkdownOptions
    private var groups: PlanGroups
    private var statements = StatementChanges()
    /// Bytes of differences kept so far; once they fill the page, further documents are not read.
    private var differenceBytes = 0
    private var differencesLeftOut = 0
    private var remainder: RunRemainder?

    package init(header: PlanHeader, options: MarkdownOptions = MarkdownOptions(), run: RunReport? = nil) {
        self.header = header
        self.options = options
        groups = PlanGroups(notes: header.notes)
        remainder = run.map(RunRemainder.init)
    }

    package mutating func add(_ entry: PlanEntry) {
        let entry = remainder?.take(entry) ?? entry
        groups.add(entry)
        guard case .change(let change) = entry else { return }
        if differenceBytes > options.limit {
            differencesLeftOut += 1
        } else if let added = statements.add(change) {
            differenceBytes += added.lines.reduce(0) { $0 + $1.text.utf8.count + 3 }
        }
    }

    package mutating func finish(summary: PlanSummary, digest: String) -> String {
        let page = page(summary, digest, isShort: false)
        return page.isComplete ? page.text : self.page(summary, digest, isShort: true).text
    }

    private func page(_ summary: PlanSummary, _ digest: String, isShort: Bool) -> MarkdownPage {
        let isOpen = { (note: PlanNotes.Note) in isShort && StatementWarning.tellsOfOpenAccess(note.message) }
        let open = groups.warnings.filter(isOpen)
        let warnings = groups.warnings.filter { !isOpen($0) }
        var page = MarkdownPage(limit: options.limit)
        if let remainder {
            page.limit = min(options.limit, RunReport.markdownHead)
            page.text = remainder.run.markdownHead(plan: summary.sentence(header.operation), digest: digest)
            for section in remainder.sections { page.notes(section.title, section.notes) }
            page.limit = options.limit
        } else {
            page.title(header, summary, digest: digest, planFile: options.planFile, losesFirst: open.isEmpty)
        }
        page.notes("Repositories open to others", open)
        let isAlone = groups.problems.isEmpty && warnings.isEmpty
        page.groups("Access taken away", groups.losing, leaving: isShort && !isAlone ? options.limit / 4 : 0)
        page.notes(PlanGroups.titleOfProblems, groups.problems)
        page.notes("Warnings", warnings)
        page.groups("Access given", groups.gaining)
        page.groups("Rewritten, access unchanged", groups.rewritten)
        page.size(groups.largest)
        page.statements(statements, leftOut: differencesLeftOut)
        return page
    }
}
