import AWSValues
import Platform
import SharePlan

/// A matrix that a user named, read and found clean, with the configuration beside it.
struct MatrixInput {
    let matrix: Matrix
    let configuration: ConfigurationFile
    let warnings: Int
    /// All files that were read.
    let files: [String]

    /// Reads the matrix, its groups and its configuration. Every problem of the files is shown; the command ends if one
    /// of them is an error.
    init(_ options: MatrixOptions, config: String?, messages: Messages) throws {
        try self.init(options.matrix, options.reading, config: config, messages: messages)
    }

    init(
        _ path: String, _ options: MatrixReadingOptions, config: String?, messages: Messages,
        today: CalendarDate = Timestamp.now.day
    ) throws {
        configuration = try ConfigurationFile(explicit: config, beside: path)
        var groups: Groups?
        var problems = 0
        let groupsPath = Settings.groups.value(options.groups, configuration)
        files = [path] + [groupsPath].compactMap(\.self) + configuration.files
        if let path = groupsPath {
            let (parsed, diagnostics) = Groups.parse(
                try InputFile.bytes(of: path, what: "groups file"), path: path)
            groups = parsed ?? .unreadable(path: path)
            problems += diagnostics.errorCount
            messages.lines(diagnostics.lines())
        }
        let file = try MappedFile(path, what: "matrix")
        guard !file.bytes.starts(with: Array(PlanLine.start.utf8)) else {
            throw CommandError(
                .usage,
                "\(path) is a saved plan, not a matrix; apply it with: ecr-share apply --plan \(path.shellQuoted)")
        }
        let newRegions = Set(Settings.allowRegion.value(options.allowRegion, configuration))
        let result = Matrix.read(
            file, path: path, groups: groups, today: today,
            options: SharePlan.MatrixOptions(organizationalUnits: .deferred, newRegions: newRegions))
        problems += result.diagnostics.errorCount
        messages.lines(result.diagnostics.lines())
        guard let matrix = result.matrix, problems == 0 else {
            throw CommandError(
                .failed, "\(path) has \(problems) error\(problems == 1 ? "" : "s"); nothing was read from AWS"
            )
        }
        self.matrix = matrix
        warnings = result.diagnostics.warningCount
    }
}

extension ConfigurationFile {
    /// The file of `--config`, else `ecr-share.yaml` beside the matrix, else nothing. A command without a matrix takes
    /// the one in the current folder: guardrails are the folder's in which somebody works, wherever a plan was saved.
    init(explicit path: String?, beside matrix: String?) throws {
        let folder = matrix.map { path in path.lastIndex(of: "/").map { String(path[...$0]) } ?? "" } ?? ""
        let standard = folder + "ecr-share.yaml"
        guard let path = path ?? (InputFile.exists(standard) ? standard : nil) else {
            self.init()
            return
        }
        // One byte more than may be read, so that the reader can tell.
        let bytes = try InputFile.bytes(of: path, what: "configuration file", limit: YAMLReader.maximumSize + 1)
        do {
            try self.init(parsing: bytes, path: path)
            self.path = path
        } catch {
            throw CommandError(.failed, "the configuration cannot be used", details: error.lines)
        }
    }
}
