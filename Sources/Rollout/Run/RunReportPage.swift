import SharePlan

/// The page about a run that is kept with it: `ARCHIVE/runs/RUN/report.html`.
package struct RunReportPage {
    private let archive: Archive
    private static let name = "report.html"

    package init(archive: Archive) {
        self.archive = archive
    }

    /// Writes the page of a run that executed `plan`, with mode 0600, in one step. Returns its path. `state` is what
    /// the run's journal records, where that is known without reading it.
    @discardableResult
    package func write(_ id: RunID, of plan: PlanFile, state: RunState?) throws -> String {
        let run = try archive.run(id.text)
        let report = try RunRendering(of: run, plan, state: state, in: archive)
        var page = HTMLPlanRenderer(header: report.header, run: report)
        try run.folder.replace(RunReportPage.name) { file in
            var offset = 0
            func write(_ text: String) throws {
                let bytes = Array(text.utf8)
                try file.write(bytes, at: offset)
                offset += bytes.count
            }
            try plan.forEachEntry { entry in
                page.add(entry)
                try write(page.takeOutput())
            }
            try write(page.finish(summary: plan.summary, digest: plan.digest))
        }
        return run.folder.path(of: RunReportPage.name)
    }
}
