import Foundation
import Testing

/// A rendering that was read by a person once and must not change by accident.
///
/// `ECR_SHARE_RECORD_GOLDEN=1 swift test` writes the files anew; such a run fails, so that it is never taken for a test.
enum GoldenFile {
    static func expect(_ text: String, in name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
        if ProcessInfo.processInfo.environment["ECR_SHARE_RECORD_GOLDEN"] == "1" {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            Issue.record("recorded \(name); read it, then run again without recording", sourceLocation: sourceLocation)
            return
        }
        let recorded = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        guard recorded != text else { return }
        let old = recorded.split(separator: "\n", omittingEmptySubsequences: false)
        let new = text.split(separator: "\n", omittingEmptySubsequences: false)
        let line = zip(old, new).prefix { $0 == $1 }.count
        Issue.record(
            """
            \(name) differs from line \(line + 1):
            recorded: \(line < old.count ? String(old[line]) : "(end)")
            rendered: \(line < new.count ? String(new[line]) : "(end)")
            """, sourceLocation: sourceLocation)
    }
}
