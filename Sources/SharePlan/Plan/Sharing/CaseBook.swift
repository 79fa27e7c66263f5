import AWSValues

/// The cases of a plan: repositories of a registry that have the same policy, are to grant the same and are beside the
/// same policy of their registry have the same case, decided once. So have those where the same is to be undone.
package final class CaseBook: Sendable {
    /// All that a decision depends on.
    struct Question: Hashable {
        let rules: SharingRules
        let registry: Registry
        let live: Policy?
        let wanted: [WantedGrant]
        /// What the matrix granted until some day.
        let ended: [WantedGrant]

        var size: Int {
            (live?.text.utf8.count ?? 0) + (wanted.count + ended.count) * MemoryLayout<WantedGrant>.stride
        }
    }

    /// All that an undoing depends on.
    struct Undoing: Hashable {
        let rules: RollbackRules
        let undone: SameCase
        let live: Policy?
        let history: RollbackHistory

        var size: Int {
            history.later.reduce(undone.value.size + (live?.text.utf8.count ?? 0)) { $0 + $1.change.case.size }
        }
    }

    struct Pair: Hashable {
        let own: SameCase
        let registry: Policy
    }

    let decisions = Book<Question, SharingRules.Decision>()
    /// The entry of some repository where the same is to be undone.
    let undoings = Book<Undoing, PlanEntry>()
    /// The case beside the statements of its registry's policy. What else that depends on, the grants that are wanted
    /// and the mode, is the same for each use of a case: other questions have another one.
    let pairs = Book<Pair, Case>()

    package init() {}
}

/// The policies that were read: equal texts are one value, of which is known what it says.
package struct PolicyBook: Sendable {
    private let policies = Book<Policy, Policy>()

    package init() {}

    package func policy(_ text: String) -> Policy {
        let policy = Policy(text)
        return policies.value(for: policy, size: text.utf8.count) { policy }
    }
}
