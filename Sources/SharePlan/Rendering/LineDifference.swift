import OrderedCollections
import OrderedJSON

/// What changed between two texts, line by line, with a few equal lines around each change.
package struct LineDifference: Hashable, Sendable {
    /// A line of either text, and what becomes of it.
    package enum Line: Hashable, Sendable {
        case kept(String)
        case removed(String)
        case added(String)
        /// So many equal lines are left out here.
        case skipped(Int)

        /// The line's text without a mark.
        package var text: String {
            switch self {
            case .kept(let text), .removed(let text), .added(let text): text
            case .skipped(let count): "... " + count.counting("equal line", "equal lines")
            }
        }

        /// The line as `diff` marks it: `-`, `+` or a space in front.
        package var marked: String {
            switch self {
            case .kept, .skipped: "  " + text
            case .removed: "- " + text
            case .added: "+ " + text
            }
        }
    }

    package let lines: [Line]

    /// The difference of two lists of lines, a comma at their end aside, with `context` equal lines around each change.
    package init(before: [String], after: [String], context: Int = 2) {
        var removed = Set<Int>()
        var added = Set<Int>()
        for change in after.difference(from: before, by: LineDifference.areEqual) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var all: [Line] = []
        var (left, right) = (0, 0)
        while left < before.count || right < after.count {
            if removed.contains(left) {
                all.append(.removed(before[left]))
                left += 1
            } else if added.contains(right) {
                all.append(.added(after[right]))
                right += 1
            } else {
                all.append(.kept(after[right]))
                left += 1
                right += 1
            }
        }
        lines = LineDifference.folded(all, context: context)
    }

    /// The difference of two policy documents as ``JSONValue/pretty`` prints them.
    ///
    /// nil is "no policy"; a text that is not JSON is taken line by line as it is.
    package init(policyBefore before: Policy?, after: Policy?, context: Int = 2) {
        self.init(
            before: LineDifference.lines(of: before?.withStatements(asIn: after)),
            after: LineDifference.lines(of: after), context: context)
    }

    /// Whether two lines differ only in a comma at the end: the last element of a list that grows did not change.
    private static func areEqual(_ left: String, _ right: String) -> Bool {
        func core(_ line: String) -> Substring { line.hasSuffix(",") ? line.dropLast() : line[...] }
        return core(left) == core(right)
    }

    private static func lines(of policy: Policy?) -> [String] {
        guard let policy else { return [] }
        let printed = (try? policy.json.pretty) ?? policy.text
        return printed.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private static func folded(_ lines: [Line], context: Int) -> [Line] {
        var isNear = Array(repeating: false, count: lines.count)
        for (index, line) in lines.enumerated() {
            if case .kept = line { continue }
            for near in max(0, index - context)...min(lines.count - 1, index + context) { isNear[near] = true }
        }
        var folded: [Line] = []
        var skipped = 0
        for (index, line) in lines.enumerated() {
            if !isNear[index] {
                skipped += 1
                continue
            }
            if skipped > 0 { folded.append(.skipped(skipped)) }
            skipped = 0
            folded.append(line)
        }
        if skipped > 0 { folded.append(.skipped(skipped)) }
        return folded
    }
}

extension Policy {
    /// The policy with its statements in the order of another one, as far as that has them too: the order means
    /// nothing, so a statement that only moved is not a difference. A policy whose order is right stays as it is.
    func withStatements(asIn other: Policy?) -> Policy {
        guard var members = try? json.object, var statements = members["Statement"]?.array,
            let others = try? other?.json.object?["Statement"]?.array
        else { return self }
        var left = Set(statements.indices)
        let matching = others.compactMap { wanted in
            let sid = wanted.object?["Sid"]
            let found =
                left.filter { statements[$0] == wanted }.min()
                ?? left.filter { sid != nil && statements[$0].object?["Sid"] == sid }.min()
            if let found { left.remove(found) }
            return found
        }
        if matching == matching.sorted() { return self }
        let ordered = matching.map { statements[$0] }
        for (place, statement) in zip(matching.sorted(), ordered) { statements[place] = statement }
        members["Statement"] = .array(statements)
        return Policy(JSONValue.object(members).minified)
    }
}
