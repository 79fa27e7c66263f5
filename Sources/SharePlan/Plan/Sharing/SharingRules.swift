package import AWSValues

/// How live policies and wanted grants become plan entries: the options of `plan` that change what is planned.
package struct SharingRules: Hashable, Sendable {
    /// The most characters of a document unless `--max-policy-size` says otherwise.
    ///
    /// Below ECR's limit of 10,240 characters, because it is not documented how AWS counts: the margin covers what ECR
    /// may add when it prints what it stores.
    package static let defaultMaximumPolicySize = 10_000

    package var mode: MergeMode
    /// The start of every managed Sid.
    package var sidPrefix: String
    /// The foreign statements of exactly our shapes that are folded into managed ones.
    package var adoption: Adoption
    /// Replace managed statements that somebody edited by hand, instead of reporting them. Only with
    /// ``MergeMode/match``: what an edited statement grants is not known, so the other modes could not keep it.
    package var takeOver: Bool
    /// The most characters that a document may have.
    package var maximumPolicySize: Int
    /// The day of the plan, in UTC, by which dates in policies have passed; nil when none has.
    package var today: CalendarDate?

    package init(
        mode: MergeMode = .match, sidPrefix: String = "EcrShare", adopt: Bool = false, adoptedSids: [SidPattern] = [],
        hintsAtAdoption: Bool = true, takeOver: Bool = false,
        maximumPolicySize: Int = SharingRules.defaultMaximumPolicySize
    ) {
        self.mode = mode
        self.sidPrefix = sidPrefix
        adoption = Adoption(unprefixed: adopt, sids: adoptedSids, hints: hintsAtAdoption)
        self.takeOver = takeOver
        self.maximumPolicySize = maximumPolicySize
    }

    /// The rules of a repository that the matrix no longer names: what others wrote there is not adopted, since nothing
    /// of it would be granted again.
    package var ofPruning: SharingRules {
        var rules = self
        rules.adoption = Adoption(unprefixed: false, hints: false)
        return rules
    }

    /// What is to be done with a repository, whatever its name.
    package enum Decision: Sendable {
        case unchanged(warnings: [String])
        case change(Case)
    }

    /// What is to be done with one repository.
    ///
    /// `live` is the policy that ECR returned, nil for a repository without a policy and never nil for a failed read.
    /// `wanted` is what the matrix grants there, in any order, and `ended` what it granted until some day. The result
    /// was checked by ``DocumentCheck``, which shares no code with what computed it. `book` knows the cases of the
    /// same plan.
    package func entry(
        for repository: RepositoryID, live: Policy?, wanted: [WantedGrant], ended: [WantedGrant] = [],
        in book: CaseBook = CaseBook()
    ) -> PlanEntry {
        let question = CaseBook.Question(
            rules: self, registry: repository.registry, live: live, wanted: wanted, ended: ended)
        do {
            let found = try book.decisions.value(for: question, size: question.size) { try decision(on: question) }
            switch found {
            case .unchanged(let warnings):
                return .unchanged(Unchanged(repository: repository, warnings: warnings))
            case .change(let content): return .change(Change(repository, content))
            }
        } catch {
            return .problem(Problem(repository: repository, error).beside(live: live, on: today))
        }
    }

    private func decision(on question: CaseBook.Question) throws -> Decision {
        let (live, wanted) = (question.live, question.wanted)
        let region = question.registry.region
        let (owner, partition) = (question.registry.account, region.partition)
        let policy = try LivePolicy(live, sidPrefix: sidPrefix, partition: partition, adopt: adoption)
        let replacesEdited = takeOver && mode == .match
        if let edited = policy.handEdited.first, !replacesEdited {
            throw PlanningProblem.handEdited(sid: edited.sid, reason: edited.reason)
        }
        let target = target(held: policy.held, wanted: wanted)
        let after = try policy.policy(granting: target, maximumSize: maximumPolicySize)
        var warnings = policy.warnings
        let before = try PolicyEvaluator(
            of: live, partition: partition, owner: owner, today: today, region: region)
        var known: PolicyEvaluator?
        func evaluator() throws(PolicyError) -> PolicyEvaluator {
            if let known { return known }
            let evaluator = try PolicyEvaluator(
                of: after, partition: partition, owner: owner, today: today, region: region, replacing: before)
            known = evaluator
            return evaluator
        }
        if policy.foreign.contains(where: \.mayBeOpen) {
            warnings += StatementWarning.all(of: try evaluator().openAccess)
        }
        let grantsWanted = wanted.map(\.grant)
        if mode == .remove {
            warnings += StatementWarning.all(of: try evaluator().keptGrants(among: grantsWanted))
        } else if policy.hasDenial {
            warnings += StatementWarning.all(
                of: try evaluator().deniedGrants(among: grantsWanted, sidPrefix: sidPrefix))
        }
        if policy.hasSameMeaning(as: after) { return .unchanged(warnings: warnings) }
        try DocumentCheck(
            mode: mode, sidPrefix: sidPrefix, adopts: adoption.unprefixed,
            adoptedSids: adoption.sids.map(\.description), owner: owner, partition: partition
        ).check(live: live, proposed: after, wanted: grantsWanted)
        let takeOver = TakeOver(of: policy, owner: owner, partition: partition)
        let grants = GrantDifference(replacing: policy, takeOver, by: target, wanted: wanted).ending(question.ended)
        return .change(
            Case(
                of: question.registry, before: live, after: after, grants: grants,
                access: EffectiveAccess.difference(from: before, to: try evaluator(), naming: grants),
                warnings: warnings + policy.warningsOfWriting, replaced: takeOver.replaced))
    }

    /// What the managed statements are to grant.
    private func target(held: GrantSet, wanted: [WantedGrant]) -> GrantSet {
        var target = mode == .match ? GrantSet() : held
        for wanted in wanted {
            switch mode {
            case .match, .add: target.insert(wanted.grant)
            case .remove: target.remove(wanted.grant)
            }
        }
        return target
    }
}

extension GrantDifference {
    /// The same, with the reasons and ends of grants that are removed because they ended.
    fileprivate func ending(_ ended: [WantedGrant]) -> GrantDifference {
        guard !ended.isEmpty, !removed.isEmpty else { return self }
        let known = Dictionary(ended.map { ($0.grant, $0) }) { first, _ in first }
        return GrantDifference(added: added, removed: removed.map { known[$0.grant] ?? $0 })
    }
}

extension GrantDifference {
    /// What a consumer gains and loses when its repository goes from `before` to `after`. What is gained has the
    /// reasons and ends of `wanted`, what is lost only the reasons.
    init(from before: GrantSet, to after: GrantSet, wanted: [WantedGrant] = []) {
        let known = Dictionary(wanted.map { ($0.grant, $0) }) { first, _ in first }
        self.init(
            added: before.added(in: after).map { known[$0] ?? WantedGrant($0) },
            removed: after.added(in: before).map { WantedGrant($0, reason: known[$0]?.reason ?? "") })
    }
}
