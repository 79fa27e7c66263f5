import AWSValues
package import SharePlan

extension RunReport {
    /// The report of an archived run, from its journal and the plan that it executed. `state` is what the journal
    /// records, if known.
    package init(of run: ArchivedRun, _ plan: PlanFile, state: RunState? = nil, in archive: Archive) async throws {
        let told: RunState
        if let state { told = state } else { told = try await run.state() }
        let phase = try await archive.phase(of: run)
        self.init(header: plan.header.with(id: run.id.text), summary: plan.summary, phase: phase)
        startedAt = told.startedAt
        caller = told.caller
        if let start = told.startedAt.flatMap({ Timestamp(rfc3339: $0) }),
            let end = told.finishedAt.flatMap({ Timestamp(rfc3339: $0) })
        {
            seconds = max(0, (end.milliseconds - start.milliseconds) / 1000)
        }
        for slot in plan.slots where slot.kind == .change {
            count(told.repositories[slot.repository]?.outcome ?? .notStarted, of: slot.repository)
        }
    }
}

extension Archive {
    /// Writes the page about a run that is kept with it, `runs/RUN/report.html`, in one step. Returns where it is.
    @discardableResult
    package func writeReport(of execution: Runner.Execution) async throws -> String {
        let (run, plan) = (archivedRun(execution.run), execution.plan)
        let report = try await RunReport(of: run, plan, state: execution.state, in: self)
        return try await store.publish(ArchivedRun.name(of: "report.html", in: run.id)) { file in
            var page = HTMLPlanRenderer(header: report.header, run: report)
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
    }
}
