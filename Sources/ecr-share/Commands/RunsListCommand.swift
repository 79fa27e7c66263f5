import ArgumentParser
import OrderedJSON
import Rollout
import SharePlan

/// `ecr-share runs list`: all runs, the one that was started last first.
struct RunsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the runs, the newest first.")

    /// The forms of the list.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Option(help: "text, or json: JSON Lines, one object per run.")
    var format: Format = .text

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "Archive") var configuration: ConfigurationOptions

    func run() throws {
        let file = try ConfigurationFile(explicit: configuration.config, beside: nil)
        let archive = Archive(archive, file, Messages(output, environment: Environment.current))
        let runs = try archive.runs()
        var result = ResultOutput(output, isJSON: format == .json)
        // A run that was undone is not to be resumed.
        var undoing: [String: RunID] = [:]
        for run in runs {
            guard let undone = run.header?.undoes, case .finished(.completed, _) = run.phase else { continue }
            undoing[undone] = undoing[undone] ?? run.id
        }
        for run in runs {
            switch format {
            case .text: try result.write(run.text(undoneBy: undoing[run.id.text]).visible() + "\n")
            case .json: try result.write(run.json.minified + "\n")
            }
        }
        if runs.isEmpty, format == .text {
            try result.write("No runs in \(archive.folder.absolutePath.visible()) yet.\n")
        }
        try result.finish()
    }
}

extension RunListing {
    /// One line for a person.
    fileprivate func text(undoneBy rollback: RunID?) -> String {
        let what =
            switch header?.operation {
            case .share: "share \(header?.matrix?.path ?? "")"
            case .rollback: "rollback of \(header?.undoes ?? "?")"
            case nil: "no plan"
            }
        return "\(id)  \(what): \(state(undoneBy: rollback))"
    }

    private func state(undoneBy rollback: RunID?) -> String {
        switch phase {
        case .unfinished where rollback != nil: "unfinished; rolled back by \(rollback?.text ?? "")"
        case .neverStarted: "never started"
        case .running(let process): "running, process \(process)"
        case .unfinished: "unfinished; resume it or roll it back"
        case .unreadable(let reason): "unreadable: \(reason)"
        case .finished(let ending, let counts):
            ending.sentence + ", " + counts.sentence
        }
    }

    fileprivate var json: JSONValue {
        JSONValue(
            members: [
                ("id", .string(id.text)), ("startedAt", JSONValue(startedAt)),
                ("operation", JSONValue(header?.operation.rawValue)), ("matrix", JSONValue(header?.matrix?.path)),
                ("undoes", JSONValue(header?.undoes)),
            ] + stateMembers)
    }

    private var stateMembers: [(String, JSONValue)] {
        switch phase {
        case .neverStarted: [("state", "never-started")]
        case .running: [("state", "running")]
        case .unfinished: [("state", "unfinished")]
        case .unreadable(let reason): [("state", "unreadable"), ("reason", .string(reason))]
        case .finished(let ending, let counts):
            [
                ("state", .string(ending.rawValue)), ("applied", JSONValue(counts.applied)),
                ("skipped", JSONValue(counts.skipped)), ("failed", JSONValue(counts.failed)),
                ("conflicts", JSONValue(counts.conflicts)), ("notStarted", JSONValue(counts.notStarted)),
            ]
        }
    }
}

extension RunEnding {
    /// How the run ended, for a person.
    var sentence: String {
        switch self {
        case .completed: "completed"
        case .interrupted: "interrupted"
        case .tooManyFailures: "stopped after too many failures"
        case .canaryFailed: "stopped after its canaries"
        }
    }
}

extension RunCounts {
    /// The numbers that are not zero, for a person.
    var sentence: String {
        var parts = ["\(applied) written"]
        if skipped > 0 { parts.append("\(skipped) done already") }
        if failed > 0 { parts.append("\(failed) failed") }
        if conflicts > 0 { parts.append(conflicts.counting("conflict")) }
        if notStarted > 0 { parts.append("\(notStarted) not started") }
        return parts.joined(separator: ", ")
    }
}
