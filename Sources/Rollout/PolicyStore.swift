package import SharePlan

/// Where repository policies live: the little that a run needs of ECR.
///
/// The command line implements it over AWSClient, the tests in memory. Implementations sign in, retry and throttle by
/// themselves; an error thrown here is final.
package protocol PolicyStore: Sendable {
    /// The names of all repositories of a registry, in any order.
    func repositoryNames(in registry: Registry) async throws(StoreError) -> [RepositoryName]

    /// The policy's text as the store prints it, or nil when the repository has none. A failed read throws; it is never
    /// nil.
    func policyText(of repository: RepositoryID) async throws(StoreError) -> String?

    /// Replaces the policy and returns it as the store prints it.
    func setPolicy(_ text: String, of repository: RepositoryID) async throws(StoreError) -> String

    /// Deletes the policy. That there was none is not an error.
    func deletePolicy(of repository: RepositoryID) async throws(StoreError)
}

/// A final failure of one call to the store.
package struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the run must know to react.
    package enum Kind: Hashable, Sendable {
        case repositoryNotFound
        /// ECR does not know a principal of the document that was sent.
        case principalNotFound
        /// The role of the owner account could not be assumed, or belongs to another account.
        case signIn
        case accessDenied
        /// A write whose answer was lost: it may have happened. Only a read can tell.
        case outcomeUnknown
        case other
    }

    package let kind: Kind
    /// AWS's own error code where there is one, else a word of ours in kebab case.
    package let code: String
    /// What happened and what to do next, for a person; AWS's own message is in it.
    package let message: String
    /// AWS's request id, for support.
    package let requestID: String?

    package init(kind: Kind, code: String, message: String, requestID: String? = nil) {
        self.kind = kind
        self.code = code
        self.message = message
        self.requestID = requestID
    }

    package var description: String {
        requestID.map { "\(code): \(message) (request id \($0))" } ?? "\(code): \(message)"
    }
}
