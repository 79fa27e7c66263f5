import AWSValues
import Foundation
import SharePlan
import TestSupport
import Testing

/// The HTML pages in headless Chromium, used as a reader would: filters, cards, a click, the keyboard.
///
/// `ECR_SHARE_SCREENSHOTS=1 scripts/test --filter BrowserTests` also retakes the pictures in docs/images.
@Suite(.serialized) struct BrowserTests {
    @Test(arguments: SamplePlan.all)
    func `A plan's page can be used, says nothing on the console and asks for nothing`(plan: SamplePlan) async throws {
        let facts = try await browse(page(of: plan))
        try expectUsable(facts)
        let summary = plan.summary
        #expect(
            facts.totals == [
                "create": summary.create, "update": summary.update, "delete": summary.delete,
                "unchanged": summary.unchanged, summary.problems == 1 ? "problem" : "problems": summary.problems,
                "grants added": summary.grantsAdded,
                "grants removed": summary.grantsRemoved,
            ])
        let changes = plan.entries.compactMap(\.change)
        #expect(facts.shown == changes.count + summary.problems)
        let kinds = [
            "changes": changes.count + summary.problems, "all": plan.entries.count, "create": summary.create,
            "update": summary.update, "delete": summary.delete, "unchanged": summary.unchanged,
            "problem": summary.problems, "loss": changes.count { !$0.access.lost.isEmpty },
            "gain": changes.count { !$0.access.gained.isEmpty },
        ]
        for (kind, count) in kinds { #expect(facts.kinds[kind] == count, "\(kind)") }
        let first = try #require(plan.entries.first { if case .unchanged = $0 { false } else { true } })
        #expect(facts.detail?.title == first.repository?.name.text)
        if case .change = first {
            #expect((facts.detail?.removed ?? 0) + (facts.detail?.added ?? 0) > 0, "the difference is shown")
        }
        try await takePicture(of: page(of: plan), named: "plan-\(plan.name)")
        if plan.name == "small" {
            let html = page(of: plan)
            try await takePicture(of: html, named: "plan-small-dark", ["--dark"])
            let java = "showDetail(plan.rows.find((row) => row.name === 'base/java'))"
            try await takePicture(of: html, named: "plan-difference", ["--show", java])
        }
    }

    @Test func `A plan without changes can be read`() async throws {
        let quiet = SamplePlan(
            name: "quiet", header: SamplePlan.header(),
            entries: [SamplePlan.unchanged("111122223333 us-east-1 base/go")])
        let facts = try await browse(page(of: quiet))
        #expect(facts.complaints.isEmpty, "\(facts.complaints)")
        #expect(facts.kinds["all"] == 1)
    }

    @Test func `2,000 repositories and 300 consumers open in less than 3 seconds`() async throws {
        let consumers = (0..<300).map { "\(300_000_000_000 + $0 * 7_919)" }
        let entries = (0..<2_000).map { number in
            SamplePlan.change(
                "111122223333 us-east-1 base/app-\(10_000 + number)",
                before: SamplePlan.policy(pull: Array(consumers[..<(number % 100)])),
                after: SamplePlan.policy(pull: consumers), added: consumers[(number % 100)...].map { $0 + " pull" })
        }
        let facts = try await browse(
            page(of: SamplePlan(name: "large", header: SamplePlan.header(rows: 2_000), entries: entries)))
        try expectUsable(facts)
        #expect(facts.milliseconds < 3_000)
        #expect(facts.shown == 2_000)
    }

    /// The linter of the page's scripts and styles: the engine that runs them, so no tool has to be installed for it.
    @Test func `Chromium understands every script and every declaration of the style`() async throws {
        let folder = URL.project.appending(path: "Sources/SharePlan/Rendering/HTML/Page")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { ["js", "css"].contains($0.pathExtension) }.map(\.path).sorted()
        #expect(files.count >= 6)
        let complaints = try await run(["--lint"] + files)
        #expect(try JSONDecoder().decode([String].self, from: Data(complaints.utf8)) == [])

        // And it would say so.
        try await withScratchFolder { folder in
            let broken = [
                "broken.js": "const one = 1;\nconst one = 2;\n",
                "broken.css": "p { colour: red; }\nb { color: red; }\n", "lost.css": "p:::x { color: red; }\n",
            ]
            for (name, text) in broken { try folder.appending(path: name).write(text) }
            let found = try await run(["--lint"] + broken.keys.sorted().map { folder.appending(path: $0).path })
            let complaints = try JSONDecoder().decode([String].self, from: Data(found.utf8))
            #expect(complaints.count == 3, "\(complaints)")
            #expect(complaints.contains { $0.hasPrefix("broken.js:2: SyntaxError") }, "\(complaints)")
        }
    }

    @Test(arguments: SampleRun.all)
    func `A run's page marks what was not done, and counts only what was`(run: SampleRun) async throws {
        let facts = try await browse(run.html)
        try expectUsable(facts)
        let counts = run.report.counts
        let done = counts[.written] + counts[.alreadyDone]
        #expect(facts.shown == counts.planned + 1)
        #expect((facts.kinds["loss"] ?? 0) + (facts.kinds["gain"] ?? 0) == done)
        #expect((facts.kinds["create"] ?? 0) + (facts.kinds["update"] ?? 0) == done)
        #expect(facts.kinds["warning"] == 0, "a failure is no warning")
        // Two lose access; whoever prints the report sees the same marks.
        var marks = facts.marks
        #expect(marks.removeValue(forKey: "x") ?? 0 == counts[.failed] + counts[.conflict] + 1)
        #expect(marks.removeValue(forKey: "?") ?? 0 == counts[.inDoubt])
        #expect(marks.removeValue(forKey: "○") ?? 0 == counts[.notStarted])
        #expect(marks.values.reduce(0, +) == done, "\(marks)")
        #expect(facts.spoken.contains("not added") == (done < counts.planned))
        #expect(facts.paper.legend == (done < counts.planned ? 7 : 6))
        if run.name == "run-interrupted" { try await takePicture(of: run.html, named: run.name) }
    }

