import AWSValues
import ArgumentParser
import OrderedJSON
import SharePlan

/// `ecr-share render`: prints the policies that a matrix makes of empty repositories.
struct RenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Print the policy documents of a matrix without globs. Needs no credentials and no network.",
        discussion: """
            The documents are those that repositories without a policy would get. Repositories that have one keep \
            other people's statements; only "plan" can show the result there.

              ecr-share render grants.csv
            """)

    @OptionGroup var matrix: MatrixOptions

    @Option(help: "text, or json: JSON Lines, one object per repository.")
    var format: ResultFormat = .text

    @Option(help: ArgumentHelp("Configuration file (default: ecr-share.yaml beside the matrix).", valueName: "file"))
    var config: String?

    @OptionGroup(title: "Policies") var sharing: SharingOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run() throws {
        let messages = Messages(output, environment: Environment.current)
        let input = try MatrixInput(matrix, config: config, messages: messages)
        try output.spare(input.files)
        var rules = try SharingRules(sharing, input.configuration)
        rules.mode = .match
        let globs = input.matrix.registries.flatMap { registry in
            input.matrix.selectors(in: registry).filter(\.isGlob).map { "\($0) in \(registry)" }
        }
        guard globs.isEmpty else {
            throw CommandError(
                .failed,
                "only the live registries know what these globs match; \"ecr-share plan\" can read them: "
                    + globs.joined(separator: ", "))
        }
        guard input.matrix.openUnits.isEmpty else {
            throw CommandError(
                .failed,
                "only AWS Organizations knows which accounts are in these units; \"ecr-share plan\" asks it: "
                    + input.matrix.openUnits.map(\.text).joined(separator: ", "))
        }
        var result = ResultOutput(output, isJSON: format == .json)
        var problems = 0
        for registry in input.matrix.registries {
            for target in input.matrix.targets(in: registry, live: nil).targets {
                let wanted = input.matrix.wantedGrants(for: target)
                let entry = rules.entry(for: target.repository, live: nil, wanted: wanted)
                switch entry.naming(crowds: { input.matrix.crowds(on: target) }) {
                case .change(let change): try result.write(text(of: change))
                case .unchanged, .orphan: break
                case .problem(let problem):
                    problems += 1
                    messages.error("\(problem.subject): \(problem.message)")
                }
            }
        }
        try result.finish()
        if problems > 0 { throw CommandError.silent(.failed) }
    }

    private func text(of change: Change) throws -> String {
        guard let after = change.after else { return "" }
        let repository = change.repository
        switch format {
        case .text:
            return """
                # \(repository): \(change.size) of \(PolicyTooLarge.hardLimit) characters
                \(try after.json.pretty)

                """
        case .json:
            let line: JSONValue = ["repository": repository.json, "policy": .string(after.text)]
            return line.minified + "\n"
        }
    }
}
