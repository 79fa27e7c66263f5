import Foundation
import Testing

@testable import ecr_share

/// The table of docs/configuration.md is what the settings say of themselves.
///
/// `ECR_SHARE_RECORD_GOLDEN=1` rewrites it; such a run fails, so that it never passes as a test.
@Suite struct SettingsPageTests {
    @Test func `The page has every setting, its values and its default`() throws {
        let page = URL.project.appending(path: "docs/configuration.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let head = "| key | meaning | value | variable | default |\n| --- | --- | --- | --- | --- |\n"
        let start = try #require(text.range(of: head))
        let end = try #require(text.range(of: "\n\n", range: start.upperBound..<text.endIndex))
        let rows = Settings.all.map(row).joined(separator: "\n")
        guard text[start.upperBound..<end.lowerBound] != rows else { return }
        if ProcessInfo.processInfo.environment["ECR_SHARE_RECORD_GOLDEN"] == "1" {
            let recorded = text.replacingCharacters(in: start.upperBound..<end.lowerBound, with: rows)
            try Data(recorded.utf8).write(to: page)
        }
        Issue.record("the table of docs/configuration.md should be:\n\(rows)")
    }

    @Test func `No two settings have one name`() {
        #expect(Set(Settings.all.map(\.name)).count == Settings.all.count)
    }

    private func row(_ setting: any AnySetting) -> String {
        func code(_ text: String) -> String { text.isEmpty ? "–" : "`\(text)`" }
        let variables = setting.variables.map(code).joined(separator: ", ")
        let standard = setting.standard ?? ""
        let meaning = setting.meaning.replacing("|", with: "\\|")
        return "| `\(setting.name)` | \(meaning) | \(setting.words) | \(variables.isEmpty ? "–" : variables) | "
            + "\(standard.contains(" ") ? standard : code(standard)) |"
    }
}
