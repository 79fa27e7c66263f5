/// Who may use one repository, as its live policy says.
package struct RepositoryAccess: Sendable {
    package let repository: RepositoryID
    /// What the policy gives to everybody whom it names, foreign statements included; sorted.
    package let entries: [AccessEntry]
    /// What the managed statements grant, adoptable foreign ones included when asked for; sorted.
    package let managed: [Grant]
    /// What the matrix grants there; nil when no matrix was given.
    package let wanted: GrantSet?

    /// Reads a live policy, nil for a repository without one.
    ///
    /// Foreign statements of exactly our shapes that `adopt` takes count as managed.
    /// - Throws: `PolicyTextError` or `PolicyError` for a text that is no policy.
    package init(
        of repository: RepositoryID, policy: String?, sidPrefix: String, adopt: Adoption, wanted: [WantedGrant]?
    ) throws {
        let partition = repository.region.partition
        self.repository = repository
        entries = try GrantAudit(parsing: policy, partition: partition, owner: repository.account).entries
        managed = try LivePolicy(text: policy, sidPrefix: sidPrefix, partition: partition, adopt: adopt).held.sorted
        self.wanted = wanted.map { GrantSet($0.map(\.grant)) }
    }

    /// Whether the matrix grants this on the repository; nil when no matrix was given, or for what no matrix can name.
    package func isInMatrix(_ entry: AccessEntry) -> Bool? {
        guard let wanted, let grant = entry.grant else { return nil }
        return wanted.allows(grant)
    }

    /// The entries that no managed grant stands for.
    package var foreign: [AccessEntry] {
        let managed = GrantSet(managed)
        return entries.filter { entry in entry.grant.map { !managed.allows($0) } ?? true }
    }
}

extension AccessEntry {
    /// The grant that this access is, or nil when no matrix can say it.
    package var grant: Grant? {
        guard case .access(let access) = extent, decision.isAllowed, function == nil else { return nil }
        if kind == .lambda {
            guard let consumer, let region = region.flatMap({ Region($0) }) else { return nil }
            return Grant(consumer: consumer, access: .lambdaOnly, consumerRegion: region)
        }
        return consumer.map { Grant(consumer: $0, access: access) }
    }
}
