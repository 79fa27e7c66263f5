package import AWSValues

/// Compares policies in meaning, and knows the last answers: in a rollout, what is sent and what ECR makes of it are
/// the same for many repositories.
package final class RecentComparisons: Sendable {
    private struct Question: RecentQuestion {
        let owner: Partition
        let left: String
        let right: String

        var size: Int { left.utf8.count + right.utf8.count }

        func isIdentical(to other: Question) -> Bool {
            left.hasSameBytes(as: other.left) && right.hasSameBytes(as: other.right)
        }
    }

    /// Several for each of some dozen accounts: most documents name the account that they are of.
    private let recent = RecentAnswers<Question, Bool>(perOwner: 64)

    package init() {}

    /// The same as ``PolicyDocument/haveSameMeaning(_:_:in:)``.
    package func haveSameMeaning(_ left: String?, _ right: String?, in partition: Partition) -> Bool {
        guard let left, let right, !left.hasSameBytes(as: right) else {
            return PolicyDocument.haveSameMeaning(left, right, in: partition)
        }
        return recent.answer(to: Question(owner: partition, left: left, right: right)) {
            PolicyDocument.haveSameMeaning(left, right, in: partition)
        }
    }
}
