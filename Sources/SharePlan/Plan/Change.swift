package import AWSValues

/// What a plan says of one repository or registry. One entry for each, sorted by ``PlanSubject``.
package enum PlanEntry: Hashable, Sendable {
    case change(Change)
    case unchanged(Unchanged)
    case problem(Problem)
    case orphan(Orphan)

    package var subject: PlanSubject {
        switch self {
        case .change(let change): .repository(change.repository)
        case .unchanged(let unchanged): .repository(unchanged.repository)
        case .problem(let problem): problem.subject
        case .orphan(let orphan): .repository(orphan.repository)
        }
    }

    /// The repository that the entry is about; nil for a whole registry.
    package var repository: RepositoryID? { subject.repository }
}

/// One repository's policy document before and after.
package struct Change: Hashable, Sendable {
    /// What the write does to the repository's policy.
    package enum Action: String, Hashable, Sendable {
        case create, update, delete
    }

    package let repository: RepositoryID
    /// The exact text that ECR returned; nil when the repository had no policy.
    package let before: String?
    /// The exact text to send; nil to delete the policy.
    package let after: String?
    /// What the managed statements grant and no longer grant.
    package let grants: GrantDifference
    /// What everybody gains and loses by it, whichever statement gives it, beside ``registry``.
    package let access: AccessChange
    /// What a reviewer should know, a sentence each.
    package let warnings: [String]
    /// The hand-edited managed statements that are replaced; empty in nearly every change.
    package let replaced: [ReplacedStatement]
    /// The statements of the registry's own policy about the repository, as a document; nil where ``access`` is the
    /// same without them.
    package let registry: String?

    /// Without `access`, it is what the grants say of themselves.
    package init(
        repository: RepositoryID, before: String?, after: String?, grants: GrantDifference,
        access: AccessChange? = nil, warnings: [String] = [], replaced: [ReplacedStatement] = [],
        registry: String? = nil
    ) {
        self.repository = repository
        self.before = before
        self.after = after
        self.grants = grants
        self.access = access ?? AccessChange(grants)
        self.warnings = warnings
        self.replaced = replaced
        self.registry = registry
    }

    /// How often the change takes access away, for certain or perhaps, and at least once for each replaced statement,
    /// since a reading of it may miss somebody.
    package var revocations: Int { max(access.lost.count, replaced.count) }

    /// The same change with what it does to everybody's access, worked out from its documents. `today` is the day, in
    /// UTC, by which dates in policies have passed; nil when none has.
    package func judged(on today: CalendarDate?) throws(PolicyTextError) -> Change {
        func evaluator(
            _ text: String?, replacing live: PolicyEvaluator? = nil
        ) throws(PolicyTextError) -> PolicyEvaluator {
            try PolicyEvaluator(
                parsing: text, partition: repository.region.partition, owner: repository.account, today: today,
                region: repository.region, replacing: live
            ).beside(registry: registry)
        }
        let old = try evaluator(before)
        return Change(
            repository: repository, before: before, after: after, grants: grants,
            access: EffectiveAccess.difference(from: old, to: try evaluator(after, replacing: old), naming: grants),
            warnings: warnings, replaced: replaced, registry: registry)
    }

    /// The same change with other warnings, and with the access that it comes to beside the registry's policy.
    func beside(registry: String?, _ access: AccessChange, warnings: [String]) -> Change {
        Change(
            repository: repository, before: before, after: after, grants: grants, access: access, warnings: warnings,
            replaced: replaced, registry: registry)
    }

    package var action: Action {
        if after == nil { return .delete }
        return before == nil ? .create : .update
    }

    /// The size of ``after`` as it is held against ECR's limit of 10,240: its characters; 0 for a deletion.
    package var size: Int { after?.policySize ?? 0 }
}

/// The grants that a change gives and takes away by the managed statements. Both lists are sorted.
///
/// An account that goes from `pull` to `push` gains `push` and loses nothing; from `push` to `pull` it loses `push`.
package struct GrantDifference: Hashable, Sendable {
    package let added: [WantedGrant]
    package let removed: [WantedGrant]

    package init(added: [WantedGrant] = [], removed: [WantedGrant] = []) {
        self.added = added
        self.removed = removed
    }

    package var isEmpty: Bool { added.isEmpty && removed.isEmpty }
}

/// A repository that is already as wanted.
package struct Unchanged: Hashable, Sendable {
    package let repository: RepositoryID
    /// What a reviewer should know, a sentence each.
    package let warnings: [String]

    package init(repository: RepositoryID, warnings: [String] = []) {
        self.repository = repository
        self.warnings = warnings
    }
}

/// A repository that could not be planned, or a registry that could not be listed. Nothing will be written there.
package struct Problem: Hashable, Sendable {
    package let subject: PlanSubject
    /// A stable word for machines: AWS's own error code, or one of ours in kebab case.
    package let code: String
    /// What happened and what to do next, for a person.
    package let message: String

    package init(_ subject: PlanSubject, code: String, message: String) {
        self.subject = subject
        self.code = code
        self.message = message
    }

    /// What follows AWS's words about a repository that does not exist.
    package static let adviceOnMissingRepository = "; create it, or leave it out"

    package init(repository: RepositoryID, code: String, message: String) {
        self.init(.repository(repository), code: code, message: message)
    }

    package init(registry: Registry, code: String, message: String) {
        self.init(.registry(registry), code: code, message: message)
    }
}
