/// The policies that were new last when they were checked or printed: a rollout writes one policy to many repositories,
/// and a server that works each out again takes the time from the client that is measured against it.
struct RecentPolicies: Sendable {
    private struct Checked {
        let text: String
        let partition: String
        let policy: RepositoryPolicy
        let compact: String
    }

    /// The most that are remembered of each; oldest first.
    private static let capacity = 8

    private var checked: [Checked] = []
    private var printed: [(compact: String, pretty: String)] = []

    /// A policy as ``RepositoryPolicy/init(checking:partition:)`` has it, and its document on one line. Whether its
    /// principals exist is another question.
    mutating func checked(
        _ text: String, partition: String
    ) throws(ServiceError) -> (policy: RepositoryPolicy, compact: String) {
        if let known = checked.last(where: { $0.partition == partition && $0.text.isIdentical(to: text) }) {
            return (known.policy, known.compact)
        }
        let policy = try RepositoryPolicy(checking: text, partition: partition)
        let compact = policy.document.compact
        if checked.count == RecentPolicies.capacity { checked.removeFirst() }
        checked.append(Checked(text: text, partition: partition, policy: policy, compact: compact))
        return (policy, compact)
    }

    /// ``PolicyPrint/pretty(_:)``.
    mutating func printed(_ compact: String) -> String {
        if let known = printed.last(where: { $0.compact.isIdentical(to: compact) }) { return known.pretty }
        let pretty = PolicyPrint.pretty(compact)
        if printed.count == RecentPolicies.capacity { printed.removeFirst() }
        printed.append((compact, pretty))
        return pretty
    }
}

extension String {
    /// Whether the bytes are the same: `==` treats other spellings of a letter as the same, ECR does not.
    fileprivate func isIdentical(to other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
