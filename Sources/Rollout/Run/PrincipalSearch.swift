package import SharePlan

/// Finds those of many principals that ECR does not know, when it says only that there is one.
///
/// Bisection: a group that is refused is split in two, a single one that is refused is found. With k unknown ones among
/// n it takes about 2·k·log₂(n) trials. A pure state machine; whoever holds it makes the trials.
package struct PrincipalSearch {
    private var groups: [[Consumer]]
    /// Accepted in a trial.
    package private(set) var known: Set<Consumer> = []
    /// Refused alone.
    package private(set) var unknown: Set<Consumer> = []

    /// A search among `suspects`, which together were refused.
    package init(_ suspects: [Consumer]) {
        groups = suspects.count == 1 ? [] : PrincipalSearch.halves(of: suspects)
        if suspects.count == 1 { unknown = Set(suspects) }
    }

    /// Whom to leave out in the next trial, so that one group is tried beside those that are known; nil at the end.
    package var leftOut: Set<Consumer>? {
        guard groups.count > 0 else { return nil }
        return Set(groups.dropLast().joined()).union(unknown)
    }

    /// Takes the outcome of the trial.
    package mutating func tried(isAccepted: Bool) {
        guard let group = groups.popLast() else { return }
        if isAccepted {
            known.formUnion(group)
        } else if group.count == 1 {
            unknown.formUnion(group)
        } else {
            groups += PrincipalSearch.halves(of: group)
        }
    }

    private static func halves(of group: [Consumer]) -> [[Consumer]] {
        let middle = group.count / 2
        return [Array(group[..<middle]), Array(group[middle...])].filter { !$0.isEmpty }
    }
}
