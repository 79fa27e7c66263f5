import ArgumentParser
import Rollout

/// `ecr-share runs release`: gives back the claim of a run that a person gave up.
struct RunsReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Give up a run that holds a shared archive, so that others can start.",
        discussion: """
            A run in an archive of several people (s3://BUCKET/PREFIX) holds it until the run has ended, been resumed to \
            its end, or been undone; the claim does not expire. Release it only when nothing works on the run any more \
            and what it wrote is to stay: the run itself stays in the archive and can still be resumed or undone.

            The run must be named by its id, or the beginning of it: with that of another run, or when no run holds the \
            archive, nothing is released. docs/archive.md says how to decide.

              ecr-share runs release 20261124T2103 --archive s3://team-ecr-share/prod
            """)

    @Argument(help: ArgumentHelp("The run's id, or its beginning.", valueName: "run"))
    var reference: String

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "AWS, for an archive in a bucket") var connection: ConnectionOptions

    func run() async throws {
        let environment = Environment.current
        let file = try ConfigurationFile(explicit: connection.config, beside: nil)
        let messages = Messages(output, environment: environment)
        try await withArchive(archive, connection, file, allowing: .writing, environment: environment, messages) {
            archive in
            let claim = try await archive.release(reference)
            messages.note("Released: \(archive.location) was in use by \(claim)")
        }
    }
}
