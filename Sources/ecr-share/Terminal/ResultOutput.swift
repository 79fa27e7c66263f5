/// Where a command's result goes: standard output, or the file of `--output`, which appears whole or not at all.
///
/// A result of any length passes through: only a piece of it is in memory.
struct ResultOutput {
    private static let piece = 1 << 16

    private let path: String?
    private var text: [UInt8] = []
    private var file: NewFile?

    init(_ options: OutputOptions) {
        path = options.output
    }

    /// Adds text to the result.
    mutating func write(_ piece: String) throws {
        text.append(contentsOf: piece.utf8)
        if text.count > ResultOutput.piece { try flush() }
    }

    /// Ends the result.
    mutating func finish() throws {
        try flush()
        try file?.commit()
        file = nil
    }

    private mutating func flush() throws {
        defer { text.removeAll(keepingCapacity: true) }
        guard let path else {
            // A reader that went away, such as "head", wants no more and no complaint.
            guard Terminal.standardOutput.writeAll(text) else { throw CommandError.silent(.failed) }
            return
        }
        let file = try self.file ?? NewFile(path)
        self.file = file
        try file.write(text)
    }
}
