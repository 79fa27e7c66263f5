import AWSValues

/// Compares what two policies of one repository give to everybody.
package enum EffectiveAccess {
    /// Who gains and who loses what when `before` is replaced by `after`, and who keeps what in spite of it.
    ///
    /// Asked about are all whom either policy or a grant of `grants` names, and everybody else, as ``GrantAudit`` does.
    /// Kept access is reported for the consumers of `grants`, the grants that the plan adds and removes, for the
    /// identities and functions of accounts among those that lose something, for whom the policies name when an
    /// organization, everybody or any service loses something, and of whoever gains or loses push the pull. The owner
    /// account needs no policy but its own, so that only a Deny matters to it. Both policies are of the same
    /// repository. If its region is known, functions elsewhere count only where they are named.
    package static func difference(
        from before: PolicyEvaluator, to after: PolicyEvaluator, naming grants: GrantDifference
    ) -> AccessChange {
        var mentions = Mentions(of: before.statements + after.statements)
        // Whatever denies may hit the owner account, which needs nobody to allow it anything.
        if (before.statements + after.statements).contains(where: { $0.effect != .allow }) {
            mentions.add(.account(after.owner))
        }
        var named: [PolicyInquiry.Asked: Access] = [:]
        var losing: [Holder: Access] = [:]
        for grant in (grants.added + grants.removed).map(\.grant) {
            let holder = Holder(of: grant, partition: after.partition)
            mentions.add(holder)
            let subject = AccessSubject(holder)
            let asked = PolicyInquiry.Asked(after.region.map { subject.limited(to: $0) } ?? subject)
            named[asked] = max(named[asked] ?? grant.access, grant.access)
        }
        for grant in grants.removed.map(\.grant) {
            let holder = Holder(of: grant, partition: after.partition)
            losing[holder] = max(losing[holder] ?? grant.access, grant.access)
        }
        var comparison = AccessComparison(before, after, mentions)
        var changes = AccessChange()
        let subjects = AccessSubject.all(
            mentions, withAccounts: mentions.asksForIdentities, functionsIn: after.region)
        /// What all others lose who are like a subject.
        var lostByAll: [AccessSubject.Crowd: Access] = [:]
        let crowds: [AccessSubject] = [.everybody, .anyService]
        for subject in crowds + subjects.subtracting(crowds) {
            guard let crowd = subject.crowd else { continue }
            // Any service is one of everybody.
            let whole: AccessSubject.Crowd = subject == .anyService ? .identities : crowd
            let change = comparison.change(for: subject, named: lostByAll[whole].map(subject.meant))
            changes.add(change, of: subject)
            for case .access(let access) in change.lost.map(\.extent) {
                lostByAll[crowd] = max(lostByAll[crowd] ?? access, access)
            }
        }
        /// The access of a grant whose consumer it is or may be a part of, or that all others lose.
        func access(of subject: AccessSubject) -> Access? {
            wholeAccess(of: subject).map(subject.meant)
        }
        func wholeAccess(of subject: AccessSubject) -> Access? {
            if let own = named[PolicyInquiry.Asked(subject)] { return own }
            if let whole = losing.first(where: { subject.isPart(of: $0.key) }) { return whole.value }
            if before.isOwner(subject.requester) { return nil }
            return losing.first { subject.mayBePart(of: $0.key) }?.value
                ?? lostByAll[subject.isService ? .services : .identities]
        }
        for subject in subjects where subject.crowd == nil {
            changes.add(comparison.change(for: subject, named: access(of: subject)), of: subject)
        }
        if !mentions.asksForIdentities {
            for case .account(let id) in mentions.holders {
                let subject = AccessSubject(.account(id))
                let change = comparison.change(forAccount: id, named: access(of: subject))
                if !change.isEmpty { changes.add(change, of: subject) }
            }
        }
        return AccessChange(
            gained: changes.gained.sorted(), lost: changes.lost.sorted(), kept: changes.kept.sorted())
    }
}

extension AccessChange {
    /// Adds what changes for a subject, unsorted.
    fileprivate mutating func add(_ change: AccessComparison.Change, of subject: AccessSubject) {
        func entries(_ parts: [AccessComparison.Part]) -> [AccessChange.Entry] {
            parts.map { part in
                AccessChange.Entry(
                    kind: subject.kind, principal: subject.principal, region: subject.region,
                    function: subject.function, extent: part.extent, through: part.through, doubts: part.doubts,
                    afterwards: part.afterwards)
            }
        }
        gained += entries(change.gained)
        lost += entries(change.lost)
        kept += entries(change.kept)
    }
}
