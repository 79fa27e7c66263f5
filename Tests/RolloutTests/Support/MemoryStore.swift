import AWSValues
import OrderedJSON
import Rollout
import SharePlan
import TestSupport
import Synchronization

/// A policy store in memory that prints policies its own way, as ECR does, and fails when asked to.
final class MemoryStore: PolicyStore {
    enum Call: Hashable, Sendable {
        case list(Registry)
        case read(RepositoryID)
        /// A write takes its turn.
        case turn(RepositoryID)
        case write(RepositoryID)

        var registry: Registry {
            switch self {
            case .list(let registry): registry
            case .read(let repository), .turn(let repository), .write(let repository): repository.registry
            }
        }

        var repository: RepositoryID? {
            switch self {
            case .list: nil
            case .read(let repository), .turn(let repository), .write(let repository): repository
            }
        }
    }

    /// Runs around every call; may wait, edit the store, or throw instead of it.
    typealias Hook = @Sendable (Call, MemoryStore) async throws(StoreError) -> Void

    private struct State {
        var policies: [RepositoryID: Policy?] = [:]
        /// What readers see while a write is on its way to them, and for how many reads.
        var stale: [RepositoryID: (policy: Policy?, reads: Int)] = [:]
        var calls: [Call] = []
        var inFlight = 0
        var mostInFlight = 0
    }

    private let state: Mutex<State>
    /// Before a call takes effect.
    let before: Hook
    /// After it took effect, before it is answered.
    let after: Hook
    /// How many reads after a write still see the old policy.
    let lag: Int

    init(
        _ policies: [RepositoryID: Policy?], lag: Int = 0, before: @escaping Hook = { _, _ in },
        after: @escaping Hook = { _, _ in }
    ) {
        self.state = Mutex(State(policies: policies))
        self.lag = lag
        self.before = before
        self.after = after
    }

    var policies: [RepositoryID: Policy?] { state.withLock { $0.policies } }
    var calls: [Call] { state.withLock { $0.calls } }
    var mostInFlight: Int { state.withLock { $0.mostInFlight } }
    var writes: [RepositoryID] {
        calls.compactMap { if case .write(let repository) = $0 { repository } else { nil } }
    }

    /// Somebody else's edit.
    func edit(_ repository: RepositoryID, _ policy: Policy?) {
        state.withLock { $0.policies[repository] = .some(policy) }
    }

    func repositoryNames(in registry: Registry) async throws(StoreError) -> [RepositoryName] {
        try await call(.list(registry)) { state in
            state.policies.keys.filter { $0.registry == registry }.map(\.name)
        }
    }

    func policy(of repository: RepositoryID) async throws(StoreError) -> Policy? {
        try await call(.read(repository)) { state throws(StoreError) in
            guard let policy = state.policies[repository] else { throw .noRepository }
            if let stale = state.stale[repository], stale.reads > 0 {
                state.stale[repository] = (stale.policy, stale.reads - 1)
                return stale.policy.map(MemoryStore.print)
            }
            return policy.map(MemoryStore.print)
        }
    }

    func registryPolicy(of registry: Registry) async throws(StoreError) -> Policy? { nil }

    func write(_ policy: Policy?, to repository: RepositoryID) -> any PolicyWrite {
        MemoryWrite(policy, to: repository, self)
    }

    fileprivate func send(_ policy: Policy?, to repository: RepositoryID) async throws(StoreError) -> Policy? {
        try await call(.write(repository)) { state throws(StoreError) in
            guard let old = state.policies[repository] else { throw .noRepository }
            state.stale[repository] = (old, self.lag)
            state.policies[repository] = .some(policy)
        }
        return policy.map(MemoryStore.print)
    }

    /// Tells of a write that takes its turn.
    fileprivate func takeTurn(_ repository: RepositoryID) async throws(StoreError) {
        try await call(.turn(repository)) { _ in }
    }

    private func call<Result>(
        _ call: Call, _ effect: (inout State) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        state.withLock { state in
            state.calls.append(call)
            state.inFlight += 1
            state.mostInFlight = max(state.mostInFlight, state.inFlight)
        }
        defer { state.withLock { $0.inFlight -= 1 } }
        await Task.yield()
        try await before(call, self)
        let result = try state.withLock { state throws(StoreError) in try effect(&state) }
        try await after(call, self)
        return result
    }

    /// As the store prints a policy that it was sent.
    static func print(_ policy: Policy) -> Policy {
        (try? JSONValue(parsing: policy)).map { Policy($0.pretty) } ?? policy
    }
}

/// A write to the store, which checks that it is sent once for each turn.
private final class MemoryWrite: PolicyWrite {
    private let policy: Policy?
    private let repository: RepositoryID
    private let store: MemoryStore
    private let hasTurn = Mutex(false)

    init(_ policy: Policy?, to repository: RepositoryID, _ store: MemoryStore) {
        self.policy = policy
        self.repository = repository
        self.store = store
    }

    func takeTurn() async throws(StoreError) {
        try await store.takeTurn(repository)
        hasTurn.withLock { $0 = true }
    }

    func giveTurnBack() {
        hasTurn.withLock { $0 = false }
    }

    func send() async throws(WriteFailure) -> Policy? {
        let isItsTurn = hasTurn.withLock { hasTurn in
            defer { hasTurn = false }
            return hasTurn
        }
        precondition(isItsTurn, "a write is sent without its turn")
        do throws(StoreError) {
            return try await store.send(policy, to: repository)
        } catch {
            throw WriteFailure(error, mayRepeat: error == .throttled)
        }
    }
}

extension StoreError {
    static let throttled = StoreError(kind: .other, code: "ThrottlingException", message: "too fast")
    static let noRepository = StoreError(
        kind: .repositoryNotFound, code: "RepositoryNotFoundException", message: "there is no such repository")
    static let denied = StoreError(
        kind: .accessDenied, code: "AccessDeniedException", message: "not allowed", requestID: "r-1")
    static let lost = StoreError(kind: .outcomeUnknown, code: "connection-lost", message: "the answer was lost")
    static let unreachable = StoreError(kind: .unreachable, code: "could-not-connect", message: "no connection")
    static let signIn = StoreError(kind: .signIn, code: "AccessDenied", message: "the role cannot be assumed")
    static let noPrincipal = StoreError(
        kind: .principalNotFound, code: "InvalidParameterException", message: "Principal not found")
    static let server = StoreError(kind: .other, code: "ServerException", message: "try later")
}
