package import AWSValues
import OrderedJSON
import Synchronization

/// Decodes the entries of a plan, and knows the last few again.
///
/// In a rollout the lines of most changes differ in their repository alone, and decoding the policies and grants
/// is most of the cost of reading a plan. Equal bytes are decoded once. Many tasks may decode at once.
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
    /// - Throws: ``JSONMembers/Mismatch`` when the line is not an entry.
    package func entry(of repository: RepositoryID, decoding line: [UInt8]) throws(JSONMembers.Mismatch) -> PlanEntry {
        let start = PlanLine.startOfChange(of: repository)
        guard line.starts(with: start) else { return try PlanEntry(decoding: line[...]) }
        let rest = line[start.count...]
        if let change = known(rest) { return .change(change.moved(to: repository)) }
        return try learn(Array(rest), from: PlanEntry(decoding: line[...]))
    }

    /// The change of a repository, of whose line is given what follows ``PlanLine/startOfChange(of:)``.
    ///
    /// - Throws: ``JSONMembers/Mismatch`` when the line is not an entry.
    package func change(of repository: RepositoryID, decodingRest rest: [UInt8]) throws(JSONMembers.Mismatch)
        -> PlanEntry
    {
        if let change = known(rest[...]) { return .change(change.moved(to: repository)) }
        let line = PlanLine.startOfChange(of: repository) + rest
        return try learn(rest, from: PlanEntry(decoding: line[...]))
    }

    /// The change on a line, given without its newline, when all that follows its repository is remembered; else nil,
    /// and ``learn(_:from:)`` should follow the decoding.
    package func change(on line: ArraySlice<UInt8>) -> Change? {
        let recent = recent.withLock {
            $0.first { $0.rest.count < line.count && $0.rest.hasSameBytes(as: line.suffix($0.rest.count)) }
        }
        guard let recent, let repository = RecentLines.repository(startingChange: line.dropLast(recent.rest.count))
        else { return nil }
        return recent.change.moved(to: repository)
    }

    /// Remembers a change that was decoded from a whole line.
    package func learn(_ change: Change, from line: ArraySlice<UInt8>) {
        let start = PlanLine.startOfChange(of: change.repository)
        if line.starts(with: start) { _ = learn(Array(line.dropFirst(start.count)), from: .change(change)) }
    }

    /// Whose ``PlanLine/startOfChange(of:)`` these bytes are, or nil.
    private static func repository(startingChange start: ArraySlice<UInt8>) -> RepositoryID? {
        guard let value = try? JSONValue(parsing: start + [UInt8(ascii: "}")]), var members = try? JSONMembers(value),
            (try? members.string("kind")) == "change", let repository = try? members.repository("repository"),
            PlanLine.startOfChange(of: repository).hasSameBytes(as: start)
        else { return nil }
        return repository
    }

    private func known(_ rest: ArraySlice<UInt8>) -> Change? {
        recent.withLock { $0.first { $0.rest.hasSameBytes(as: rest) }?.change }
    }

    private func learn(_ rest: [UInt8], from entry: PlanEntry) -> PlanEntry {
        guard case .change(let change) = entry else { return entry }
        recent.withLock { recent in
            if recent.count == RecentLines.count { recent.removeLast() }
            recent.insert(Recent(rest: rest, change: change), at: 0)
        }
        return entry
    }
}

extension Change {
    fileprivate func moved(to repository: RepositoryID) -> Change {
        Change(
            repository: repository, before: before, after: after, grants: grants, access: access, warnings: warnings,
            replaced: replaced, registry: registry)
    }
}
