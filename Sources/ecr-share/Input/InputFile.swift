#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A file that a user named.
enum InputFile {
    /// The bytes of a file, mapped into memory where that is possible. `what` names it in the error.
    static func bytes(of path: String, what: String) throws -> Data {
        do {
            return try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
        } catch {
            throw CommandError(.failed, "cannot read the \(what) \(path): \(reason(error, path))")
        }
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path)
    }

    private static func reason(_ error: any Error, _ path: String) -> String {
        if !exists(path) { return "there is no such file; check the path" }
        return "\((error as? CocoaError)?.underlying ?? error)"
    }
}
