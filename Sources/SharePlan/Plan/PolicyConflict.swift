package import AWSValues
import OrderedJSON

/// The three sides of a conflict: what the plan was made from, what it wanted, and what was found instead.
package struct PolicyConflict: Hashable, Sendable {
    /// The policy that the plan was made from; nil for none, here and below.
    package let before: Policy?
    package let wanted: Policy?
    package let live: Policy?
    package let sidPrefix: String
    package let partition: Partition

    package init(_ change: Change, live: Policy?, sidPrefix: String) {
        before = change.before
        wanted = change.after
        self.live = live
        self.sidPrefix = sidPrefix
        partition = change.repository.region.partition
    }

    /// A table for a person: one line per statement that says on which sides it is, and the statement itself where the
    /// sides differ, with the one who probably wrote it.
    package var lines: [String] {
        let sides = [before, wanted, live].map(Side.init)
        let places = sides.map(\.place)
        var lines = ["planned from: \(places[0]), wanted: \(places[1]), found: \(places[2])"]
        guard sides.contains(where: { !$0.statements.isEmpty }) else { return lines }
        lines.append("from  wanted  found")
        for row in rows(of: sides) {
            let marks = row.sides.map { $0 ? "x" : "-" }
            let name = row.isEverywhere ? row.name : "\(row.name)\(row.writer): \(row.text)"
            lines.append("  \(marks[0])     \(marks[1])      \(marks[2])    \(name)")
        }
        return lines
    }

    private func rows(of sides: [Side]) -> [Row] {
        var rows: [Row] = []
        for (number, side) in sides.enumerated() {
            for (index, statement) in side.statements.enumerated() {
                // Equal statements of one document are kept apart: each takes the next free row.
                let known = rows.firstIndex {
                    !$0.sides[number] && $0.statement.hasSameMeaning(as: statement, in: partition)
                }
                if let known {
                    rows[known].sides[number] = true
                } else {
                    rows.append(Row(statement, index: index, side: number, sidPrefix: sidPrefix))
                }
            }
        }
        return rows
    }

    /// One policy, as far as it can be read.
    private struct Side {
        let statements: [PolicyStatement]
        let place: String

        init(_ policy: Policy?) {
            guard let policy else {
                (statements, place) = ([], "no policy")
                return
            }
            guard let document = try? policy.document else {
                (statements, place) = ([], "text that is not a policy, \(policy.text)")
                return
            }
            statements = document.statements
            place = "\(statements.count) statement\(statements.count == 1 ? "" : "s")"
        }
    }

    /// One statement, and on which sides it is.
    private struct Row {
        let statement: PolicyStatement
        let name: String
        /// ` (written by …)`, or nothing.
        let writer: String
        /// In the order before, wanted, live.
        var sides = [false, false, false]

        init(_ statement: PolicyStatement, index: Int, side: Int, sidPrefix: String) {
            self.statement = statement
            name = statement.name(at: index)
            writer = StatementWriter(of: statement, sidPrefix: sidPrefix).map { " (by its Sid from \($0))" } ?? ""
            sides[side] = true
        }

        var isEverywhere: Bool { !sides.contains(false) }

        var text: String { JSONValue.object(statement.members).minified }
    }
}
