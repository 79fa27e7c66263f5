import Foundation
import Testing

@Suite struct ReviewingPageTests {
    @Test func `The page on reviewing shows what the program prints`() throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent()
        let page = try String(
            decoding: Data(contentsOf: tests.appending(path: "../../../docs/reviewing.md")), as: UTF8.self)
        let parts = page.split(separator: "<!-- golden: ").dropFirst()
        #expect(parts.count >= 4)
        for part in parts {
            // NAME or NAME FIRST-LAST, then a fenced block with those lines.
            let lines = part.split(separator: "\n", omittingEmptySubsequences: false)
            let words = try #require(lines.first).split(separator: " ")
            let fence = try #require(lines.dropFirst().first).prefix { $0 == "`" }
            let shown = lines.dropFirst(2).prefix { $0 != fence }
            let golden = try String(
                decoding: Data(contentsOf: tests.appending(path: "Golden/\(words[0])")), as: UTF8.self)
            var expected = golden.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            let ends = words[1].split(separator: "-").compactMap { Int($0) }
            if ends.count == 2 { expected = expected[(ends[0] - 1)...(ends[1] - 1)] }
            #expect(Array(shown) == Array(expected), "\(words[0]) was recorded anew: update docs/reviewing.md")
        }
    }
}
