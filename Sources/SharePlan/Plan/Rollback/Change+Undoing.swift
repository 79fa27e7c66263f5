import AWSValues

extension Change {
    /// What putting the policy from before back gives and takes where `live` is the policy now, and the hand-edited
    /// statements that it replaces. Those that come back count as far as grants can say what they grant.
    func effectOfRestoring(
        over live: Policy?, sidPrefix: String
    ) throws(PolicyError) -> (grants: GrantDifference, replaced: [ReplacedStatement]) {
        let partition = repository.region.partition
        let now = try LivePolicy(live, sidPrefix: sidPrefix, partition: partition)
        let old = try LivePolicy(before, sidPrefix: sidPrefix, partition: partition)
        var target = old.held(adoptedBy: now, in: partition)
        let returning = TakeOver(of: old, owner: repository.account, partition: partition)
        for grant in returning.given + returning.possible { target.insert(grant) }
        let leaving = TakeOver(of: now, owner: repository.account, partition: partition)
        let gone = Set(Set(now.handEdited).subtracting(old.handEdited).map(\.sid))
        return (
            GrantDifference(replacing: now, leaving, by: target, wanted: reasoned),
            leaving.replaced.filter { gone.contains($0.sid) }
        )
    }

    /// The grants of both lists, for their reasons.
    var reasoned: [WantedGrant] { grants.added + grants.removed }

    /// Whether `live` is a policy that a search for unknown principals writes on its way: that of the change, in which
    /// some of the new principals are as they were before.
    ///
    /// ECR may print foreign statements in another order than before, so everything is compared in meaning.
    func isTrial(_ live: Policy?, sidPrefix: String) throws(PolicyError) -> Bool {
        let partition = repository.region.partition
        let old = try LivePolicy(before, sidPrefix: sidPrefix, partition: partition)
        let new = try LivePolicy(after, sidPrefix: sidPrefix, partition: partition)
        let now = try LivePolicy(live, sidPrefix: sidPrefix, partition: partition)
        guard now.handEdited.isEmpty, new.handEdited.isEmpty,
            PolicyDocument(statements: now.foreign).hasSameMeaning(
                as: PolicyDocument(statements: new.foreign), in: partition)
        else { return false }
        let tried = Set(newPrincipals)
        let (before, after) = (old.held(adoptedBy: new, in: partition).capabilities, new.held.capabilities)
        let differing = now.held.capabilities.symmetricDifference(after)
        return Set(differing.map(\.consumer)).allSatisfy { consumer in
            tried.contains(consumer)
                && now.held.capabilities.filter { $0.consumer == consumer }
                    == before.filter { $0.consumer == consumer }
        }
    }
}
