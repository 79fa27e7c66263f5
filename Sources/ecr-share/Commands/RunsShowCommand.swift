import ArgumentParser
import Rollout
import SharePlan

/// `ecr-share runs show`: one run, from its plan and journal.
struct RunsShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one run: its plan, and what was done and what failed.")

    @Argument(help: ArgumentHelp("The run's id, its beginning, or 'latest'.", valueName: "run"))
    var reference: String = "latest"

    @Option(help: "Form of the plan: text, json (JSON Lines), markdown, html or aws-cli.")
    var format: PlanFormat = .text

    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run() throws {
        let environment = Environment.current
        let configuration = try ConfigurationFile(explicit: nil, beside: nil)
        let archive = Archive(archive.archive ?? configuration.archive ?? ".ecr-share")
        let run = try archive.run(reference)
        let state = try run.state()
        try PlanPresenter(format, output, environment: environment).show(try run.plan())
        guard format == .text, output.output == nil else { return }
        Terminal.standardOutput.write(text(of: run, state))
    }

    private func text(of run: ArchivedRun, _ state: RunState) -> String {
        guard let startedAt = state.startedAt else { return "\nRun \(run.id) was never started.\n" }
        var lines = ["", "Run \(run.id), started \(startedAt)" + (state.caller.map { " by \($0)" } ?? "")]
        for (repository, state) in state.repositories.sorted(by: { $0.key < $1.key }) {
            switch state.last {
            case .failed(_, let code, let message, let requestID, _)?:
                lines.append("x \(repository): \(code): \(message)" + (requestID.map { " (request id \($0))" } ?? ""))
            case .conflict?: lines.append("x \(repository): conflict")
            default: break
            }
        }
        if let ending = state.ending, let finishedAt = state.finishedAt {
            lines.append("\(ending.sentence) \(finishedAt): \(state.counts?.sentence ?? "")")
        } else {
            lines.append(
                "Not finished: go on with \"ecr-share apply --resume \(run.id)\" or undo it with \"ecr-share rollback \(run.id)\""
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
