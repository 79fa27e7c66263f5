/// A plan as one self-contained HTML page: who gains and loses access, the matrix as a heat map, every document before
/// and after.
///
/// With a run it is the run's report: the same page with what came of each change. The page loads nothing: its content
/// security policy allows only the style and the script that it carries, by their hashes. All data are JSON in script
/// elements that do not run, and reach the page as text only.
package struct HTMLPlanRenderer: PlanRenderer {
    private let header: PlanHeader
    private let planFile: String?
    private var remainder: RunRemainder?
    private var groups: PlanGroups
    private var parts: HTMLParts
    private var output: String

    /// `planFile` is named in the command that applies the plan; nil when it was not saved.
    package init(header: PlanHeader, planFile: String? = nil, run: RunReport? = nil) {
        self.header = header
        self.planFile = planFile
        groups = PlanGroups(notes: header.notes)
        remainder = run.map(RunRemainder.init)
        parts = HTMLParts(sidPrefix: header.sidPrefix, on: header.day)
        output = HTMLPage.start
    }

    package mutating func add(_ entry: PlanEntry) {
        let group = groups.add(remainder?.take(entry) ?? entry)
        let repository = entry.repository
        parts.add(
            entry, group: group, outcome: repository.flatMap { remainder?.run.outcome(of: $0).kind },
            cause: repository.flatMap { remainder?.cause($0) })
        if parts.isFull { writePart() }
    }

    package mutating func takeOutput() -> String {
        defer { output = "" }
        return output
    }

    package mutating func finish(summary: PlanSummary, digest: String) -> String {
        let about = HTMLSummary(
            header: header, planFile: planFile, groups: groups, remainder: remainder
        ).json(summary: summary, digest: digest, parts: &parts)
        writePart()
        output += HTMLPage.data(about, kind: "about") + HTMLPage.end
        return takeOutput()
    }

    private mutating func writePart() {
        output += HTMLPage.data(parts.takePart(), kind: "part")
    }
}
