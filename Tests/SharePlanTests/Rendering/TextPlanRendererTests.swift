import SharePlan
import TestSupport
import Testing

@Suite struct TextPlanRendererTests {
    @Test(arguments: SamplePlan.all)
    func `A plan reads as it was approved`(plan: SamplePlan) throws {
        try GoldenFile.expect(text(plan), in: "\(plan.name).txt")
        guard plan.name != "grouped" else {
            try GoldenFile.expectExcerpt(
                of: text(plan, TextOptions(verbosity: .verbose)), in: "grouped-verbose.txt")
            try GoldenFile.expect(
                text(plan, TextOptions(width: 72, color: true)), in: "grouped-terminal.txt")
            return
        }
        try GoldenFile.expect(text(plan, TextOptions(verbosity: .verbose)), in: "\(plan.name)-verbose.txt")
        try GoldenFile.expect(
            text(plan, TextOptions(width: 72, color: true)), in: "\(plan.name)-terminal.txt")
    }

    /// The plan file's own form.
    @Test(arguments: SamplePlan.all)
    func `The lines of a plan file are as they were approved`(plan: SamplePlan) throws {
        var lines = [PlanLine.header(plan.header).bytes]
        var summary = PlanSummary()
        for entry in plan.entries {
            lines.append(PlanLine.entry(entry).bytes)
            summary.count(entry)
        }
        lines.append(PlanLine.summary(PlanLine.Totals(summary, digest: plan.digest)).bytes)
        let text = lines.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
        if plan.name == "grouped" {
            try GoldenFile.expectExcerpt(of: text, in: "grouped-jsonl.txt")
        } else {
            try GoldenFile.expect(text, in: "\(plan.name).jsonl")
        }
    }

    @Test(arguments: SamplePlan.all, [TextOptions.Verbosity.quiet, .normal, .verbose])
    func `Piped text has nothing invisible and no trailing spaces`(plan: SamplePlan, verbosity: TextOptions.Verbosity) {
        let text = text(plan, TextOptions(verbosity: verbosity))
        #expect(
            text
                == text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).visible() }
                .joined(separator: "\n"))
        #expect(!text.contains(" \n") && text.hasSuffix("\n"))
    }

    @Test(arguments: SamplePlan.all)
    func `A terminal gets no control character but our own colours`(plan: SamplePlan) {
        let text = text(plan, TextOptions(color: true, verbosity: .verbose))
        let ours = ["0", "1", "2", "1;31", "32", "33"].map { "\u{1B}[\($0)m" }
        let rest = ours.reduce(text) { $0.split(separator: $1, omittingEmptySubsequences: false).joined() }
        let odd = rest.unicodeScalars.filter { scalar in
            let category = scalar.properties.generalCategory
            return scalar != "\n" && (category == .control || category == .format || category == .lineSeparator)
        }
        #expect(odd.isEmpty)
    }

    @Test func `Thousands of changes of a dozen kinds fit one screen`() {
        #expect(SamplePlan.grouped.summary.changes == 3_000)
        #expect(text(.grouped).split(separator: "\n", omittingEmptySubsequences: false).count <= 60)
    }

    @Test func `Lines keep to the width, save for the summary and words that are longer`() {
        for line in text(.grouped, TextOptions(width: 60)).split(separator: "\n").dropLast() {
            #expect(line.utf8.count <= 60 || line.split(separator: " ").contains { $0.utf8.count > 40 }, "\(line)")
        }
    }

    @Test func `Losses come before gains and are never folded away`() throws {
        let losers = (0..<200).map { "\(700_000_000_000 + $0) pull" }
        let entries = [
            SamplePlan.change(
                "111122223333 us-east-1 base/a", before: nil, after: "{}", added: ["444455556666 pull"]),
            SamplePlan.change("111122223333 us-east-1 base/b", before: "{}", after: nil, removed: losers),
        ]
        var renderer = TextPlanRenderer(header: SamplePlan.header())
        let text = renderer.render(entries, digest: "d")
        for loser in losers { #expect(text.contains(loser.prefix(12))) }
        let loss = try #require(text.firstRange(of: "LOSE pull"))
        let gain = try #require(text.firstRange(of: "gains pull"))
        #expect(loss.upperBound < gain.lowerBound)
    }

    @Test func `A reason is shown with its group only while all repositories share it`() throws {
        func rendered(_ reasons: [String]) -> String {
            let entries = reasons.enumerated().map { index, reason in
                SamplePlan.change(
                    "111122223333 us-east-1 base/\(index)", before: nil, after: "{}", added: ["444455556666 pull"],
                    reason: reason)
            }
            var renderer = TextPlanRenderer(header: SamplePlan.header())
            return renderer.render(entries, digest: "d")
        }
        #expect(rendered(["T-1", "T-1"]).contains("us-east-1 (T-1): 444455556666 gains pull"))
        let mixed = rendered(["T-1", "T-2"])
        #expect(mixed.contains("gains pull") && !mixed.contains("T-1") && !mixed.contains("T-2"))
    }

    @Test func `Nothing to do is one friendly sentence`() throws {
        var renderer = TextPlanRenderer(header: SamplePlan.header())
        let entries = [
            SamplePlan.unchanged("111122223333 us-east-1 base/a"),
            SamplePlan.unchanged("111122223333 us-east-1 base/b"),
        ]
        let text = renderer.render(entries, digest: "d1")
        #expect(text == "Nothing to do: all 2 repositories are already as wanted. Digest d1\n")
    }

    private func text(_ plan: SamplePlan, _ options: TextOptions = TextOptions()) -> String {
        var renderer = TextPlanRenderer(header: plan.header, options: options)
        return renderer.render(plan.entries, digest: plan.digest)
    }

    @Test func `A sentence is broken at words, and the command at its end is not`() {
        let sentence =
            "Stopped after too many failures.  Fix the cause, then resume with: ecr-share apply --resume 20261124T210359Z-7k3q"
        func text(_ width: Int, _ mark: TextLayout.Word? = TextLayout.Word("error:")) -> String {
            var layout = TextLayout(options: TextOptions(width: width))
            layout.sentence(sentence, indent: 2, mark: mark)
            return layout.text
        }
        #expect(text(.max, nil) == sentence + "\n")
        #expect(text(60, nil).hasPrefix("Stopped after"))
        #expect(text(.max) == "error: \(sentence)\n", "elsewhere than on a terminal it is one line, with its spaces")
        let lines = text(60).split(separator: "\n").map(String.init)
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("  ") && !$0.hasPrefix("   ") })
        #expect(lines.last == "  ecr-share apply --resume 20261124T210359Z-7k3q")
        #expect(lines.count == 3)
    }
}
