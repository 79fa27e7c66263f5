import AWSValues
import SharePlan
import Synchronization

/// Reads for a planner, and remembers which accounts cannot be signed in to: they are tried once, not once for each of
/// their thousand repositories.
final class LivePolicies: Sendable {
    private let store: any PolicyStore
    private let failures = Mutex<[AccountID: StoreError]>([:])
    private let reachedAny = Mutex(false)
    private let requests = Mutex<[Registry: [String: String]]>([:])
    private let silence = Mutex(Silence())

    /// The registries of which no policy could be read yet.
    private struct Silence {
        var answering: Set<Registry> = []
        var failures: [Registry: StoreError] = [:]
    }

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
            throw noting(error, registry)
        }
    }

    func policy(of repository: RepositoryID) async throws(StoreError) -> Policy? {
        try refuseKnownFailure(of: repository.account)
        do throws(StoreError) {
            let policy = try await store.policy(of: repository)
            noteAnswer()
            silence.withLock { _ = $0.answering.insert(repository.registry) }
            return policy
        } catch {
            silence.withLock { silence in
                if error.isRefusal {
                    silence.answering.insert(repository.registry)
                } else {
                    silence.failures[repository.registry] = error
                }
            }
            throw noting(error, repository.registry)
        }
    }

    /// The same of a repository that nobody asked about: where all other reads of its registry failed, by throttling
    /// for minutes perhaps, it is not read but fails like them.
    func policyBesides(of repository: RepositoryID) async throws(StoreError) -> Policy? {
        let registry = repository.registry
        if let failure = silence.withLock({ $0.answering.contains(registry) ? nil : $0.failures[registry] }) {
            throw failure
        }
        return try await policy(of: repository)
    }

    /// Whether any registry answered at all, be it with a refusal.
    var hasReachedAny: Bool { reachedAny.withLock { $0 } }

    private func noteAnswer() { reachedAny.withLock { $0 = true } }

    /// For each code, AWS's id of a request in the registry that failed with it.
    var requestIDs: [Registry: [String: String]] { requests.withLock { $0 } }

    private func noting(_ error: StoreError, _ registry: Registry) -> StoreError {
        if let id = error.requestID { requests.withLock { $0[registry, default: [:]][error.code] = id } }
        switch error.kind {
        case .signIn, .unreachable: break
        case .repositoryNotFound, .principalNotFound, .accessDenied, .outcomeUnknown, .other: noteAnswer()
        }
        return remembering(error, registry.account)
    }

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

extension StoreError {
    /// Whether the registry answered clearly, about this repository perhaps only.
    fileprivate var isRefusal: Bool {
        switch kind {
        case .repositoryNotFound, .accessDenied, .principalNotFound: true
        case .signIn, .unreachable, .outcomeUnknown, .other: false
        }
    }
}
