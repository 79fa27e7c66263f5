/// How the matrix is read against the managed statements of the repositories that it names.
package enum MergeMode: String, CaseIterable, Hashable, Sendable {
    /// Exactly the matrix: add what is missing, revoke what the matrix no longer has.
    case match
    /// Add what is missing, never revoke.
    case add
    /// Revoke the grants that the matrix lists.
    case remove
}
