import OrderedCollections

/// The documents' line differences, equal ones kept once.
struct StatementChanges: Sendable {
    /// The repositories whose documents differ in the same way.
    struct Group: Sendable {
        fileprivate(set) var repositories = RepositorySet()
        /// Of the largest document after the change; 0 when all are deleted.
        fileprivate(set) var size = 0

        /// `1,234 of 10,240 characters`; nil when no document is left.
        var sizeSentence: String? {
            guard size > 0 else { return nil }
            let most = repositories.count == 1 ? "" : "at most "
            return "\(most)\(size.grouped) of \(PolicyTooLarge.hardLimit.grouped) characters"
        }
    }

    private(set) var groups: OrderedDictionary<LineDifference, Group> = [:]

    /// Takes a change; returns its difference unless an equal one was there.
    @discardableResult
    mutating func add(_ change: Change) -> LineDifference? {
        let difference = LineDifference(policyBefore: change.before, after: change.after)
        let isNew = groups[difference] == nil
        groups[difference, default: Group()].repositories.append(change.repository)
        groups[difference, default: Group()].size = max(groups[difference]?.size ?? 0, change.size)
        return isNew ? difference : nil
    }
}
