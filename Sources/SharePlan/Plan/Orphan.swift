package import AWSValues

/// A repository that still holds grants of earlier runs, and that the matrix no longer names. Nothing is written there.
///
/// It reports what the archive of whoever plans knows, so no digest covers it and no summary counts it.
package struct Orphan: Hashable, Sendable {
    package let repository: RepositoryID
    /// What its managed statements grant, sorted.
    package let grants: [Grant]
    /// The Sids of managed statements that were edited by hand, in document order; what they grant is not known.
    package var handEdited: [String] = []
}

extension Orphan {
    /// What the plan says of it, the repository left out.
    package var sentence: String {
        var byAccess: [Access: Set<Consumer>] = [:]
        for grant in grants { byAccess[grant.access, default: []].insert(grant.consumer) }
        let granted = Access.allCases.compactMap { access in
            byAccess[access].map { consumers in
                let names = consumers.sorted().prefix(5).map(\.description)
                let rest = consumers.count > 5 ? ["\(consumers.count - 5) more"] : []
                return "\(access.rawValue) to \((names + rest).inWords)"
            }
        }
        var parts = ["no longer in the matrix"]
        if !granted.isEmpty { parts.append("managed statements still grant \(granted.inWords)") }
        if handEdited.isEmpty {
            parts.append("--prune revokes that")
        } else {
            let names = handEdited.map { "\"\($0)\"" }.inWords
            let verb = handEdited.count == 1 ? "was" : "were"
            parts.append("the managed \(names) \(verb) edited by hand, so --prune leaves the policy as it is")
        }
        return parts.joined(separator: "; ")
    }
}

extension SharingRules {
    /// What a plan says of a repository that the matrix does not name, given its live policy: an orphan, or nil when it
    /// has no managed statements.
    ///
    /// - Throws: ``PolicyError`` when the policy cannot be read.
    package func orphan(_ repository: RepositoryID, live: Policy?) throws(PolicyError) -> Orphan? {
        let policy = try LivePolicy(live, sidPrefix: sidPrefix, partition: repository.region.partition)
        let grants = policy.held.sorted
        if grants.isEmpty, policy.handEdited.isEmpty { return nil }
        return Orphan(repository: repository, grants: grants, handEdited: policy.handEdited.map(\.sid))
    }
}
