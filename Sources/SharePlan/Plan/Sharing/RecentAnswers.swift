package import AWSValues
import Synchronization

/// What is asked of many repositories: everything that the answer may depend on.
package protocol RecentQuestion: Sendable {
    associatedtype Owner: Hashable & Sendable

    /// Whose question it is: what is remembered is shared fairly between owners.
    var owner: Owner { get }
    /// Roughly what it takes in memory, in bytes.
    var size: Int { get }

    /// Whether this is the same question to the byte, so that the answer is the same.
    func isIdentical(to other: Self) -> Bool
}

/// What was found out lately, to be used again where exactly the same is asked.
///
/// In a rollout most repositories of an account have the same policy and are to grant the same. What is computed and
/// checked depends on nothing else, so it is done once and not thousands of times. A question is the same only if it is
/// so to the byte; nothing goes by a digest. Many tasks may ask at once, and what two of them ask at the same moment
/// both work out.
package final class RecentAnswers<Question: RecentQuestion, Answer: Sendable>: Sendable {
    private struct Recent {
        let question: Question
        let answer: Answer
    }

    private struct State {
        /// By registry, the newest first.
        var recent: [Question.Owner: [Recent]] = [:]
        /// The size of all questions, in bytes.
        var size = 0
    }

    /// When the questions come to more bytes than this, all are forgotten.
    private static var maximumSize: Int { 8 << 20 }

    private let perOwner: Int
    private let state = Mutex(State())

    /// Remembers this many different questions of each owner.
    package init(perOwner: Int = 4) {
        self.perOwner = perOwner
    }

    /// The answer that the same question got lately, or that of `compute`, which must depend on the question alone.
    package func answer<Failure>(
        to question: Question, orElse compute: () throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        if let known = state.withLock({ $0.recent[question.owner]?.first { $0.question.isIdentical(to: question) } }) {
            return known.answer
        }
        let answer = try compute()
        state.withLock { state in
            if state.size > RecentAnswers.maximumSize { state = State() }
            var recent = state.recent[question.owner, default: []]
            if recent.count == perOwner, let oldest = recent.popLast() {
                state.size -= oldest.question.size
            }
            recent.insert(Recent(question: question, answer: answer), at: 0)
            state.recent[question.owner] = recent
            state.size += question.size
        }
        return answer
    }
}

/// What an answer about the policy of a repository may depend on, the repository's name not among it.
package struct PolicyQuestion: RecentQuestion {
    package let owner: Registry
    private let policies: [String?]
    private let grants: [[WantedGrant]]
    private let access: AccessChange

    /// The order of the policies and of the grants matters.
    package init(
        _ repository: RepositoryID, policies: [String?], grants: [[WantedGrant]], access: AccessChange = AccessChange()
    ) {
        self.owner = repository.registry
        self.policies = policies
        self.grants = grants
        self.access = access
    }

    package var size: Int {
        policies.reduce(0) { $0 + ($1?.utf8.count ?? 0) }
            + grants.reduce(0) { $0 + $1.count * MemoryLayout<WantedGrant>.stride }
            + (access.gained.count + access.lost.count + access.kept.count) * MemoryLayout<AccessChange.Entry>.stride
    }

    package func isIdentical(to other: PolicyQuestion) -> Bool {
        owner == other.owner
            && policies.elementsEqual(other.policies) { $0.hasSameBytes(as: $1) }
            && grants.elementsEqual(other.grants) { $0.hasSameBytes(as: $1) }
            && (access.sharesStorage(with: other.access) || access == other.access)
    }
}

extension [WantedGrant] {
    fileprivate func hasSameBytes(as other: [WantedGrant]) -> Bool {
        sharesStorage(with: other)
            || (self == other && zip(self, other).allSatisfy { $0.reason.hasSameBytes(as: $1.reason) })
    }
}
