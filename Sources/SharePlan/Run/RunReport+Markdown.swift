extension RunReport {
    /// The most bytes of a report before what was done.
    static let markdownHead = 20_000

    /// The head of the report as Markdown; `plan` sums up what was planned.
    func markdownHead(plan: String, digest: String) -> String {
        var text = """
            ### ECR sharing run

            **\(sentence)**

            \(title.clipped(to: 600).markdownCode)

            \(circumstances.clipped(to: 600).markdownCode)

            \(plan) Digest \(digest.markdownCode)

            """
        for step in nextSteps() { text += "\n\(step.what): \(step.command.clipped(to: 600).markdownCode)\n" }
        return text
    }
}
