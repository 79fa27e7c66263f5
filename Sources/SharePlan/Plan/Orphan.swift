/// A repository that still holds grants of earlier runs, and that the matrix no longer names. Nothing is written there.
///
/// It tells what the archive of whoever plans knows, so no digest covers it and no summary counts it.
package struct Orphan: Hashable, Sendable {
    package let repository: RepositoryID
    /// What its managed statements grant, sorted.
    package let grants: [Grant]

    package init(repository: RepositoryID, grants: [Grant]) {
        self.repository = repository
        self.grants = grants
    }
}

extension Orphan {
    /// What the plan says of it, the repository left out.
    package var sentence: String {
        var byAccess: [Access: [Consumer]] = [:]
        for grant in grants { byAccess[grant.access, default: []].append(grant.consumer) }
        let kept = Access.allCases.compactMap { access in
            byAccess[access].map { consumers in
                let names = consumers.prefix(5).map(\.description)
                let rest = consumers.count > 5 ? ["\(consumers.count - 5) more"] : []
                return "\((names + rest).inWords) \(consumers.count == 1 ? "keeps" : "keep") \(access.rawValue)"
            }
        }
        return "the matrix no longer names it, and \(kept.joined(separator: ", ")); --prune revokes that"
    }
}

extension SharingRules {
    /// What a plan says of a repository that the matrix does not name, given its live policy: an orphan, or nil when it holds
    /// no managed grants.
    ///
    /// - Throws: ``PolicyError`` when the policy cannot be read.
    package func orphan(_ repository: RepositoryID, live: String?) throws(PolicyError) -> Orphan? {
        let policy = try LivePolicy(text: live, sidPrefix: sidPrefix, partition: repository.region.partition)
        let grants = policy.held.sorted
        return grants.isEmpty ? nil : Orphan(repository: repository, grants: grants)
    }
}
