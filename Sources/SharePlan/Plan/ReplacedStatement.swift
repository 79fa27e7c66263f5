/// A managed statement that somebody edited by hand and that a change replaces.
package struct ReplacedStatement: Hashable, Sendable {
    /// Access that goes with the statement and that no grant can say.
    package struct Loss: Hashable, Sendable {
        /// Who loses it, in words: `everybody`, `service codebuild.amazonaws.com`, a principal as the statement has it.
        package let holder: String
        /// The access: a word of the matrix, or actions as the statement has them.
        package let access: String

        package init(holder: String, access: String) {
            self.holder = holder
            self.access = access
        }
    }

    package let sid: String
    /// Whether it does not allow: whom it shut out may gain what other statements allow.
    package let denies: Bool
    /// Sorted by holder.
    package let losses: [Loss]

    package init(sid: String, denies: Bool, losses: [Loss]) {
        self.sid = sid
        self.denies = denies
        self.losses = losses
    }
}

/// What the hand-edited statements of a policy gave, and what of it goes when they are replaced.
///
/// Worked out by the evaluator from each statement alone, whatever it looks like. What it may give counts as lost, what it
/// surely gives does not count as gained: a reviewer sees more rather than less.
struct TakeOver {
    /// What the statements surely give.
    private(set) var given: [Grant] = []
    /// What they may give beyond that.
    private(set) var possible: [Grant] = []
    private(set) var replaced: [ReplacedStatement] = []

    /// What replacing the hand-edited statements of `policy` by statements that grant `target` does.
    init(of policy: LivePolicy, target: GrantSet, owner: AccountID, partition: Partition) {
        for edited in policy.handEdited {
            let text = policy.document(withOnly: edited.statement).text
            let entries =
                edited.denies ? [] : (try? GrantAudit(parsing: text, partition: partition, owner: owner).entries) ?? []
            let losses = entries.compactMap { count($0, target) }
            replaced.append(
                ReplacedStatement(
                    sid: edited.sid, denies: edited.denies,
                    losses: losses.sorted { ($0.holder, $0.access) < ($1.holder, $1.access) }))
        }
    }

    /// Takes in what an entry gives; returns what goes with it and no grant can say.
    private mutating func count(_ entry: AccessEntry, _ target: GrantSet) -> ReplacedStatement.Loss? {
        let isCertain: Bool
        switch entry.decision {
        case .allowed: isCertain = true
        case .depends: isCertain = false
        case .denied, .notAllowed: return nil
        }
        switch entry.extent {
        case .access(let access):
            guard let grant = entry.grantAtMost else {
                return ReplacedStatement.Loss(holder: entry.holder, access: access.rawValue)
            }
            if isCertain, entry.function == nil { given.append(grant) } else { possible.append(grant) }
            return nil
        case .other(let actions):
            let kept = Set(
                (entry.consumer.map { target.actions(of: $0, onBehalfOfLambda: entry.kind == .lambda) } ?? [])
                    .map { $0.lowercased() })
            let lost = actions.filter { !kept.contains($0.lowercased()) }
            return lost.isEmpty
                ? nil : ReplacedStatement.Loss(holder: entry.holder, access: lost.joined(separator: " "))
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
        case .public, .service, .deleted, .unknown: return nil
        }
    }

    /// Who it is, in words.
    fileprivate var holder: String {
        switch kind {
        case .public: "everybody"
        case .service: "service \(principal)"
        case .lambda:
            (principal == "*" ? "Lambda functions of everybody" : "Lambda functions of \(principal)")
                + (region.map { " in \($0)" } ?? "") + (function.map { " named \($0)" } ?? "")
        case .organization, .path, .account, .role, .user, .deleted, .unknown: consumer?.inWords ?? principal
        }
    }
}

extension GrantSet {
    /// The actions that a consumer, or the Lambda service on its behalf, has by these grants.
    fileprivate func actions(of consumer: Consumer, onBehalfOfLambda: Bool) -> [String] {
        if onBehalfOfLambda {
            return sorted.contains { $0.consumer == consumer && $0.access == .lambdaOnly }
                ? GrantShape.lambdaActions : []
        }
        if allows(Grant(consumer: consumer, access: .push)) { return GrantShape.pushActions }
        return allows(Grant(consumer: consumer, access: .pull)) ? GrantShape.pullActions : []
    }
}
