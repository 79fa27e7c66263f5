import AWSValues
import Crypto
import Foundation
import OrderedCollections
import OrderedJSON
import SharePlan
import TestSupport
import Testing

@Suite struct HTMLPlanRendererTests {
    @Test(arguments: [SamplePlan.small, .hostile])
    func `A plan's data are as they were approved`(plan: SamplePlan) throws {
        try GoldenFile.expect(data(html(plan)).joined(separator: "\n") + "\n", in: "\(plan.name)-html.json")
    }

    @Test func `The data of a plan of thousands are as they were approved`() throws {
        try GoldenFile.expectExcerpt(
            of: data(html(.grouped)).joined(separator: "\n") + "\n", in: "grouped-html.txt")
    }

    @Test(arguments: SamplePlan.all)
    func `The page may load nothing and run only what it carries`(plan: SamplePlan) throws {
        let html = html(plan)
        let policy = try #require(content(html, from: "Content-Security-Policy\" content=\"", to: "\""))
        let style = try #require(content(html, from: "<style>", to: "</style>"))
        let script = try #require(content(html, from: "<script>", to: "</script>"))
        #expect(
            policy == "default-src 'none'; style-src '\(hash(style))'; script-src '\(hash(script))'; "
                + "base-uri 'none'; form-action 'none'")
        #expect(style == PageFiles.style && script == PageFiles.script, "the page carries its files as they are")
        let page = withoutData(html)
        for word in ["http:", "https:", "//cdn", "src=", "href=", "@import", "url(", " style=\"", "onclick"] {
            #expect(!page.contains(word), "\(word)")
        }
        for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "fetch("] {
            #expect(!script.contains(word), "\(word)")
        }
    }

    @Test func `The page around the data is the same for every plan`() {
        let pages = Set(SamplePlan.all.map { withoutData(html($0)) })
        #expect(pages.count == 1)
    }

    @Test(arguments: SamplePlan.all)
    func `No data can end their element or start another`(plan: SamplePlan) throws {
        let html = html(plan)
        let parts = data(html)
        #expect(parts.allSatisfy { !$0.contains("<") && !$0.contains(">") && !$0.contains("&") })
        #expect(html.ranges(of: "<script").count == parts.count + 1)
        #expect(html.ranges(of: "</script>").count == parts.count + 1)
        for part in parts { #expect(throws: Never.self) { try JSONValue(parsing: part) } }
    }

    @Test func `Nothing invisible is in the page's source, and nothing is lost by that`() throws {
        let html = html(.hostile)
        #expect(html == html.visibleJSON())
        #expect(html.contains(#"abc\u202etxt.exe\u2066\u200b\ufeffend"#))
    }

    @Test(arguments: SamplePlan.all)
    func `Every document and note of the plan can be read from the page`(plan: SamplePlan) throws {
        let page = try PageData(data(html(plan)))
        #expect(page.rows.count == plan.entries.count)
        for (row, entry) in zip(page.rows, plan.entries) {
            #expect(row[1].string == entry.repository?.name.text)
            let registry = page.registries[try #require(row[0].integer)].array?.compactMap(\.string)
            #expect(registry == [entry.subject.registry.account.description, entry.subject.registry.region.name])
            let notes = row[11].array?.compactMap(\.integer).map { page.texts[$0] }
            switch entry {
            case .change(let change):
                #expect(page.document(row[8]) == change.before?.text)
                #expect(page.document(row[9]) == change.after?.text)
                #expect(notes == change.warnings.map { $0.visible() })
            case .unchanged(let unchanged): #expect(notes == unchanged.warnings.map { $0.visible() })
            case .orphan(let orphan): #expect(notes == [orphan.sentence.visible()])
            case .problem(let problem): #expect(notes == ["\(problem.message) [\(problem.code)]".visible()])
            }
        }
    }

    @Test func `An old document has its statements in the order of the new one`() throws {
        func policy(_ statements: String...) -> Policy { "{\"Statement\": [\(statements.joined(separator: ", "))]}" }
        let (ours, foreign) = (#"{"Sid":"Ours","Effect":"Allow"}"#, #"{"Sid":"Foreign","Effect":"Deny"}"#)
        let (before, after) = (policy(ours, foreign), policy(foreign, ours))
        func documents(_ before: Policy, _ after: Policy) throws -> [String?] {
            let change = Change(
                repository: PlanSamples.repository("base/go"), before: before, after: after, grants: GrantDifference())
            var renderer = HTMLPlanRenderer(header: SamplePlan.header())
            let page = try PageData(data(renderer.render([.change(change)], digest: "")))
            return [page.document(page.rows[0][8]), page.document(page.rows[0][9])]
        }
        let ordered = #"{"Statement":[\#(foreign),\#(ours)]}"#
        #expect(try documents(before, after) == [ordered, after.text])
        #expect(try documents(before, before) == [before.text, before.text], "byte for byte where the order is right")
    }

    @Test func `Cells say what is added, removed, kept, foreign and denied`() throws {
        let page = try PageData(data(html(.small)))
        #expect(
            try page.cells("base/go") == [
                "444455556666": "kept pull", "777788889999": "removed pull",
                "arn:aws:iam::999900001111:role/audit": "foreign",
            ])
        #expect(
            try page.cells("base/java") == [
                "555566667777": "added push lambda", "666677778888": "denied", "777788889999": "removed pull",
            ])
        #expect(try page.cells("base/retired") == ["444455556666": "removed pull"])
        #expect(try page.cells("base/rust") == [:])
    }

    @Test func `A page taken in parts is the page rendered at once`() {
        let plan = SamplePlan.grouped
        var renderer = HTMLPlanRenderer(header: plan.header)
        var pieces: [String] = []
        for entry in plan.entries {
            renderer.add(entry)
            pieces.append(renderer.takeOutput())
        }
        pieces.append(renderer.finish(summary: plan.summary, digest: plan.digest))
        #expect(pieces.filter { !$0.isEmpty }.count > 3)
        #expect(pieces.joined() == html(plan))
    }

    private func html(_ plan: SamplePlan) -> String {
        var renderer = HTMLPlanRenderer(header: plan.header)
        return renderer.render(plan.entries, digest: plan.digest)
    }

    private func hash(_ text: String) -> String {
        "sha256-" + Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
    }

    private func content(_ html: String, from start: String, to end: String) -> String? {
        guard let start = html.firstRange(of: start),
            let end = html[start.upperBound...].firstRange(of: end)
        else { return nil }
        return String(html[start.upperBound..<end.lowerBound])
    }

    private func data(_ html: String) -> [String] { PageData.elements(of: html) }

    private func withoutData(_ html: String) -> String {
        PageData.lines(html).filter { !$0.hasPrefix(PageData.dataStart) }.joined(separator: "\n")
    }
}
