import AWSValues

/// A managed statement that somebody edited by hand and that a change replaces.
package struct ReplacedStatement: Hashable, Sendable {
    package let sid: String
    /// Whether it does not allow: those that it denied may gain what other statements allow.
    package let denies: Bool
}

/// The grants that the hand-edited statements of a policy hold, and what is reported when they are replaced.
///
/// Worked out by the evaluator from each statement alone, whatever it looks like. What it may give counts as lost, what
/// it surely gives does not count as gained: a reviewer sees more rather than less.
struct TakeOver {
    /// What the statements surely give.
    private(set) var given: [Grant] = []
    /// What they may give beyond that.
    private(set) var possible: [Grant] = []
    private(set) var replaced: [ReplacedStatement] = []

    /// What replacing the hand-edited statements of `policy` does.
    init(of policy: LivePolicy, owner: AccountID, partition: Partition) {
        for edited in policy.handEdited {
            let alone = policy.policy(withOnly: edited.statement)
            let entries =
                edited.denies ? [] : (try? GrantAudit(of: alone, partition: partition, owner: owner).entries) ?? []
            for entry in entries { count(entry) }
            replaced.append(ReplacedStatement(sid: edited.sid, denies: edited.denies))
        }
    }

    private mutating func count(_ entry: AccessEntry) {
        guard let grant = entry.grantAtMost else { return }
        switch entry.decision {
        case .allowed where entry.function == nil: given.append(grant)
        case .allowed, .depends: possible.append(grant)
        case .denied, .notAllowed: break
        }
    }
}

extension GrantDifference {
    /// What consumers gain and lose when the managed statements of `policy` are replaced by ones that grant `target`.
    init(
        replacing policy: LivePolicy, _ takeOver: TakeOver, by target: GrantSet, wanted: [WantedGrant] = []
    ) {
        var before = policy.held
        for grant in takeOver.given { before.insert(grant) }
        let gains = GrantDifference(from: before, to: target, wanted: wanted)
        for grant in takeOver.possible { before.insert(grant) }
        let losses = takeOver.possible.isEmpty ? gains : GrantDifference(from: before, to: target, wanted: wanted)
        self.init(added: gains.added, removed: losses.removed)
    }
}

extension AccessEntry {
    /// The grant that holds the entry's access, whatever limits it; nil for what no grant can say.
    fileprivate var grantAtMost: Grant? {
        guard case .access(let access) = extent, let consumer else { return nil }
        switch kind {
        case .lambda:
            return region.flatMap { Region($0) }.map {
                Grant(consumer: consumer, access: .lambdaOnly, consumerRegion: $0)
            }
        case .account, .role, .user, .organization, .path: return Grant(consumer: consumer, access: access)
        case .public, .anyOrganization, .session, .service, .deleted, .unknown: return nil
        }
    }
}
