/// Writes a plan in one form, entry by entry, so that a plan of any length needs memory only for what is printed.
///
/// Entries must come in the plan's own order, sorted by ``RepositoryID``. Equal plans give equal bytes. A renderer may
/// have text ready before the end; the whole output is every ``takeOutput()`` in turn and then
/// ``finish(summary:digest:)``.
package protocol PlanRenderer: Sendable {
    /// Takes the next entry of the plan.
    mutating func add(_ entry: PlanEntry)

    /// The text that is ready and was not taken before; may be empty. Call it after each `add` to stream to a file.
    mutating func takeOutput() -> String

    /// The rest of the output. `digest` is the plan's own, 64 lower-case hexadecimal digits.
    mutating func finish(summary: PlanSummary, digest: String) -> String
}

extension PlanRenderer {
    package mutating func takeOutput() -> String { "" }

    /// The whole output for a plan that is in memory.
    package mutating func render(_ entries: some Sequence<PlanEntry>, digest: String) -> String {
        var summary = PlanSummary()
        var text = ""
        for entry in entries {
            summary.count(entry)
            add(entry)
            text += takeOutput()
        }
        return text + finish(summary: summary, digest: digest)
    }
}
