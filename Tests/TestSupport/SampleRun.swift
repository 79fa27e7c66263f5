import AWSValues
package import SharePlan

/// A run to render: a plan, and what came of each of its changes.
package struct SampleRun: Sendable, CustomStringConvertible {
    package let name: String
    package let plan: SamplePlan
    package let report: RunReport

    package var description: String { name }

    package static let all = [finished, interrupted, failed]

    /// Everything was written.
    package static let finished = SampleRun("run-finished", .completed) { _ in .written }

    /// Stopped after some writes: one of each outcome, most of the plan not started.
    package static let interrupted = SampleRun("run-interrupted", .interrupted) { number in
        switch number {
        case 0, 2, 12: .written
        case 1: .alreadyDone
        case 3: .failed
        case 4: .conflict
        case 5: .inDoubt
        default: .notStarted
        }
    }

    /// Nothing could be written.
    package static let failed = SampleRun("run-failed", .completed) { _ in .failed }

    private init(_ name: String, _ ending: RunEnding, _ kind: (Int) -> RunOutcome.Kind) {
        self.name = name
        plan = SamplePlan(name: name, header: SamplePlan.header(), entries: SampleRun.entries())
        var report = RunReport(
            header: plan.header, summary: PlanSummary(plan.entries), phase: .finished(ending))
        report.startedAt = "2026-11-24T21:04:10Z"
        report.seconds = 185
        report.caller = "arn:aws:sts::999988887777:assumed-role/Platform/ana"
        var number = 0
        for case .change(let change) in plan.entries {
            let outcome: RunOutcome =
                switch kind(number) {
                case .written: .written
                case .alreadyDone: .alreadyDone
                case .failed:
                    .failed(
                        StoreError(
                            kind: .accessDenied, code: "AccessDeniedException",
                            message: "not authorized to perform ecr:SetRepositoryPolicy", requestID: "id-\(number + 1)"),
                        written: .no)
                case .conflict: .conflict(.inJournal, written: .no)
                case .inDoubt: .inDoubt
                case .notStarted: .notStarted
                }
            number += 1
            report.count(outcome, of: change.repository)
        }
        self.report = report
    }

    /// Twelve repositories that get access, two that lose it, one that cannot be planned and one that stays as it is.
    private static func entries() -> [PlanEntry] {
        let given = (1...12).map { number in
            SamplePlan.change(
                "111122223333 us-east-1 base/app-\(number < 10 ? "0" : "")\(number)", before: nil,
                after: SamplePlan.policy(pull: ["444455556666"]), added: ["444455556666 pull"])
        }
        let taken = ["old", "older"].map { name in
            SamplePlan.change(
                "111122223333 us-east-1 base/\(name)",
                before: SamplePlan.policy(pull: ["444455556666", "777788889999"]),
                after: SamplePlan.policy(pull: ["444455556666"]), removed: ["777788889999 pull"])
        }
        return given + taken + [
            SamplePlan.problem(
                "111122223333 us-east-1 base/rust", code: "RepositoryNotFoundException",
                message: "The repository with name 'base/rust' does not exist in the registry with id '111122223333'"
                    + Problem.adviceOnMissingRepository),
            SamplePlan.unchanged("222233334444 us-east-1 tools/kubectl"),
        ]
    }

    /// The report in one form.
    package func render(_ renderer: some PlanRenderer) -> String {
        var renderer = renderer
        return renderer.render(plan.entries, digest: plan.digest)
    }

    package func text(_ options: TextOptions = TextOptions()) -> String {
        render(TextPlanRenderer(header: plan.header, options: options, run: report))
    }

    package var markdown: String { render(MarkdownPlanRenderer(header: plan.header, run: report)) }
    package var html: String { render(HTMLPlanRenderer(header: plan.header, run: report)) }
}
