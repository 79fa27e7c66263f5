import ArgumentParser
import SharePlan

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
    @Option(
        help: ArgumentHelp("CSV file that says who belongs to each @group.", valueName: "file"),
        completion: .file(extensions: ["csv"]))
    var groups: String?

    @Option(
        help: ArgumentHelp(
            "A region of the matrix that this version does not know yet. Repeatable.", valueName: "region"))
    var allowRegion: [String] = []

    /// The names of the options that were given.
    var given: [String] { (groups == nil ? [] : ["--groups"]) + (allowRegion.isEmpty ? [] : ["--allow-region"]) }

    func validate() throws {
        for name in allowRegion where Region(name) == nil {
            throw ValidationError(
                "--allow-region: \"\(name)\" does not have the form of a region's name, such as us-east-1")
        }
    }
}
