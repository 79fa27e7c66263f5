import SharePlan
import Synchronization

/// Reads for a planner, and remembers which accounts cannot be signed in to: they are tried once, not once for each of
/// their thousand repositories.
final class LivePolicies: Sendable {
    private let store: any PolicyStore
    private let failures = Mutex<[AccountID: StoreError]>([:])
    private let readAny = Mutex(false)

    init(_ store: any PolicyStore) {
        self.store = store
    }

    func repositoryNames(in registry: Registry) async throws(StoreError) -> [RepositoryName] {
        try refuseKnownFailure(of: registry.account)
        do throws(StoreError) {
            let names = try await store.repositoryNames(in: registry)
            noteAnswer()
            return names
        } catch {
            throw remembering(error, registry.account)
        }
    }

    func policyText(of repository: RepositoryID) async throws(StoreError) -> String? {
        try refuseKnownFailure(of: repository.account)
        do throws(StoreError) {
            let text = try await store.policyText(of: repository)
            noteAnswer()
            return text
        } catch {
            // That there is no such repository is an answer as well.
            if error.kind == .repositoryNotFound { noteAnswer() }
            throw remembering(error, repository.account)
        }
    }

    /// Whether any repository was read, or any registry listed.
    var hasReadAny: Bool { readAny.withLock { $0 } }

    private func noteAnswer() { readAny.withLock { $0 = true } }

    /// The accounts that could not be signed in to, sorted.
    var signInFailures: [PlanResult.SignInFailure] {
        failures.withLock { $0 }
            .map { PlanResult.SignInFailure(account: $0.key, error: $0.value) }
            .sorted { $0.account < $1.account }
    }

    private func refuseKnownFailure(of account: AccountID) throws(StoreError) {
        if let error = failures.withLock({ $0[account] }) { throw error }
    }

    /// The account's first failure, so that all of its repositories report the same.
    private func remembering(_ error: StoreError, _ account: AccountID) -> StoreError {
        guard error.kind == .signIn else { return error }
        return failures.withLock { failures in
            if let first = failures[account] { return first }
            failures[account] = error
            return error
        }
    }
}
