package import AWSValues

/// A plan that goes beyond its limits, with the numbers that it was refused for.
package struct PlanRefusal: Error, Hashable, Sendable {
    /// One limit that the plan exceeds.
    package enum Reason: Hashable, Sendable {
        case anotherDigest(expected: String, actual: String)
        case changes(Int, of: Int, limit: PlanLimits.Bound)
        case revocationsNotAllowed(grants: Int, repositories: Int)
        case revocations(grants: Int, repositories: Int, of: Int, limit: PlanLimits.Bound)
        case protected(Sample<RepositoryID>, PlanHeader.Operation)
        case consumers(Sample<String>, PlanHeader.Operation)
    }

    /// How many there are, and the first few of them.
    package struct Sample<Element: Hashable & Sendable & CustomStringConvertible>: Hashable, Sendable {
        package private(set) var first: [Element] = []
        package private(set) var count = 0

        mutating func add(_ element: Element) {
            if first.count < 5 { first.append(element) }
            count += 1
        }

        fileprivate var pronoun: String { count == 1 ? "it" : "them" }

        fileprivate var list: String {
            let names = first.map(\.description).joined(separator: ", ")
            return count > first.count ? "\(names) and \(count - first.count) more" : names
        }
    }

    /// Never empty.
    package let reasons: [Reason]
}

extension PlanRefusal: CustomStringConvertible {
    /// A line a reason.
    package var description: String {
        reasons.map(\.description).joined(separator: "\n")
    }
}

extension PlanRefusal.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .anotherDigest(let expected, let actual):
            "the plan has the digest \(actual), and \(expected) was expected: it is not the plan that was reviewed, or "
                + "the policies have changed since; review it and pass its digest with --expect"
        case .changes(let changes, let repositories, let limit):
            "the plan writes \(changes.grouped) of \(repositories.repositories), more than --max-changes \(limit) allows; "
                + "review it, then raise the limit, or apply a part of the matrix"
        case .revocationsNotAllowed(let grants, let repositories):
            "the plan takes \(grants.counting("grant", "grants")) away, on \(repositories.repositories); review it and pass "
                + "--allow-revocations"
        case .revocations(let grants, let losing, let repositories, let limit):
            "the plan takes \(grants.counting("grant", "grants")) away, on \(losing) of \(repositories.repositories), more than "
                + "--max-revocations \(limit) allows; review them, then raise the limit"
        case .protected(let sample, let operation):
            "the plan writes \(sample.count.counting("protected repository", "protected repositories")): \(sample.list); "
                + (operation == .share
                    ? "take \(sample.pronoun) out of the matrix, or out of protect: in the configuration file"
                    : "undo the others with --repository, or take \(sample.pronoun) out of protect: in the "
                        + "configuration file")
        case .consumers(let sample, let operation):
            "the plan grants access to \(sample.count.counting("consumer that is", "consumers that are")) not allowed: "
                + "\(sample.list); "
                + (operation == .share ? "take \(sample.pronoun) out of the matrix" : "undo the rest with --consumer")
                + ", or add \(sample.pronoun) to allow: in the configuration file"
        }
    }
}
