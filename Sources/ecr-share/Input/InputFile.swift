import Platform
import SharePlan

/// A file that a user named.
enum InputFile {
    /// The bytes of a file, no more than `limit` of them. `what` names it in the error.
    static func bytes(of path: String, what: String, limit: Int = .max) throws -> [UInt8] {
        guard exists(path) else {
            throw CommandError(.failed, "cannot read the \(what) \(path): there is no such file; check the path")
        }
        let file = try MappedFile(path, what: what, limit: limit)
        // The bytes are valid as long as the file lives, which is not until the end of this scope by itself.
        return withExtendedLifetime(file) { [UInt8](file.bytes) }
    }

    /// What `parse` makes of a file. Every problem is shown; the command ends if one of them is an error.
    static func read<Value>(
        _ path: String, what: String, _ messages: Messages, by parse: ([UInt8], String) -> (Value?, Diagnostics)
    ) throws -> Value {
        let (value, diagnostics) = parse(try bytes(of: path, what: what), path)
        messages.lines(diagnostics.lines())
        guard let value else {
            throw CommandError(.failed, "\(path) has errors; correct them. Nothing was read from AWS")
        }
        return value
    }

    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }
}
