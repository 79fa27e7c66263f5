import AWSValues
import SharePlan
import TestSupport
import Testing

@Suite struct PlanRendererTests {
    private static func renderers(_ header: PlanHeader) -> [any PlanRenderer] {
        [
            TextPlanRenderer(header: header), TextPlanRenderer(header: header, options: .init(verbosity: .verbose)),
            MarkdownPlanRenderer(header: header), AWSCLIPlanRenderer(header: header), HTMLPlanRenderer(header: header),
        ]
    }

    @Test(arguments: SamplePlan.all)
    func `Equal plans give equal bytes, streamed or at once`(plan: SamplePlan) {
        for (one, other) in zip(Self.renderers(plan.header), Self.renderers(plan.header)) {
            var (batch, stream) = (one, other)
            var streamed = ""
            for entry in plan.entries {
                stream.add(entry)
                streamed += stream.takeOutput()
            }
            streamed += stream.finish(summary: plan.summary, digest: plan.digest)
            let isEqual = batch.render(plan.entries, digest: plan.digest) == streamed
            #expect(isEqual, "\(type(of: one))")
        }
    }

    @Test func `Changes that share their lists look like those that do not`() {
        let grants = GrantDifference(
            added: [PlanSamples.wanted("444455556666", .lambdaOnly, in: "us-east-1", reason: "why")],
            removed: [PlanSamples.wanted("555566667777", .push)])
        var shared: [PlanEntry] = []
        var apart: [PlanEntry] = []
        for (number, region) in ["us-east-1", "us-east-1", "eu-west-1", "us-east-1", "eu-west-1"].enumerated() {
            let repository = PlanSamples.repository("base/\(number)", region: region)
            // The third differs from its neighbours in what was there before.
            let before = number == 2 ? nil : #"{"Statement":[]}"#
            func change(_ grants: GrantDifference) -> PlanEntry {
                .change(Change(repository: repository, before: before.map { Policy($0) }, after: "{}", grants: grants))
            }
            shared.append(change(grants))
            apart.append(change(GrantDifference(added: grants.added.map { $0 }, removed: grants.removed.map { $0 })))
        }
        for (one, other) in zip(Self.renderers(SamplePlan.header()), Self.renderers(SamplePlan.header())) {
            var (one, other) = (one, other)
            let isEqual =
                one.render(shared, digest: SamplePlan.small.digest)
                == other.render(apart, digest: SamplePlan.small.digest)
            #expect(isEqual, "\(type(of: one))")
        }
    }

    @Test func `A registry that could not be listed is reported in every form`() throws {
        let registry = PlanSamples.repository("base/go").registry
        let west = PlanSamples.repository("base/go", region: "us-west-2").registry
        let message = "the repositories could not be listed"
        var entries: [PlanEntry] = [registry, west].map {
            .problem(Problem(registry: $0, code: "listing", message: message))
        }
        entries.insert(.unchanged(Unchanged(repository: PlanSamples.repository("base/go"))), at: 1)
        var texts: [String] = []
        for var renderer in Self.renderers(SamplePlan.header()) {
            texts.append(renderer.render(entries, digest: SamplePlan.small.digest))
        }
        #expect(
            texts[0].contains("x 111122223333 {us-east-1,us-west-2}: the repositories could not be listed [listing]\n"))
        #expect(texts[0].contains("Plan: nothing to write: 1 unchanged, 2 problems."))
        #expect(
            texts[2].contains(
                "- `111122223333 {us-east-1,us-west-2}`: `the repositories could not be listed` (`listing`)"))
        #expect(
            texts[3].contains(
                "# Not planned: 111122223333 {us-east-1,us-west-2}: the repositories could not be listed "
                    + "[listing]\n")
        )
        #expect(texts[4].contains(#""count":0,"registries":2,"names":[["111122223333 {us-east-1,us-west-2}","#))
        #expect(texts[4].contains(#""rows":[[0,"",4,"#))
    }

    @Test func `A problem of a registry and of repositories elsewhere names both on the page`() throws {
        let entries: [PlanEntry] = [
            .problem(
                Problem(registry: PlanSamples.repository("base/go").registry, code: "denied", message: "not allowed")),
            .problem(
                Problem(
                    repository: PlanSamples.repository("base/java", region: "us-west-2"), code: "denied",
                    message: "not allowed")),
        ]
        var page = HTMLPlanRenderer(header: SamplePlan.header())
        let html = page.render(entries, digest: SamplePlan.small.digest)
        #expect(html.contains(#""title":"Problems: left out of the plan","kind":"problem","count":2,"#))
        #expect(
            html.contains(
                #""count":1,"registries":1,"names":[["111122223333 us-east-1","the whole registry"],"#
                    + #"["111122223333 us-west-2","base/java"]]"#))
    }

    @Test func `A grant that ends says when in every form`() throws {
        let change = Change(
            repository: PlanSamples.repository("base/go"), before: nil, after: "{}",
            grants: GrantDifference(added: [
                PlanSamples.wanted("444455556666", reason: "TICKET-42", expires: "2027-01-31")
            ]))
        for var renderer in Self.renderers(SamplePlan.header()) {
            let text = renderer.render([.change(change)], digest: SamplePlan.small.digest)
            #expect(text.contains("TICKET-42; expires 2027-01-31"), "\(type(of: renderer))")
        }
    }

    @Test(arguments: 0..<5)
    func `A plan without entries is still a whole text`(form: Int) {
        var renderer = Self.renderers(SamplePlan.header())[form]
        let text = renderer.render([PlanEntry](), digest: SamplePlan.small.digest)
        #expect(text.contains("the plan names no repository") && text.hasSuffix("\n"))
    }
}
