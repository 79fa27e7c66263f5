import ArgumentParser

/// Which configuration file is read.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Configuration file (default: ecr-share.yaml beside the matrix; without a matrix, in the current folder).",
            valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String?
}
