import AWSValues
package import SharePlan

/// A run to render: a plan, and what came of each of its changes.
package struct SampleRun: Sendable, CustomStringConvertible {
    package let name: String
    package let plan: SamplePlan
    package let rendering: RunRendering

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

    private init(_ name: String, _ state: RunRendering.State, _ outcome: (Int) -> ChangeOutcome) {
        self.name = name
        plan = SamplePlan(name: name, header: SamplePlan.header(), entries: SampleRun.entries())
        var counts = RunRendering.Counts(planned: 0)
        var outcomes: [RepositoryID: ChangeOutcome] = [:]
        var failures: [RunRendering.Failure] = []
        var number = 0
        for case .change(let change) in plan.entries {
            let outcome = outcome(number)
            number += 1
            counts.count(outcome)
            if outcome != .notStarted { outcomes[change.repository] = outcome }
            switch outcome {
            case .failed:
                failures.append(
                    .init(
                        repository: change.repository, code: "AccessDeniedException",
                        message: "not authorized to perform ecr:SetRepositoryPolicy", requestID: "id-\(number)"))
            case .conflict:
                failures.append(
                    .init(
                        repository: change.repository, code: "conflict",
                        message: "the policy was edited after it was planned and is left alone"))
            default: break
            }
        }
        rendering = RunRendering(
            header: plan.header, state: state, startedAt: "2026-11-24T21:04:10Z", seconds: 185,
            caller: "arn:aws:sts::999988887777:assumed-role/Platform/ana", counts: counts, failures: failures,
            outcomes: outcomes)
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
    package func report(_ renderer: some PlanRenderer) -> String {
        var renderer = renderer
        return renderer.render(plan.entries, digest: plan.digest)
    }

    package func text(_ options: TextOptions = TextOptions()) -> String {
        report(TextPlanRenderer(header: plan.header, options: options, run: rendering))
    }

    package var markdown: String { report(MarkdownPlanRenderer(header: plan.header, run: rendering)) }
    package var html: String { report(HTMLPlanRenderer(header: plan.header, run: rendering)) }
}
