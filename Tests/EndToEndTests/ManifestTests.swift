import Foundation
import Testing

/// The files under manifests/, by the tools that are installed.
@Suite struct ManifestTests {
    @Test func `The manifests pass the checks of the tools that are here`() async throws {
        let script = Program(executable: URL.project.appending(path: "scripts/check-manifests"))
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        let home = ProcessInfo.processInfo.environment["HOME"] ?? "/nonexistent"
        // --offline, since a test waits for no network.
        let result = try await script.run(["--offline"], environment: ["PATH": path, "HOME": home])
        #expect(result.exitStatus == 0, "\(result.errors)\n\(result.output)")
        // What could not be checked says so.
        #expect(result.output.contains("ok: ") || result.output.contains("skipped: "))
    }
}
