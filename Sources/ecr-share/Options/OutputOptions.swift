import ArgumentParser
import Platform
import SharePlan

/// Where results and messages go and how they look. Results go to standard output, messages to standard error.
struct OutputOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, help: ArgumentHelp("Write the result to a file; - is standard output.", valueName: "file"),
        completion: .file())
    var output: String?

    @Flag(name: .shortAndLong, help: "Print only problems, and the last line of a plan.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Print more: every name, and the statements before and after.")
    var verbose = false

    @Option(help: ArgumentHelp("Colour: auto, always or never.", valueName: "when"))
    var color: ColorChoice = .auto

    @Flag(name: .customLong("no-progress"), help: "Show no progress.")
    var noProgress = false

    enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
        case auto, always, never
    }

    mutating func validate() throws {
        if output == "-" { output = nil }
        if output == "" { throw ValidationError("--output takes the name of a file, or - for standard output") }
        if quiet, verbose { throw ValidationError("--quiet and --verbose cannot be combined") }
    }
}

extension OutputOptions {
    /// Refuses to put the result in the place of a file that the same command reads or saves.
    func spare(_ paths: [String], _ other: String? = nil) throws {
        let all = paths + [other].compactMap(\.self)
        guard let output, let path = all.first(where: { isSameFile($0, output) }) else { return }
        throw CommandError(
            .usage, "--output \(output) would replace \(path), which this command needs; choose another name")
    }
}

/// Whether two paths lead to one file, or are equal where there is none yet.
private func isSameFile(_ left: String, _ right: String) -> Bool {
    var (first, second) = (stat(), stat())
    guard stat(left, &first) == 0, stat(right, &second) == 0 else { return left == right }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
}
