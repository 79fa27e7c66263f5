package import AWSValues

/// Whom an entry of a plan is about. A registry sorts directly before its repositories.
package enum PlanSubject: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// A whole registry, which could not be listed or signed in to.
    case registry(Registry)
    case repository(RepositoryID)

    /// The registry, or the one that the repository is in.
    package var registry: Registry {
        switch self {
        case .registry(let registry): registry
        case .repository(let repository): repository.registry
        }
    }

    /// The repository; nil for a whole registry.
    package var repository: RepositoryID? {
        switch self {
        case .registry: nil
        case .repository(let repository): repository
        }
    }

    /// As people read it: `ACCOUNT REGION`, and the name of a repository.
    package var description: String {
        switch self {
        case .registry(let registry): registry.description
        case .repository(let repository): repository.description
        }
    }

    package static func < (left: PlanSubject, right: PlanSubject) -> Bool {
        switch (left, right) {
        case (.repository(let left), .repository(let right)): left < right
        case (.registry(let left), .registry(let right)): left < right
        case (.registry(let left), .repository(let right)): left <= right.registry
        case (.repository(let left), .registry(let right)): left.registry < right
        }
    }
}
