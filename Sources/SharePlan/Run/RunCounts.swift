/// How many repositories of a run had which outcome.
package struct RunCounts: Hashable, Sendable {
    /// Without those that are zero.
    private var numbers: [RunOutcome.Kind: Int] = [:]

    package init() {}

    package subscript(_ kind: RunOutcome.Kind) -> Int {
        get { numbers[kind] ?? 0 }
        set { numbers[kind] = newValue == 0 ? nil : newValue }
    }

    /// All changes of the run.
    package var planned: Int { numbers.values.reduce(0, +) }

    /// The changes that do not hold.
    package var left: Int { planned - self[.written] - self[.alreadyDone] }

    /// Each outcome that happened, with its number.
    package var parts: [(outcome: RunOutcome.Kind, count: Int)] {
        RunOutcome.Kind.allCases.map { ($0, self[$0]) }.filter { $0.1 > 0 }
    }

    /// `4 written, 2 done already, 1 conflict`.
    package var words: String { "\(self[.written].grouped) written" + others() }

    /// All but what was written, such as `, 2 done already, 5 unchanged, 2 conflicts`; of the conflicts so many are
    /// `edited` after the write.
    func others(unchanged: Int = 0, edited: Int = 0) -> String {
        let sinceWritten = edited > 0 ? " (\(edited.grouped) written, and edited by somebody since)" : ""
        var words = parts.filter { $0.outcome != .written }.map { outcome, count in
            outcome == .conflict
                ? count.counting("conflict", "conflicts") + sinceWritten : "\(count.grouped) \(outcome.rawValue)"
        }
        if unchanged > 0 { words.insert("\(unchanged.grouped) unchanged", at: self[.alreadyDone] > 0 ? 1 : 0) }
        return words.map { ", " + $0 }.joined()
    }
}
