import AWSValues
import Rollout
import SharePlan
import TestSupport

/// The simulated ECR as one attempt of one process sees it.
struct SimulatedStore: PolicyStore {
    let ecr: SimulatedECR
    let process: SimulatedProcess
    let attempt: Attempt

    func repositoryNames(in registry: Registry) async throws(StoreError) -> [RepositoryName] {
        let result = await ecr.list(registry, process)
        if case .failure = result { attempt.unlisted.insert(registry) }
        return try result.get()
    }

    func policy(of repository: RepositoryID) async throws(StoreError) -> Policy? {
        try await ecr.read(repository, process, of: attempt).get().map { Policy($0) }
    }

    func registryPolicy(of registry: Registry) async throws(StoreError) -> Policy? { nil }

    func write(_ policy: Policy?, to repository: RepositoryID) -> any PolicyWrite {
        Write(text: policy?.text, repository: repository, store: self)
    }

    /// One write, with its turn at the pace that the program keeps.
    private struct Write: PolicyWrite {
        let text: String?
        let repository: RepositoryID
        let store: SimulatedStore

        func takeTurn() async throws(StoreError) {
            let simulation = store.ecr.simulation
            let interval = 1_000_000 / store.ecr.weather.turns
            let attempt = store.attempt
            var wait = max(0, attempt.nextTurn - simulation.now)
            attempt.nextTurn = simulation.now + wait + interval
            // What a failure asks for.
            if attempt.wasThrottled(repository) { wait += simulation.dice.between(50_000, 800_000) }
            do { try await store.process.sleep(wait) } catch { throw .cancelled }
            attempt.turnTaken(repository, at: simulation.now)
        }

        func giveTurnBack() {
            store.attempt.giveTurnBack(repository, interval: 1_000_000 / store.ecr.weather.turns)
        }

        func send() async throws(WriteFailure) -> Policy? {
            try await store.ecr.write(text, to: repository, store.process, of: store.attempt).get().map { Policy($0) }
        }
    }
}

extension StoreError {
    /// A write that ECR calls failed: a server's word for it settles nothing.
    static let unclear = StoreError(kind: .outcomeUnknown, code: "ServerException", message: "try later")

    static let cancelled = StoreError(kind: .other, code: "cancelled", message: "the wait was cancelled")
}
