/// Which principals exist, for `Principal not found`.
///
/// Everything exists unless said otherwise, so that a seed need not list every consumer.
package struct PrincipalDirectory: Hashable, Sendable {
    /// How long a new role or user stays unknown to ECR after it was first named.
    package struct Propagation: Hashable, Sendable {
        /// Seconds after the world began.
        package var seconds: Double = 0
        /// Refused attempts to name it.
        package var attempts: Int = 0
    }

    /// Account ids, and user and role ARNs: when not nil, nothing else exists. An account id admits its root only.
    package var known: Set<String>?
    /// Account ids and ARNs that do not exist; a missing account takes its users and roles with it.
    package var missing: Set<String> = []
    /// Users and roles, by ARN, that ECR comes to know late.
    package var propagating: [String: Propagation] = [:]
    /// Regions that an account has not enabled; it cannot be named in a repository there.
    package var disabledRegions: [String: Set<String>] = [:]
}
