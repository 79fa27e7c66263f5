import ArgumentParser
import SharePlan

/// `ecr-share check`: validates a matrix.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Validate a matrix. Needs no credentials and no network.",
        discussion: """
            Every problem is reported at once, with its line, its column and how to fix it. Exits with 0 when there \
            are no errors, otherwise with 1.

              ecr-share check grants.csv --groups groups.csv
            """)

    @OptionGroup var matrix: MatrixOptions

    @Option(help: ArgumentHelp("Configuration file (default: ecr-share.yaml beside the matrix).", valueName: "file"))
    var config: String?

    @OptionGroup(title: "Output") var output: OutputOptions

    func run() throws {
        let messages = Messages(output, environment: Environment.current)
        let input = try MatrixInput(matrix, config: config, messages: messages)
        try output.spare(input.files)
        var result = ResultOutput(output)
        if !output.quiet {
            try result.write(
                "\(matrix.matrix.visible()): \(input.matrix.summary.sentence), "
                    + "\(input.warnings.counting("warning"))\n")
        }
        try result.finish()
    }
}

extension Matrix.Summary {
    /// What the matrix amounts to, as a part of a sentence.
    var sentence: String {
        var parts = [
            "\(rows.counting("row")) for \(repositories.repositories)"
                + (globs > 0 ? " and \(globs.counting("glob"))" : "") + " in "
                + "\(registries.counting("registry", "registries"))",
            "\(consumers.counting("consumer"))", "\(grants.counting("grant"))",
        ]
        if expiredRows > 0 { parts.append("\(expiredRows.counting("expired row"))") }
        return parts.joined(separator: ", ")
    }
}
