import SharePlan
import TestSupport
import Testing

@Suite struct MarkdownPlanRendererTests {
    @Test(arguments: SamplePlan.all)
    func `A plan reads as it was approved`(plan: SamplePlan) throws {
        try GoldenFile.expect(markdown(plan), in: "\(plan.name).md")
    }

    @Test(arguments: [1, 40, 400, 4_000], [4_096, 10_000, 65_536])
    func `A comment keeps to its limit at any size and says what it leaves out`(count: Int, limit: Int) throws {
        var entries: [PlanEntry] = []
        for number in 0..<count {
            let text = SamplePlan.hostileTexts[number % SamplePlan.hostileTexts.count]
            let reason = String(repeating: text, count: 1 + number % 7)
            let name = "team-\(number)/image"
            let consumer = String(300_000_000_000 + number)
            switch number % 3 {
            case 0:
                entries.append(
                    SamplePlan.change(
                        "111122223333 us-east-1 \(name)", before: SamplePlan.policy(pull: [consumer]), after: nil,
                        removed: ["\(consumer) pull"], reason: reason))
            case 1:
                entries.append(
                    SamplePlan.change(
                        "111122223333 us-east-1 \(name)", before: nil, after: SamplePlan.policy(pull: [consumer]),
                        added: ["\(consumer) pull"], reason: reason, warnings: [reason + name]))
            default:
                entries.append(
                    SamplePlan.problem("111122223333 us-east-1 \(name)", code: reason, message: reason + name))
            }
        }
        entries.sort { $0.subject < $1.subject }
        var renderer = MarkdownPlanRenderer(header: SamplePlan.header(), options: MarkdownOptions(limit: limit))
        let text = renderer.render(entries, digest: SamplePlan.small.digest)
        #expect(text.utf8.count <= limit)
        #expect(text.contains("--expect \(SamplePlan.small.digest)"))
        if count == 1 { #expect(!text.contains("Not shown for lack of room")) }
        if count == 4_000 { #expect(text.contains("Not shown for lack of room")) }
        let opened = text.components(of: "<details>", outsideCode: true)
        #expect(opened == text.components(of: "</details>", outsideCode: true))
    }

    @Test func `Where room is short, open repositories come before losses, and what is left out is counted by kind`()
        throws
    {
        func entry(_ number: Int) throws -> PlanEntry {
            let consumer = String(300_000_000_000 + number)
            var warnings: [String] = []
            if number % 3 == 0 { warnings.append("the foreign Deny in statement \"D\" denies push to \(consumer)") }
            if number == 290 {
                warnings.append("statement \"pub\" opens the repository to everyone with AWS credentials: pull")
            }
            return SamplePlan.change(
                "111122223333 us-east-1 team-\(number)/image", before: SamplePlan.policy(pull: [consumer]), after: nil,
                removed: ["\(consumer) pull"], warnings: warnings)
        }
        let entries = try (100..<400).map(entry)
        var renderer = MarkdownPlanRenderer(header: SamplePlan.header(), options: MarkdownOptions(limit: 10_000))
        let text = renderer.render(entries, digest: SamplePlan.small.digest)
        let order = try [
            "300 grants are taken away, listed below", "team-290/image`: `statement \"pub\" opens", "Access taken away",
            "LOSES pull", "#### Warnings", "denies push to", "with denied grants)",
        ].map { words in try #require(text.firstRange(of: words), "\(words)").lowerBound }
        #expect(order == order.sorted() && text.utf8.count <= 10_000)
        // With room for all, losses are first.
        var few = MarkdownPlanRenderer(header: SamplePlan.header(), options: MarkdownOptions(limit: 65_536))
        let whole = few.render([try entry(290)], digest: SamplePlan.small.digest)
        #expect(whole.contains("listed first") && !whole.contains("Repositories open to others"))
    }

    @Test func `What matters most comes first`() throws {
        let text = markdown(.small)
        let order = try ["Access taken away", "Problems", "Warnings", "Access given", "Statements"].map { title in
            try #require(text.firstRange(of: "#### " + title)).lowerBound
        }
        #expect(order == order.sorted())
    }

    @Test(arguments: SamplePlan.hostileTexts + ["`", "``a`", " a ", ""])
    func `A code span holds any text`(text: String) {
        let code = text.markdownCode
        guard !text.isEmpty else {
            #expect(code.isEmpty)
            return
        }
        let fence = code.prefix { $0 == "`" }
        #expect(code.hasSuffix(fence) && !code.contains("\n"))
        let inside = code.dropFirst(fence.count).dropLast(fence.count)
        #expect(inside.first != "`" && inside.last != "`")
        #expect(!inside.split { $0 != "`" }.contains { $0.count == fence.count })
    }

    @Test func `Texts from outside are only in code`() {
        let bare = markdown(.hostile).withoutCode
        for word in ["octocat", "#123", "GH-7", "onerror", "<script", "example.com", "touch", "rm -rf"] {
            #expect(!bare.contains(word), "\(word)")
        }
    }

    private func markdown(_ plan: SamplePlan) -> String {
        var renderer = MarkdownPlanRenderer(header: plan.header)
        return renderer.render(plan.entries, digest: plan.digest)
    }
}

extension String {
    fileprivate func components(of part: String, outsideCode: Bool) -> Int {
        withoutCode.ranges(of: part).count
    }

    /// The text without fenced blocks and code spans, cut as CommonMark reads them.
    fileprivate var withoutCode: String {
        var lines: [Substring] = []
        var fence: Substring?
        for line in split(separator: "\n", omittingEmptySubsequences: false) {
            let ticks = line.prefix { $0 == "`" }
            if let open = fence {
                if ticks.count >= open.count, ticks.count == line.count { fence = nil }
            } else if ticks.count >= 3, !line.dropFirst(ticks.count).contains("`") {
                fence = ticks
            } else {
                lines.append(line)
            }
        }
        var rest = Substring(lines.joined(separator: "\n"))
        var text = ""
        while let start = rest.firstIndex(of: "`") {
            text += rest[..<start]
            let ticks = rest[start...].prefix { $0 == "`" }
            rest = rest[ticks.endIndex...]
            var search = rest
            while let next = search.firstIndex(of: "`") {
                let run = search[next...].prefix { $0 == "`" }
                search = search[run.endIndex...]
                if run.count == ticks.count {
                    rest = search
                    break
                }
            }
        }
        return text + rest
    }
}
