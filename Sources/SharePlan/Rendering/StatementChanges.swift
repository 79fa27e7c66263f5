import OrderedCollections

/// The documents' line differences, equal ones kept once.
struct StatementChanges: Sendable {
    private(set) var differences: OrderedDictionary<LineDifference, RepositorySet> = [:]

    mutating func add(_ change: Change) {
        let difference = LineDifference(policyBefore: change.before, after: change.after)
        differences[difference, default: RepositorySet()].append(change.repository)
    }
}
