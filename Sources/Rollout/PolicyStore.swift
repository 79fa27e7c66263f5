package import AWSValues
package import SharePlan

/// Where repository policies live: the little that a run needs of ECR.
///
/// The command line implements it over AWSClient, the tests in memory. Implementations sign in, and retry and throttle
/// reads by themselves; an error of a read is final. Writes are never repeated here, see ``PolicyWrite``.
package protocol PolicyStore: Sendable {
    /// The names of all repositories of a registry, in any order.
    func repositoryNames(in registry: Registry) async throws(StoreError) -> [RepositoryName]

    /// The policy as the store prints it, or nil when the repository has none. A failed read throws; it is never nil.
    func policy(of repository: RepositoryID) async throws(StoreError) -> Policy?

    /// The registry's own policy; nil when it has none.
    func registryPolicy(of registry: Registry) async throws(StoreError) -> Policy?

    /// A write that replaces the policy, or deletes it when `policy` is nil. Nothing is sent yet.
    func write(_ policy: Policy?, to repository: RepositoryID) -> any PolicyWrite
}

/// One write of a policy, sent only after its turn at the rate limit was taken, and once for each turn.
///
/// ECR's writes know no condition: only a read right before it shows whether a write would erase somebody's edit. So
/// the wait for the turn comes first, then the look, and an implementation repeats nothing by itself. Used by one task
/// at a time.
package protocol PolicyWrite: Sendable {
    /// Waits until the write may be sent: for a session, for the allowed rate, and after a failure as long as that one
    /// asks for. Ends early when the task is cancelled. ``send()`` or ``giveTurnBack()`` follows.
    func takeTurn() async throws(StoreError)

    /// Gives a turn back that is not used; without a turn does nothing.
    func giveTurnBack()

    /// Sends the write, once, and uses up the turn. Returns the policy as the store prints it; nil after a deletion.
    /// That there was no policy to delete is not an error.
    func send() async throws(WriteFailure) -> Policy?
}

/// A write that failed.
package struct WriteFailure: Error, Hashable, Sendable {
    package let error: StoreError
    /// Whether it was refused in passing (too fast, or with a session that has expired), so that another turn may be
    /// taken and, after another look, the write be sent again. How often is for the store to say.
    package let mayRepeat: Bool

    package init(_ error: StoreError, mayRepeat: Bool = false) {
        self.error = error
        self.mayRepeat = mayRepeat
    }
}
