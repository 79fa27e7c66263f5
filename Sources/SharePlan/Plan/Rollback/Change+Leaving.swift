package import AWSValues

extension Change {
    /// The accounts, roles and users that the change lets in: those that ECR may not know. Sorted.
    ///
    /// Organizations are not among them: ECR does not look up what is in a condition.
    package var newPrincipals: [Consumer] {
        let consumers = grants.added.filter { $0.grant.access != .lambdaOnly }.map(\.grant.consumer)
        return Set(consumers).filter { consumer in
            switch consumer {
            case .account, .principal: true
            case .organization, .organizationPath: false
            }
        }.sorted()
    }

    /// The change that leaves some consumers as they were before and does everything else, in a plan of `today`.
    ///
    /// - Throws: an error with a sentence when a document of the change cannot be read or the new one does not fit.
    package func leaving(
        _ consumers: Set<Consumer>, sidPrefix: String, maximumPolicySize: Int = SharingRules.defaultMaximumPolicySize,
        on today: CalendarDate? = nil
    ) throws -> Change {
        let partition = repository.region.partition
        let planned = try LivePolicy(after, sidPrefix: sidPrefix, partition: partition)
        let live = try LivePolicy(
            before, sidPrefix: sidPrefix, partition: partition, adoptedIn: planned)
        var target = GrantSet(planned.held.sorted.filter { !consumers.contains($0.consumer) })
        for grant in live.held.sorted where consumers.contains(grant.consumer) { target.insert(grant) }
        let new = try live.policy(granting: target, maximumSize: maximumPolicySize)
        let takeOver = TakeOver(of: live, owner: repository.account, partition: partition)
        return try Change(
            repository: repository, before: before, after: new,
            grants: GrantDifference(replacing: live, takeOver, by: target, wanted: grants.added + grants.removed),
            warnings: warnings, replaced: takeOver.replaced, registryPolicy: registryPolicy
        ).judged(on: today)
    }
}
