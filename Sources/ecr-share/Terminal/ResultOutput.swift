#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where a command's result goes: standard output, or the file of `--output`, which appears whole or not at all.
struct ResultOutput {
    private let path: String?
    private var text: [UInt8] = []

    init(_ options: OutputOptions) {
        path = options.output
    }

    /// Adds text to the result.
    mutating func write(_ piece: String) throws {
        text.append(contentsOf: piece.utf8)
        if path == nil, text.count > 1 << 16 { try flush() }
    }

    /// Ends the result.
    mutating func finish() throws {
        guard let path else { return try flush() }
        do {
            try Data(text).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw CommandError(.failed, "cannot write \(path): \(error)")
        }
    }

    private mutating func flush() throws {
        // A reader that went away, such as "head", wants no more and no complaint.
        guard Terminal.standardOutput.writeAll(text) else { throw CommandError.silent(.failed) }
        text.removeAll(keepingCapacity: true)
    }
}