    @Test func `The pages of a plan, a run and of access show what the program says`() async throws {
        try await withWorkplace { work in
            let matrix = "platform.csv --groups groups.csv"
            let plan = try await work.ecrShare("plan \(matrix) --format html")
            let planned = try await browse(plan.output)
            try expectUsable(planned)

            #expect(try await work.ecrShare("apply \(matrix) --yes").exitStatus == 0)
            let run = try #require(try work.runs().first)
            let kept = work.folder.appending(path: ".ecr-share/runs/\(run)/report.html")
            let mode = try FileManager.default.attributesOfItem(atPath: kept.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let report = try await work.ecrShare("runs show --format html")
            #expect(try report.output == String(contentsOf: kept, encoding: .utf8))
            let ran = try await browse(report.output)
            try expectUsable(ran)
            #expect(ran.heading == "ECR sharing run")
            #expect(ran.totals["written"] == planned.shown)
            #expect(ran.detail?.kind.hasSuffix(": written") == true)

            let access = try await work.ecrShare("access \(matrix) --format html")
            let seen = try await browse(access.output)
            try expectUsable(seen)
            #expect(seen.heading == "ECR access")
            #expect(seen.totals["repositories"] == 20 && seen.shown == 20)
            try await takePicture(of: report.output, named: "run")
            try await takePicture(of: access.output, named: "access")
        }
    }

    private func expectUsable(_ facts: Facts) throws {
        #expect(facts.complaints.isEmpty, "\(facts.complaints)")
        #expect(facts.requests.isEmpty, "\(facts.requests)")
        #expect(facts.byName.wanted == facts.byName.shown)
        #expect(facts.byNothing == 0)
        if let byConsumer = facts.byConsumer { #expect(byConsumer.wanted == byConsumer.shown) }
        for card in facts.cards { #expect(card.wanted == card.shown, "a card shows its repositories") }
        #expect(facts.detail?.open == true && facts.isFirst == true, "a click opens the row under it")
        #expect(facts.closes == true && facts.opensByKey == true, "Escape closes, Enter opens")
        try expectWhole(facts.paper)
    }

    /// Nothing of the page may be lost on paper: every card with each of its lines, the legend, the matrix.
    private func expectWhole(_ paper: Facts.Paper) throws {
        #expect(paper.items.shown == paper.items.wanted)
        #expect(paper.lines.shown == paper.lines.wanted)
        #expect(paper.cut.isEmpty && paper.wide.isEmpty, "cut: \(paper.cut), too wide: \(paper.wide)")
        #expect(paper.controls.isEmpty, "\(paper.controls)")
        #expect(paper.legend >= 3)
        #expect(paper.pictures > 0 || paper.words.contains("too large for paper"))
        #expect(paper.isLight)
    }

    private func page(of plan: SamplePlan) -> String {
        var renderer = HTMLPlanRenderer(header: plan.header)
        return renderer.render(plan.entries, digest: plan.digest)
    }

    private func browse(_ html: String) async throws -> Facts {
        try await JSONDecoder().decode(Facts.self, from: Data(open(html, []).utf8))
    }

    private func takePicture(of html: String, named name: String, _ options: [String] = []) async throws {
        guard ProcessInfo.processInfo.environment["ECR_SHARE_SCREENSHOTS"] == "1" else { return }
        let picture = URL.project.appending(path: "docs/images/\(name).png")
        _ = try await open(html, ["--screenshot", picture.path, "--width", "1280", "--height", "760"] + options)
    }

    private func open(_ html: String, _ options: [String]) async throws -> String {
        try await withScratchFolder { folder in
            let page = folder.appending(path: "page.html")
            try page.write(html)
            return try await run([page.path] + options)
        }
    }

    /// What `browse.py` writes.
    private func run(_ arguments: [String]) async throws -> String {
        try await withScratchFolder { folder in
            let script = URL.project.appending(path: "Tests/EndToEndTests/Browser/browse.py")
            let result = try await Program.python.run(
                [script.path] + arguments, environment: ["HOME": folder.path], folder: folder)
            try #require(result.exitStatus == 0, "\(result.errors)")
            return result.output
        }
    }
}

/// What `browse.py` saw.
private struct Facts: Decodable {
    struct Count: Decodable {
        let wanted, shown: Int
    }

    struct Detail: Decodable {
        let open: Bool
        let title, kind, text: String
        let removed, added: Int
    }

    /// What a printer gets.
    struct Paper: Decodable {
        let items, lines: Count
        let cut, wide, controls: [String]
        let legend, pictures: Int
        let words: String
        let isLight: Bool
    }

    let heading: String
    let milliseconds: Double
    let totals: [String: Int]
    let shown: Int
    let kinds: [String: Int]
    /// How many rows of changes and problems have which mark.
    let marks: [String: Int]
    /// What the table for screen readers says.
    let spoken: String
    let byName: Count
    let byNothing: Int
    let byConsumer: Count?
    let cards: [Count]
    let detail: Detail?
    let isFirst, closes, opensByKey: Bool?
    let paper: Paper
    let complaints, requests: [String]
}

extension PlanEntry {
    fileprivate var change: Change? {
        guard case .change(let change) = self else { return nil }
        return change
    }
}
