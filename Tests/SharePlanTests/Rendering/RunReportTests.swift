import AWSValues
import OrderedCollections
import OrderedJSON
import SharePlan
import TestSupport
import Testing

@Suite struct RunReportTests {
    @Test(arguments: SampleRun.all)
    func `A run's report reads as it was approved`(run: SampleRun) throws {
        try GoldenFile.expect(run.text(), in: "\(run.name).txt")
        try GoldenFile.expect(run.markdown, in: "\(run.name).md")
        guard run.name == "run-interrupted" else { return }
        try GoldenFile.expect(run.text(TextOptions(color: true)), in: "run-interrupted-terminal.txt")
        let counts = "1 done already, 1 failed, 1 conflict, 1 perhaps written, 7 not started"
        let lines = run.text(TextOptions(verbosity: .quiet)).split(separator: "\n").map(String.init)
        #expect(lines.count == 2 && lines.last == "Run: 3 of 14 repositories written, \(counts).")
    }

    @Test(arguments: SampleRun.all)
    func `Access is given and taken only where it was written, and everything else is named`(run: SampleRun) throws {
        let titles = [
            "access given": true, "access taken away": true, "not done": false, "perhaps written": false,
            "not started": false, "problems": nil, "warnings": nil,
        ]
        for report in [sections(of: run.text(TextOptions(verbosity: .verbose))), sections(of: run.markdown)] {
            for case .change(let change) in run.plan.entries {
                let outcome = run.report.outcome(of: change.repository).kind
                let found = report.filter { names(in: $0.value).contains(change.repository.name.text) }.keys
                #expect(found.count == 1, "\(change.repository): \(found)")
                for title in found { #expect(titles[title] == outcome.isDone, "\(change.repository): \(title)") }
            }
        }
    }

    @Test(arguments: SampleRun.all)
    func `A run's report does not advise to apply its plan, and is no plan's comment`(run: SampleRun) {
        #expect(SamplePlan.small.markdown.contains("<!-- ecr-share plan -->"))
        for report in [run.text(), run.markdown, run.html] {
            #expect(!report.contains("ecr-share plan -->") && !report.contains("apply --plan"))
            #expect(report.contains(run.plan.digest))
        }
    }

    @Test(arguments: SampleRun.all)
    func `The page's rows say why they were not done, and its sections count repositories`(run: SampleRun) throws {
        let about = try #require(try run.data("about").first?.object)
        let counts = Dictionary(
            uniqueKeysWithValues: try #require(about["sections"]?.array).compactMap { section in
                section.object.flatMap { object in
                    (object["title"]?.string).flatMap { title in (object["count"]?.integer).map { (title, $0) } }
                }
            })
        let counted = run.report.counts
        #expect(counts["Not done"] ?? 0 == counted[.failed] + counted[.conflict])
        #expect(counts["Perhaps written"] ?? 0 == counted[.inDoubt])
        #expect(counts["Not started"] ?? 0 == counted[.notStarted])
        #expect(
            (counts["Access given"] ?? 0) + (counts["Access taken away"] ?? 0) == counted[.written]
                + counted[.alreadyDone])
        #expect(counts["Problems: left out of the plan"] == 1)

        let part = try #require(try run.data("part").first?.object)
        let texts = part["texts"]?.array?.compactMap(\.string) ?? []
        for row in try #require(part["rows"]?.array).compactMap(\.array) where row.count > 12 {
            let outcome = RunOutcome.Kind.allCases[try #require(row[12].integer)]
            let notes = row[11].array?.compactMap(\.integer).map { texts[$0] } ?? []
            #expect(notes.isEmpty == outcome.isDone, "\(row[1]): \(notes)")
            #expect(row[3].integer == -1 || outcome.isDone, "no group of changes has what was not done")
        }
    }

    @Test(arguments: [
        (0, "0 s"), (59, "59 s"), (60, "1 min 0 s"), (3_599, "59 min 59 s"), (3_600, "1 h 0 min"),
        (90_061, "25 h 1 min"),
    ])
    func `The time taken is shown in two units at most`(seconds: Int, words: String) {
        var run = RunReport(header: SamplePlan.header(), summary: PlanSummary(), phase: .finished(.completed))
        run.startedAt = "2026-11-24T21:04:10Z"
        run.seconds = seconds
        #expect(text(run).contains("took \(words)\n"))
    }

    @Test(arguments: SamplePlan.hostileTexts)
    func `Hostile texts are made visible`(text: String) throws {
        var run = RunReport(header: SamplePlan.hostile.header, summary: PlanSummary(), phase: .finished(.interrupted))
        run.startedAt = text
        run.caller = text
        run.count(
            .failed(StoreError(kind: .other, code: text, message: text, requestID: text), written: .unknown),
            of: .fixture("111122223333 us-east-1 base/go"))
        let lines = self.text(run).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines == lines.map { $0.visible() })
    }

    private func text(_ run: RunReport) -> String {
        var renderer = TextPlanRenderer(header: run.header, run: run)
        return renderer.render([PlanEntry](), digest: "d")
    }

    /// What stands below each heading, by the heading's words without their detail.
    private func sections(of report: String) -> [String: String] {
        let known = ["access given", "access taken away", "not done", "perhaps written", "not started", "problems"]
        var sections: [String: String] = [:]
        var title = ""
        for line in report.split(separator: "\n", omittingEmptySubsequences: false) {
            let words = line.drop { "# ".contains($0) }.lowercased()
            if let found = known.first(where: { words.hasPrefix($0) && !line.hasPrefix(" ") }) {
                title = found
            } else if words.hasPrefix("to resume") || words.hasPrefix("plan:") || words.hasPrefix("statements") {
                title = ""
            } else if !title.isEmpty {
                sections[title, default: ""] += line + "\n"
            }
        }
        return sections
    }

    /// The names of the sample's repositories in a section, with the runs of folded names written out.
    private func names(in section: String) -> Set<String> {
        var names: Set<String> = []
        let words = section.split { !($0.isLetter || $0.isNumber || "-/.…{},".contains($0)) }.map(String.init)
        for (index, word) in words.enumerated() {
            if let open = word.firstIndex(of: "{"), word.hasPrefix("base/") {
                let leaves = word[word.index(after: open)...].split { ",}".contains($0) }
                names.formUnion(leaves.map { "base/\($0)" })
            } else if word.hasPrefix("base/") {
                names.insert(word)
                guard index + 2 < words.count, ["...", "…"].contains(words[index + 1]) else { continue }
                let ends = [word, words[index + 2]].compactMap { Int($0.suffix(2)) }
                for number in ends[0]...ends[1] { names.insert("base/app-\(number < 10 ? "0" : "")\(number)") }
            }
        }
        return names
    }
}

extension SamplePlan {
    fileprivate var markdown: String {
        var renderer = MarkdownPlanRenderer(header: header)
        return renderer.render(entries, digest: digest)
    }
}

extension SampleRun {
    /// The contents of the page's data elements of one kind.
    fileprivate func data(_ kind: String) throws -> [JSONValue] {
        let start = "<script type=\"application/json\" class=\"\(kind)\">"
        return try html.split(separator: "\n").filter { $0.hasPrefix(start) }.map { line in
            try JSONValue(parsing: String(line.dropFirst(start.count).dropLast("</script>".count)))
        }
    }
}
