import OrderedCollections

/// The documents' line differences, equal ones kept once.
struct StatementChanges: Sendable {
    private(set) var differences: OrderedDictionary<LineDifference, RepositorySet> = [:]

    /// Takes a change; returns its difference unless an equal one was there.
    @discardableResult
    mutating func add(_ change: Change) -> LineDifference? {
        let difference = LineDifference(policyBefore: change.before, after: change.after)
        let isNew = differences[difference] == nil
        differences[difference, default: RepositorySet()].append(change.repository)
        return isNew ? difference : nil
    }
}
