import ArgumentParser
import OrderedJSON
import Rollout
import SharePlan

/// `ecr-share runs list`: all runs, the one that was started last first.
struct RunsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the runs, the newest first.")

    @Option(help: "text, or json: JSON Lines, one object per run.")
    var format: ResultFormat = .text

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup(title: "Archive") var archive: ArchiveOptions
    @OptionGroup(title: "AWS, for an archive in a bucket") var connection: ConnectionOptions

    func run() async throws {
        let environment = Environment.current
        let file = try ConfigurationFile(explicit: connection.config, beside: nil)
        let (runs, location) = try await withArchive(
            archive, connection, file, allowing: .reading, environment: environment,
            Messages(output, environment: environment)
        ) { archive in (try await archive.runs(), archive.absoluteLocation) }
        var result = ResultOutput(output, isJSON: format == .json)
        // A run that was undone is not to be resumed.
        var undoing: [String: RunID] = [:]
        for run in runs {
            guard let undone = run.header?.undoes, run.phase == .finished(.completed) else { continue }
            undoing[undone] = undoing[undone] ?? run.id
        }
        for run in runs {
            switch format {
            case .text: try result.write(run.text(undoneBy: undoing[run.id.text]).visible() + "\n")
            case .json: try result.write(run.json.minified + "\n")
            }
        }
        if runs.isEmpty, format == .text {
            try result.write("No runs in \(location.visible()) yet.\n")
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
        let advice = rollback.map { "rolled back by \($0)" } ?? "resume it or roll it back"
        return phase.words + (phase == .unfinished ? "; \(advice)" : "") + (counts.map { ", \($0.words)" } ?? "")
    }

    fileprivate var json: JSONValue {
        JSONValue(
            members: [
                ("id", .string(id.text)), ("startedAt", JSONValue(startedAt)),
                ("operation", JSONValue(header?.operation.rawValue)), ("matrix", JSONValue(header?.matrix?.path)),
                ("undoes", JSONValue(header?.undoes)),
                ("state", .string(phase.word)),
            ] + details)
    }

    private var details: [(String, JSONValue)] {
        if case .unreadable(let reason) = phase { return [("reason", .string(reason))] }
        guard let counts else { return [] }
        return [
            ("applied", JSONValue(counts[.written])), ("skipped", JSONValue(counts[.alreadyDone])),
            ("failed", JSONValue(counts[.failed])), ("conflicts", JSONValue(counts[.conflict])),
            ("notStarted", JSONValue(counts[.notStarted])),
        ]
    }
}
