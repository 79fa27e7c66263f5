import AWSValues
package import SharePlan

extension RunReport {
    /// The report of an archived run, from its journal and the plan that it executed. `state` is what the journal
    /// records, if known.
    package init(of run: ArchivedRun, _ plan: PlanFile, state: RunState? = nil, in archive: Archive) throws {
        let state = try state ?? run.state()
        self.init(header: plan.header.with(id: run.id.text), summary: plan.summary, phase: try archive.phase(of: run))
        startedAt = state.startedAt
        caller = state.caller
        if let start = state.startedAt.flatMap({ Timestamp(rfc3339: $0) }),
            let end = state.finishedAt.flatMap({ Timestamp(rfc3339: $0) })
        {
            seconds = max(0, (end.milliseconds - start.milliseconds) / 1000)
        }
        for slot in plan.slots where slot.kind == .change {
            count(state.repositories[slot.repository]?.outcome ?? .notStarted, of: slot.repository)
        }
    }
}

extension Archive {
    /// Writes the page about a run that is kept with it, `ARCHIVE/runs/RUN/report.html`, with mode 0600, in one step.
    /// Returns its path.
    @discardableResult
    package func writeReport(of execution: Runner.Execution) throws -> String {
        let (run, plan) = (archivedRun(execution.run), execution.plan)
        let report = try RunReport(of: run, plan, state: execution.state, in: self)
        var page = HTMLPlanRenderer(header: report.header, run: report)
        let name = "report.html"
        try run.folder.replace(name) { file in
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
        return run.folder.path(of: name)
    }
}
