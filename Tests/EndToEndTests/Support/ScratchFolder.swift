import Foundation

/// A folder for one test, removed with it.
func withScratchFolder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ecr-share-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}

extension URL {
    /// The project's folder, where the examples are.
    static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// A file of `manifests/examples`.
    static func example(_ name: String) -> URL {
        project.appending(path: "manifests/examples/\(name)")
    }

    func write(_ text: String) throws {
        try Data(text.utf8).write(to: self)
    }
}
