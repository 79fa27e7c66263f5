import Crypto
import Foundation
import Testing

/// A rendering that was read by a person once and must not change by accident.
///
/// `ECR_SHARE_RECORD_GOLDEN=1 swift test` rewrites the files; such a run fails, so that it never passes as a test.
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

    /// As ``expect(_:in:sourceLocation:)``, for what is too long to be read whole: its beginning and its end are kept
    /// as text, all of it as a digest.
    static func expectExcerpt(
        of text: String, in name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.count > 400 ? "\(line.prefix(400))... \(line.count) characters" : String(line)
        }
        let digest = SHA256.hash(data: Data(text.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }
        let excerpt =
            lines.count <= 60
            ? lines.joined(separator: "\n")
            : (lines.prefix(45) + ["[... \(lines.count - 55) lines]"] + lines.suffix(10)).joined(separator: "\n")
        try expect("\(excerpt)\n[SHA-256 \(digest.joined())]\n", in: name, sourceLocation: sourceLocation)
    }
}
