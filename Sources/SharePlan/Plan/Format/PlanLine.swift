/// One line of a plan in JSON Lines: a header, entries, a summary.
///
/// Members are written in a fixed order, so the same plan is always the same bytes; `docs/plan-format.md` lists them.
package enum PlanLine: Hashable, Sendable {
    case header(PlanHeader)
    case entry(PlanEntry)
    case summary(Totals)

    /// The version of the format that this program writes, and the only one that it reads.
    package static let version = 1

    /// What every saved plan begins with.
    package static let start = #"{"kind":"plan","#

    /// The last line as it is written: every count by its name, and the digest.
    package struct Totals: Hashable, Sendable {
        package let counts: [Count]
        package let digest: String

        package init(_ summary: PlanSummary, digest: String) {
            self.counts = summary.counts
            self.digest = digest
        }

        init(counts: [Count], digest: String) {
            self.counts = counts
            self.digest = digest
        }
    }

    /// One number of the summary.
    package struct Count: Hashable, Sendable {
        package let name: String
        package let value: Int
    }
}

extension PlanSummary {
    /// The numbers in the order in which they are written.
    var counts: [PlanLine.Count] {
        [
            PlanLine.Count(name: "repositories", value: repositories),
            PlanLine.Count(name: "create", value: create),
            PlanLine.Count(name: "update", value: update),
            PlanLine.Count(name: "delete", value: delete),
            PlanLine.Count(name: "unchanged", value: unchanged),
            PlanLine.Count(name: "problems", value: problems),
            PlanLine.Count(name: "grantsAdded", value: grantsAdded),
            PlanLine.Count(name: "grantsRemoved", value: grantsRemoved),
        ]
    }
}
