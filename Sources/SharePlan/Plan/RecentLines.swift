import Synchronization

/// Decodes the entries of a plan, and knows the last few again.
///
/// In a rollout the lines of most changes differ in their repository alone, and decoding the policies and grants behind it
/// is most of what reading a plan costs. What is the same to the byte is decoded once. Many tasks may decode at once.
package final class RecentLines: Sendable {
    private struct Recent {
        /// What follows the repository.
        let rest: [UInt8]
        let change: Change
    }

    /// So many different changes are remembered.
    private static let count = 4

    private let recent = Mutex<[Recent]>([])

    package init() {}

    /// The entry on a line, given without its newline, of which is known whose it should be.
    ///
    /// - Throws: ``JSONMembers/Mismatch`` when the line is no entry.
    package func entry(of repository: RepositoryID, decoding line: [UInt8]) throws(JSONMembers.Mismatch) -> PlanEntry {
        let start = PlanLine.startOfChange(of: repository)
        guard line.starts(with: start) else { return try PlanEntry(decoding: line[...]) }
        let rest = line[start.count...]
        if let known = recent.withLock({ $0.first { $0.rest[...] == rest } }) {
            return .change(known.change.moved(to: repository))
        }
        let entry = try PlanEntry(decoding: line[...])
        if case .change(let change) = entry {
            recent.withLock { recent in
                if recent.count == RecentLines.count { recent.removeLast() }
                recent.insert(Recent(rest: Array(rest), change: change), at: 0)
            }
        }
        return entry
    }
}

extension Change {
    fileprivate func moved(to repository: RepositoryID) -> Change {
        Change(repository: repository, before: before, after: after, grants: grants, warnings: warnings)
    }
}
