import AWSValues
import Foundation
import Platform
import Rollout
import SharePlan
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct RollbackTests {
    private static let repositories = World.repositories(6)
    private static let old = World.policy(["444455556666"])
    private static let wanted = Dictionary(
        uniqueKeysWithValues: repositories.enumerated().map { index, repository in
            (repository, index % 2 == 0 ? ["555566667777"] : ["666677778888"])
        })

    private func store(before: @escaping MemoryStore.Hook = { _, _ in }) -> MemoryStore {
        MemoryStore(Dictionary(uniqueKeysWithValues: Self.repositories.map { ($0, Self.old) }), before: before)
    }

    private func rollback(
        _ store: MemoryStore, _ selection: RollbackSelection = .init(), in folder: Folder
    ) async throws -> PlanResult {
        try await Planner(store: store, spoolFolder: folder).plan(
            undoing: try Archive(folder.path(of: "archive")).run("latest"), by: .ofTests, selection,
            id: RunID(at: .now),
            createdAt: .now)
    }

    private func applied(_ store: MemoryStore, in folder: Folder) async throws {
        let plan = try await World.plan(self.store(), Self.wanted, in: folder)
        _ = try await Runner(store, folder).execute(plan)
    }

    @Test func `A rollback is a run of its own, and can be undone`() async throws {
        try await World.withFolder { folder in
            let store = store()
            try await applied(store, in: folder)
            let after = store.policies
            let archive = Archive(folder.path(of: "archive"))
            let first = try await archive.run("latest").id
            let plan = try await rollback(store, in: folder).plan
            #expect(plan.header.operation == .rollback && plan.header.undoes == first.text)
            #expect(plan.header.matrix == nil && plan.header.sidPrefix == "EcrShare")
            let undoing = try await Runner(store, folder).execute(plan)
            #expect(undoing.exitStatus == .done)
            expectSameMeaning(store.policies, self.store().policies)

            let redo = try await Planner(store: store, spoolFolder: folder).plan(
                undoing: try archive.run(undoing.run.text), by: .ofTests, id: RunID(at: .now), createdAt: .now
            ).plan
            _ = try await Runner(store, folder).execute(redo)
            expectSameMeaning(store.policies, after)
        }
    }

    @Test func `A run that is under way, or was resumed since, is not undone in part`() async throws {
        try await World.withFolder { folder in
            let store = store()
            try await applied(store, in: folder)
            let archive = Archive(folder.path(of: "archive"))
            let run = try await archive.run("latest")
            let planner = Planner(store: store, spoolFolder: folder)
            try await archive.withLock(for: run.id) {
                _ = await #expect {
                    try await planner.plan(
                        undoing: run, by: .ofTests, in: archive, id: RunID(at: .now), createdAt: .now)
                } throws: { error in
                    guard case .archiveInUse(_, run.id.text, _)? = error as? RolloutError else { return false }
                    return true
                }
            }
            let plan = try await planner.plan(
                undoing: run, by: .ofTests, in: archive, id: RunID(at: .now), createdAt: .now
            ).plan
            let journal = try OpenFile(run.folder.path(of: "journal.jsonl"), for: .writing)
            try journal.write(Array("\n".utf8), at: try journal.size())
            await #expect(throws: RolloutError.undoneRunWentOn(run.id)) {
                try await Runner(store, folder).execute(plan)
            }
        }
    }

    @Test func `Repositories and consumers narrow it`() async throws {
        try await World.withFolder { folder in
            let store = store()
            try await applied(store, in: folder)
            let one = try await rollback(
                store, .init(repositories: [try #require(RepositoryPattern("*001"))]), in: folder)
            #expect(one.plan.slots.map(\.repository) == [Self.repositories[1]])
            #expect(one.leftOut == 5)
            let consumers = try await rollback(
                store, .init(consumers: ["bad": Set([Consumer("555566667777")].compactMap(\.self))]), in: folder)
            #expect(consumers.plan.slots.map(\.repository) == [0, 2, 4].map { Self.repositories[$0] })
            #expect(consumers.leftOut == 3)
        }
    }

    @Test func `What the run never wrote is left, even when it looks as if`() async throws {
        try await World.withFolder { folder in
            let refused = Self.repositories[0]
            let others = Self.repositories[1]
            let store = store(before: { call, _ throws(StoreError) in if call == .write(refused) { throw .denied } })
            // Somebody else made the same change before the run came to it.
            store.edit(others, World.policy(["666677778888"]))
            try await applied(store, in: folder)
            // Then somebody edits the repository where the run failed: none of the rollback's business.
            store.edit(refused, World.policy(["777788889999"]))
            let result = try await rollback(store, in: folder)
            #expect(result.leftOut == 2 && result.neverWritten == 2)
            #expect(try result.plan.entry(for: others) == nil)
            #expect(try result.plan.entry(for: refused) == nil)
            #expect(result.plan.summary.changes == 4 && result.plan.summary.problems == 0)
        }
    }

    @Test func `An edit since is a conflict of the rollback`() async throws {
        try await World.withFolder { folder in
            let store = store()
            try await applied(store, in: folder)
            store.edit(Self.repositories[2], World.policy(["777788889999"]))
            let result = try await rollback(store, in: folder)
            #expect(result.plan.summary.problems == 1 && result.plan.summary.changes == 5)
        }
    }

    /// Any world and any trouble: what is not reported as failed is as planned, and a rollback brings back what was.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func `Applying gives what was planned and undoing gives what was`(seed: UInt64) async throws {
        try await World.withFolder { folder in
            var generator = SeededGenerator(seed: seed)
            let consumers = ["444455556666", "555566667777", "666677778888"]
            var policies: [RepositoryID: Policy?] = [:]
            var wanted: [RepositoryID: [String]] = [:]
            for account in ["111122223333", "222233334444", "333344445555"] {
                for repository in World.repositories(Int.random(in: 0..<15, using: &generator), account: account) {
                    let foreign = Bool.random(using: &generator) ? "f" : nil
                    policies[repository] = .some(
                        World.policy(consumers.filter { _ in Bool.random(using: &generator) }, foreign: foreign))
                    wanted[repository] = consumers.filter { _ in Bool.random(using: &generator) }
                }
            }
            let trouble = Mutex(SeededGenerator(seed: seed &+ 1000))
            let fails: @Sendable () -> Int = { trouble.withLock { Int.random(in: 0..<25, using: &$0) } }
            let store = MemoryStore(
                policies, lag: Int(seed % 3),
                before: { call, _ throws(StoreError) in
                    switch (call, fails()) {
                    case (.write, 0): throw .denied
                    case (.write, 1), (.write, 2): throw .lost
                    case (.write, 3): throw .server
                    case (.read, 0): throw .denied
                    default: break
                    }
                },
                after: { call, _ throws(StoreError) in
                    // A failure inside the service is as unclear as an answer that was lost.
                    if case .write = call, fails() < 3 { throw .lost }
                })
            let plan = try await World.plan(MemoryStore(policies), wanted, in: folder)
            let options = ApplyOptions(concurrency: 5, maximumFailures: nil)
            let report = try await Runner(store, folder, options).execute(plan).report
            #expect(report.conflicts.isEmpty)
            #expect(report.counts[.written] + report.counts[.failed] == plan.summary.changes)

            let failed = Set(report.failures.map(\.repository))
            try plan.forEachEntry { entry in
                let repository = try #require(entry.repository)
                let live = store.policies[repository] ?? nil
                guard case .change(let change) = entry else {
                    return #expect(World.haveSameMeaning(live, policies[repository] ?? nil))
                }
                let isAfter = World.haveSameMeaning(live, change.after)
                let isBefore = World.haveSameMeaning(live, change.before)
                #expect(failed.contains(repository) ? isAfter || isBefore : isAfter)
            }
            for failure in report.failures where failure.written == .no {
                #expect(
                    World.haveSameMeaning(
                        store.policies[failure.repository] ?? nil, policies[failure.repository] ?? nil))
            }

            let calm = MemoryStore(store.policies)
            let undoing = try await rollback(calm, in: folder).plan
            #expect(undoing.summary.problems == 0)
            #expect(try await Runner(calm, folder, options).execute(undoing).exitStatus == .done)
            expectSameMeaning(calm.policies, policies)
        }
    }
}
