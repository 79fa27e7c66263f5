import ArgumentParser

/// The matrix and what belongs to it.
struct MatrixOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The CSV file that says who may use what.", valueName: "matrix"),
        completion: .file(extensions: ["csv"]))
    var matrix: String

    @Option(
        help: ArgumentHelp("CSV file that says who belongs to each @group.", valueName: "file"),
        completion: .file(extensions: ["csv"]))
    var groups: String?

    init() {}

    init(matrix: String, groups: String?) {
        self.matrix = matrix
        self.groups = groups
    }
}
