import Platform
import SharePlan

/// Where a command's result goes: standard output, or the file of `--output`, which appears whole or not at all.
///
/// A result of any length passes through: only a piece of it is in memory.
struct ResultOutput {
    private static let piece = 1 << 16

    private let path: String?
    private let isShownAsJSON: Bool
    private var text: [UInt8] = []
    private var file: NewFile?

    /// JSON goes to files and pipes as it is; on a terminal, invisible characters are escaped, which means the same.
    init(_ options: OutputOptions, isJSON: Bool = false) {
        path = options.output
        isShownAsJSON = isJSON && options.output == nil && Terminal.standardOutput.isInteractive
    }

    /// Adds text to the result.
    mutating func write(_ piece: String) throws {
        text.append(contentsOf: (isShownAsJSON ? piece.visibleJSON() : piece).utf8)
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
            guard !Terminal.standardOutput.writeAll(text) else { return }
            // A reader that went away, such as "head", wants no more and no complaint.
            if errno == EPIPE { throw CommandError.silent(.failed) }
            throw CommandError(
                .failed, "the result cannot be written to standard output: \(String(cString: strerror(errno)))")
        }
        let file = try self.file ?? NewFile(path)
        self.file = file
        try file.write(text)
    }
}
