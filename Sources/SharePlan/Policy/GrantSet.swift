/// The grants that one repository has or is to have.
///
/// A consumer is never listed under both `pull` and `push`: push includes pull.
package struct GrantSet: Hashable, Sendable {
    private var grants: Set<Grant> = []

    package init() {}

    package init(_ grants: some Sequence<Grant>) {
        for grant in grants { insert(grant) }
    }

    package var isEmpty: Bool { grants.isEmpty }

    /// The grants in their order.
    package var sorted: [Grant] { grants.sorted() }

    /// Whether the consumer has this access, by the grant itself or by a `push` that includes it.
    package func allows(_ grant: Grant) -> Bool {
        grants.contains(grant)
            || (grant.access == .pull && grants.contains(Grant(consumer: grant.consumer, access: .push)))
    }

    /// Adds a grant.
    package mutating func insert(_ grant: Grant) {
        switch grant.access {
        case .pull where grants.contains(Grant(consumer: grant.consumer, access: .push)): break
        case .push:
            grants.remove(Grant(consumer: grant.consumer, access: .pull))
            grants.insert(grant)
        case .pull, .lambdaOnly: grants.insert(grant)
        }
    }

    /// Takes a grant away. Since `push` includes `pull`, a consumer that is to lose `pull` loses `push` with it.
    package mutating func remove(_ grant: Grant) {
        grants.remove(grant)
        if grant.access == .pull { grants.remove(Grant(consumer: grant.consumer, access: .push)) }
    }

    /// What `other` allows beyond this set, sorted.
    package func added(in other: GrantSet) -> [Grant] {
        other.grants.filter { !allows($0) }.sorted()
    }
}
