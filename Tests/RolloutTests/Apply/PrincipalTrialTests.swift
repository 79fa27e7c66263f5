import Rollout
import SharePlan
import TestSupport
import Synchronization
import Testing

/// Searches for unknown principals whose trials go wrong: the policy from before comes back whatever was seen of them.
@Suite(.timeLimit(.minutes(1))) struct PrincipalTrialTests {
    private static let repository = World.repositories(1)[0]
    private static let consumers = ["444455556666", "555566667777"]

    /// What happens to the one trial that ECR takes.
    enum Trouble: CaseIterable {
        /// Reading it back fails.
        case unread
        /// And the look after that is older than the trial.
        case unreadAndStale
        /// Its answer is lost, and so is each look that would settle it.
        case lost
    }

    @Test(arguments: Trouble.allCases)
    func `A trial that nobody saw is taken away again`(trouble: Trouble) async throws {
        try await World.withFolder { folder in
            let writes = Mutex(0)
            let failures = Mutex(0)
            @Sendable func before(_ call: MemoryStore.Call, _ store: MemoryStore) throws(StoreError) {
                switch call {
                case .write:
                    // The run itself and the first trial are refused; the second trial is taken.
                    let number = writes.withLock { count in
                        count += 1
                        return count
                    }
                    if number <= 2 { throw .noPrincipal }
                    if number == 3 { failures.withLock { $0 = 1 } }
                case .read where writes.withLock({ $0 == 3 }):
                    let fails = failures.withLock { left in
                        defer { left = max(0, left - 1) }
                        return left > 0
                    }
                    if fails { throw .server }
                default: break
                }
            }
            @Sendable func after(_ call: MemoryStore.Call, _ store: MemoryStore) throws(StoreError) {
                if trouble == .lost, case .write = call, writes.withLock({ $0 == 3 }) { throw .lost }
            }
            let store = MemoryStore(
                [Self.repository: nil], lag: trouble == .unreadAndStale ? 1 : 0, before: before, after: after)
            let finding = try await search(store, for: Self.consumers, in: folder)
            guard case .brokenOff(_, written: .no)? = finding else {
                Issue.record("found \(String(describing: finding))")
                return
            }
            #expect(store.policies == [Self.repository: nil])
            #expect(store.writes.count == 4)
        }
    }

    /// The search begins with the policy from before, and with one new principal that is all it sends.
    @Test(arguments: [false, true])
    func `A policy that somebody edits when the search begins is no proof`(afterTheWrite: Bool) async throws {
        let live: Policy =
            #"{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Principal":{"AWS":"222233334444"},"Action":"ecr:ListImages"}]}"#
        let edited = live.replacing("ListImages", with: "DescribeImages")
        try await World.withFolder { folder in
            let writes = Mutex(0)
            @Sendable func before(_ call: MemoryStore.Call, _ store: MemoryStore) throws(StoreError) {
                guard case .write = call else { return }
                let number = writes.withLock { count in
                    count += 1
                    return count
                }
                if number == 1 {
                    if !afterTheWrite { store.edit(Self.repository, edited) }
                    throw .noPrincipal
                }
            }
            @Sendable func after(_ call: MemoryStore.Call, _ store: MemoryStore) throws(StoreError) {
                if afterTheWrite, case .write = call { store.edit(Self.repository, edited) }
            }
            let store = MemoryStore([Self.repository: live], before: before, after: after)
            let finding = try await search(store, for: [Self.consumers[0]], in: folder)
            guard case .brokenOff(let reason, written: .no)? = finding else {
                Issue.record("found \(String(describing: finding))")
                return
            }
            #expect(reason == "somebody edited the policy meanwhile, and it is left alone")
            #expect(store.policies == [Self.repository: edited])
        }
    }

    private func search(
        _ store: MemoryStore, for consumers: [String], in folder: Folder
    ) async throws -> IsolatedPrincipals.Finding? {
        let plan = try await World.plan(store, [Self.repository: consumers], in: folder)
        var options = ApplyOptions()
        options.pace.newPrincipal = []
        let runner = Runner(store, folder, options)
        let execution = try await runner.execute(plan).execution
        return try await runner.isolatePrincipals(after: execution).first?.finding
    }
}
