import ArgumentParser
import Rollout
import SharePlan

/// `ecr-share runs show`: one run, from its plan and journal.
struct RunsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one run: what was done, by whom and when, and what failed.",
        discussion: """
            The text form shows who gained and lost access where the run wrote, and names the repositories that \
            failed, were perhaps written or were not started. The json form has a line for the run and one for each \
            change with its outcome; the plan itself, as it was reviewed, is \
            ARCHIVE/runs/RUN/plan.jsonl. The html form is the page that every run leaves as \
            ARCHIVE/runs/RUN/report.html.

              ecr-share runs show latest
            """)

    @Argument(help: ArgumentHelp("The run's id, its beginning, or 'latest'.", valueName: "run"))
    var reference: String = "latest"

    @Option(help: "Format of the result: text, json (JSON Lines), markdown, html or aws-cli.")
    var format: PlanFormat = .text

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "AWS, for an archive in a bucket") var connection: ConnectionOptions

    func run() async throws {
        let environment = Environment.current
        let file = try ConfigurationFile(explicit: connection.config, beside: nil)
        let messages = Messages(output, environment: environment)
        try await withArchive(archive, connection, file, allowing: .reading, environment: environment, messages) {
            archive in
            let (run, plan) = try await archive.open(reference)
            let report = try await RunReport(of: run, plan, in: archive)
            try PlanPresenter(format, output, environment: environment).show(plan, of: report)
        }
    }
}
