import SharePlan
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

    @Test(arguments: 0..<5)
    func `A plan without entries is still a whole text`(form: Int) {
        var renderer = Self.renderers(SamplePlan.header())[form]
        let text = renderer.render([PlanEntry](), digest: SamplePlan.small.digest)
        #expect(text.contains("the plan names no repository") && text.hasSuffix("\n"))
    }
}
