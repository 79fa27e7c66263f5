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

    /// The same said of another repository of the registry.
    func of(_ repository: RepositoryID) -> PlanEntry {
        switch self {
        case .change(let change): .change(Change(repository, change.case))
        case .unchanged(let unchanged): .unchanged(Unchanged(repository: repository, warnings: unchanged.warnings))
        case .problem(let problem):
            .problem(Problem(repository: repository, code: problem.code, message: problem.message))
        case .orphan(let orphan): .orphan(orphan)
        }
    }
}

/// One repository's policy document before and after.
package struct Change: Hashable, Sendable {
    /// What the write does to the repository's policy.
    package enum Action: String, Hashable, Sendable {
        case create, update, delete
    }

    package let repository: RepositoryID
    package let `case`: Case

    package init(_ repository: RepositoryID, _ content: Case) {
        self.repository = repository
        self.case = content
    }

    /// Without `access`, it is what the grants say of themselves.
    package init(
        repository: RepositoryID, before: Policy?, after: Policy?, grants: GrantDifference,
        access: AccessChange? = nil, warnings: [String] = [], replaced: [ReplacedStatement] = [],
        registryPolicy: Policy? = nil
    ) {
        self.init(
            repository,
            Case(
                of: repository.registry, before: before, after: after, grants: grants,
                access: access ?? AccessChange(grants), warnings: warnings, replaced: replaced,
                registryPolicy: registryPolicy))
    }

    /// As in ``Case``, here and below.
    package var before: Policy? { self.case.before }
    package var after: Policy? { self.case.after }
    package var grants: GrantDifference { self.case.grants }
    package var access: AccessChange { self.case.access }
    package var warnings: [String] { self.case.warnings }
    package var replaced: [ReplacedStatement] { self.case.replaced }
    package var registryPolicy: Policy? { self.case.registryPolicy }

    /// How often the change takes access away, for certain or perhaps, and at least once for each replaced statement,
    /// since a reading of it may miss somebody.
    package var revocations: Int { max(access.lost.count, replaced.count) }

    /// The same change with what it does to everybody's access, worked out from its documents. `today` is the day, in
    /// UTC, by which dates in policies have passed; nil when none has.
    package func judged(on today: CalendarDate?) throws(PolicyError) -> Change {
        func evaluator(
            _ policy: Policy?, replacing live: PolicyEvaluator? = nil
        ) throws(PolicyError) -> PolicyEvaluator {
            try PolicyEvaluator(
                of: policy, partition: repository.region.partition, owner: repository.account, today: today,
                region: repository.region, replacing: live
            ).beside(registry: registryPolicy)
        }
        let old = try evaluator(before)
        return Change(
            repository: repository, before: before, after: after, grants: grants,
            access: EffectiveAccess.difference(from: old, to: try evaluator(after, replacing: old), naming: grants),
            warnings: warnings, replaced: replaced, registryPolicy: registryPolicy)
    }

    /// The same change with other warnings, and with the access that it comes to beside the registry's policy.
    func beside(registry: Policy?, _ access: AccessChange, warnings: [String]) -> Change {
        Change(
            repository: repository, before: before, after: after, grants: grants, access: access, warnings: warnings,
            replaced: replaced, registryPolicy: registry)
    }

    /// Whether two policies of the repository say the same.
    package func areSame(_ left: Policy?, _ right: Policy?) -> Bool {
        Policy.haveSameMeaning(left, right, in: repository.region.partition)
    }

    package var action: Action {
        if after == nil { return .delete }
        return before == nil ? .create : .update
    }

    /// The size of ``after`` as it is held against ECR's limit of 10,240: its characters; 0 for a deletion.
    package var size: Int { after?.size ?? 0 }
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
