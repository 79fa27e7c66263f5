package import AWSValues

/// What is to become of a policy of a registry, whatever the repository's name.
///
/// A class, since thousands of repositories may have the same case: what is found out about it is found out once, see
/// ``SameCase``.
package final class Case: Sendable {
    /// Where the repositories are.
    package let registry: Registry
    /// As ECR returned it; nil when the repository had no policy.
    package let before: Policy?
    /// To be sent; nil to delete the policy.
    package let after: Policy?
    /// What the managed statements grant and no longer grant.
    package let grants: GrantDifference
    /// What everybody gains and loses by it, whichever statement gives it, beside
    /// ``registryPolicy``.
    package let access: AccessChange
    /// What a reviewer should know, a sentence each.
    package let warnings: [String]
    /// The hand-edited managed statements that are replaced; empty in nearly every change.
    package let replaced: [ReplacedStatement]
    /// The statements of the registry's own policy about the repository; nil where ``access`` is the same without
    /// them.
    package let registryPolicy: Policy?

    init(
        of registry: Registry, before: Policy?, after: Policy?, grants: GrantDifference, access: AccessChange,
        warnings: [String], replaced: [ReplacedStatement], registryPolicy: Policy? = nil
    ) {
        self.registry = registry
        self.before = before
        self.after = after
        self.grants = grants
        self.access = access
        self.warnings = warnings
        self.replaced = replaced
        self.registryPolicy = registryPolicy
    }

    /// Roughly what it takes in memory, in bytes.
    package var size: Int {
        [before, after, registryPolicy].reduce(0) { $0 + ($1?.text.utf8.count ?? 0) }
            + (grants.added.count + grants.removed.count) * MemoryLayout<WantedGrant>.stride
            + (access.gained.count + access.lost.count + access.kept.count) * MemoryLayout<AccessChange.Entry>.stride
    }
}

extension Case: Hashable {
    package static func == (left: Case, right: Case) -> Bool {
        left === right
            || left.registry == right.registry && left.before == right.before && left.after == right.after
                && left.grants == right.grants && left.access == right.access && left.warnings == right.warnings
                && left.replaced == right.replaced && left.registryPolicy == right.registryPolicy
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(before)
        hasher.combine(after)
    }
}

/// A case as a key of what was found out about it: equal only to itself, which costs nothing to see.
package struct SameCase: Hashable, Sendable {
    package let value: Case

    package init(_ value: Case) {
        self.value = value
    }

    package static func == (left: SameCase, right: SameCase) -> Bool { left.value === right.value }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(value))
    }
}
