import ArgumentParser

/// The matrix and what belongs to it.
struct MatrixOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The CSV file that says who may use what.", valueName: "matrix"),
        completion: .file(extensions: ["csv"]))
    var matrix: String

    @OptionGroup var reading: MatrixReadingOptions
}

/// How a matrix is read.
struct MatrixReadingOptions: ParsableArguments {
    @Option(help: Settings.groups.help, completion: .file(extensions: ["csv"]), transform: Settings.groups.parse)
    var groups: String?

    @Option(help: Settings.allowRegion.help, transform: Settings.allowRegion.parseOne) var allowRegion: [String] = []

    /// The names of the options that were given.
    var given: [String] { (groups == nil ? [] : ["--groups"]) + (allowRegion.isEmpty ? [] : ["--allow-region"]) }
}
