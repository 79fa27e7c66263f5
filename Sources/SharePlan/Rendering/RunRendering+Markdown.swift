extension RunRendering {
    /// The most bytes of the report that precedes the plan.
    private static let limit = 20_000

    /// The report as the head of a Markdown page that continues with the run's plan.
    package func markdown() -> String {
        var page = MarkdownPage(limit: RunRendering.limit)
        page.text = """
            ### ECR sharing run

            **\(sentence)**

            \(title.clipped(to: 600).markdownCode)

            \(circumstances.clipped(to: 600).markdownCode)

            """
        for step in nextSteps { page.text += "\n\(step.what): \(step.command.clipped(to: 600).markdownCode)\n" }
        page.notes("Not done", failureNotes)
        return page.text + "\n"
    }
}
