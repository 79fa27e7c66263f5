// The command line. The story of this module, a folder a step:
//
//   Commands              a file for each command: what it reads, asks, shows and writes, in this order.
//   Options, Settings     what can be given on the command line, and what each of it is called everywhere.
//   YAML                  the configuration file, by line.
//   Input                 matrices, groups and plans are opened, and what is wrong with them is said with its place.
//   AWS                   the adapters: Rollout's `PolicyStore` and `ArchiveStore`, and what else is asked of AWS.
//   Session               a run under a person's eyes: guardrails, questions, signals, rollback on failure.
//   Doctor                what a first run needs, tried one by one.
//   Reports, Terminal     plans, runs and messages on their way out; width, colour, progress.

import ArgumentParser
import Platform
import Rollout
import SharePlan

/// The program: parses the command line, runs the command, and ends with the exit status that it deserves.
@main
struct ECRShare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ecr-share",
        abstract: "Share Amazon ECR repositories in bulk, from one CSV matrix, with review and undo.",
        discussion: """
            A matrix is a CSV file that says which consumer may pull or push which repository. "check" validates it, \
            "plan" shows what it would change, "apply" changes it, and "rollback" takes a run back. Only the \
            repositories that the matrix names are written, and in them only the statements that ecr-share wrote \
            itself.

            Start with these:

              ecr-share check grants.csv
              ecr-share plan grants.csv
              ecr-share apply grants.csv
              ecr-share rollback latest
            """,
        version: Version.number,
        subcommands: [
            CheckCommand.self, RenderCommand.self, PlanCommand.self, ApplyCommand.self, RollbackCommand.self,
            RunsCommand.self, AccessCommand.self, DoctorCommand.self,
        ]
    )

    static func main() async {
        // A reader that went away and a limit on file sizes are errors of one call, not the end of a run half-way.
        for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
        Terminal.fillClosedStreams()
        refuseUnknownCommand()
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error as CommandError {
            error.say()
            exit(withError: ExitCode(error.exitStatus.rawValue))
        } catch let error where error is RolloutError || error is FileError {
            Terminal.standardError.explain("\(error)", mark: TextLayout.Word("error:"))
            exit(withError: ExitCode(ExitStatus.failed.rawValue))
        } catch {
            // The parser repeats words of the command line.
            let code = exitCode(for: error)
            guard !code.isSuccess else { exit(withError: error) }
            for line in lines(of: fullMessage(for: error)) {
                if line.hasPrefix("error: ") {
                    Terminal.standardError.explain(line)
                } else {
                    Terminal.standardError.say(line)
                }
            }
            exit(withError: code)
        }
    }

    /// The lines of the parser's message. Line breaks in words of the command line, which it repeats, begin none.
    private static func lines(of message: String) -> [String] {
        var message = message
        for word in CommandLine.arguments where word.contains(where: \.isNewline) {
            message = message.replacing(word, with: word.visible())
            // Of "--option=value" it may repeat either part.
            for part in word.split(separator: "=", maxSplits: 1) where part.contains(where: \.isNewline) {
                message = message.replacing(part, with: String(part).visible())
            }
        }
        if message.hasPrefix("Error: ") { message = "error: " + message.dropFirst("Error: ".count) }
        guard !message.isEmpty else { return [] }
        return message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Names the command that was meant, and ends; the parser would only report unexpected arguments.
    private static func refuseUnknownCommand() {
        guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-") else { return }
        let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard !names.contains(word) else { return }
        let nearest = nearestWords(to: word, among: names).map { "\"\($0)\"" }
        let hint =
            nearest.isEmpty
            ? "the commands are \(names.joined(separator: ", "))" : "did you mean \(nearest.joined(separator: " or "))?"
        CommandError(.usage, "there is no command \"\(word)\"; \(hint)").say()
        exit(withError: ExitCode(ExitStatus.usage.rawValue))
    }
}

/// The version that `--version` and the user agent say.
enum Version {
    static let number = "0.1.0"
}
