package import OrderedCollections

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
        package let counts: OrderedDictionary<String, Int>
        package let digest: String
    }
}

extension PlanLine.Totals {
    package init(_ summary: PlanSummary, digest: String) {
        self.init(counts: summary.counts, digest: digest)
    }
}

extension PlanSummary {
    /// The numbers in the order in which they are written.
    var counts: OrderedDictionary<String, Int> {
        [
            "repositories": repositories,
            "create": create,
            "update": update,
            "delete": delete,
            "unchanged": unchanged,
            "problems": problems,
            "grantsAdded": grantsAdded,
            "grantsRemoved": grantsRemoved,
        ]
    }
}
