import ArgumentParser

/// `ecr-share runs`: what the archive holds.
struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List the runs in the archive, show one of them, or release one that was given up.",
        discussion: """
            Every run leaves its plan, its journal and a report in the archive. A run is named by its id, the beginning of \
            it, or "latest".

              ecr-share runs
              ecr-share runs show latest
              ecr-share runs release RUN --archive s3://BUCKET/PREFIX
            """,
        subcommands: [RunsListCommand.self, RunsShowCommand.self, RunsReleaseCommand.self],
        defaultSubcommand: RunsListCommand.self)
}
