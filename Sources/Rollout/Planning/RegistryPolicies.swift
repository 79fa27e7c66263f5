package import AWSValues
package import SharePlan
import Synchronization

/// The own policies of registries, as far as they can be read: a Deny there wins over what a repository's policy
/// allows.
package struct RegistryPolicies: Sendable {
    private var policies: [Registry: RegistryPolicy] = [:]
    /// What a plan has to say of those that were not read, sorted by registry.
    package private(set) var notes: [PlanHeader.Note] = []
    private let book = CaseBook()

    /// Reads the policy of each registry, at most `concurrency` at once, for a plan of `today`.
    ///
    /// - Throws: `CancellationError`.
    package init(
        of registries: [Registry], in store: any PolicyStore, concurrency: Int, today: CalendarDate?
    ) async throws {
        let found = Mutex<[Registry: Result<Policy?, StoreError>]>([:])
        var queue = FairQueue<Registry, Registry>()
        for registry in Set(registries).sorted() { queue.add(registry, to: registry) }
        try await queue.forEach(atMost: concurrency) { registry in
            let result: Result<Policy?, StoreError>
            do throws(StoreError) { result = .success(try await store.registryPolicy(of: registry)) } catch {
                try Task.checkCancellation()
                result = .failure(error)
            }
            found.withLock { $0[registry] = result }
            return []
        }
        var unread: [Registry: String] = [:]
        for (registry, result) in found.withLock({ $0 }) {
            switch result {
            case .success(nil): break
            case .success(let policy?):
                do { policies[registry] = try RegistryPolicy(policy, of: registry, today: today) } catch {
                    unread[registry] = "its text is not a policy"
                }
            case .failure(let error):
                unread[registry] =
                    error.kind == .accessDenied
                    ? "ecr:GetRegistryPolicy is not allowed; allow it to the role (docs/iam.md)"
                    : "reading it ended with \(error.code)"
            }
        }
        notes = unread.sorted { $0.key < $1.key }.map { registry, reason in
            PlanHeader.Note(registry, "whether the registry's own policy denies anything was not checked: \(reason)")
        }
    }

    /// The policy of a registry; nil when it has none or it was not read.
    package subscript(registry: Registry) -> RegistryPolicy? { policies[registry] }

    /// What the plan of a repository's policy comes to beside that of its registry. In mode `remove` `wanted` is what
    /// is to go.
    func beside(_ entry: PlanEntry, wanted: [WantedGrant], mode: MergeMode = .match) -> PlanEntry {
        guard let policy = policies[entry.subject.registry] else { return entry }
        return entry.beside(policy, wanted: wanted, mode: mode, in: book)
    }
}
