import AWSValues
import Foundation
import Platform
import Rollout
import SharePlan
import TestSupport
import Synchronization
import Testing

/// Kills a run at each of its calls to the store, before and after the call took effect, and resumes it.
@Suite(.timeLimit(.minutes(2))) struct CrashTests {
    private static let repositories = World.repositories(3)
    private static let policies: [RepositoryID: Policy?] = [
        repositories[0]: nil, repositories[1]: World.policy(["444455556666"], foreign: "f"),
        repositories[2]: World.policy(["444455556666"]),
    ]
    private static let wanted = [
        repositories[0]: ["555566667777"], repositories[1]: ["555566667777"], repositories[2]: [],
    ]

    /// Runs until the call number `index` of the store, then never answers again.
    private func runKilled(
        at index: Int, takesEffect: Bool, _ plan: PlanFile, in archive: Archive
    ) async throws -> [RepositoryID: Policy?] {
        let (deaths, death) = AsyncStream.makeStream(of: Void.self)
        let count = Mutex(0)
        let isDead: @Sendable () async throws(StoreError) -> Void = { () async throws(StoreError) in
            guard
                count.withLock({
                    $0 += 1; return $0 > index
                })
            else { return }
            death.yield()
            do { try await Task.sleep(for: .seconds(3600)) } catch { throw .lost }
        }
        let store = MemoryStore(
            Self.policies,
            before: { _, _ async throws(StoreError) in if !takesEffect { try await isDead() } },
            after: { _, _ async throws(StoreError) in if takesEffect { try await isDead() } })
        let task = Task {
            try await Runner(store, archive, ApplyOptions(concurrency: 1)).execute(plan)
        }
        for await _ in deaths { break }
        let policies = store.policies
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        return policies
    }

    @Test(arguments: ArchiveKind.allCases, (0..<18).map { ($0 / 2, $0 % 2 == 1) })
    func `A run that was killed is resumed to the same end, and undone`(
        kind: ArchiveKind, death: (index: Int, takesEffect: Bool)
    ) async throws {
        try await World.withFolder { folder in
            let archive = kind.archive(in: folder)
            let plan = try await World.plan(MemoryStore(Self.policies), Self.wanted, in: folder)
            let policies = try await runKilled(
                at: death.index, takesEffect: death.takesEffect, plan, in: archive)
            let run = try await archive.run("latest")
            #expect(try await archive.runs().first?.phase == .unfinished)
            #expect(try await RunReport(of: run, run.plan(), in: archive).phase == .unfinished)

            // Undoing the half run, without resuming it first.
            let undone = MemoryStore(policies)
            let result = try await Planner(store: undone, spoolFolder: folder).plan(
                undoing: run, by: .ofTests, id: RunID(at: .now), createdAt: .now)
            var rollback: [Change] = []
            try result.plan.forEachEntry { if case .change(let change) = $0 { rollback.append(change) } }
            for change in rollback { undone.edit(change.repository, change.after) }
            expectSameMeaning(undone.policies, Self.policies)
            #expect(result.plan.summary.problems == 0)

            let store = MemoryStore(policies)
            let resumed = try await Runner(store, archive).resume(run)
            #expect(try await run.state() == resumed.execution.state)
            #expect(resumed.exitStatus == .done)
            #expect(resumed.report.counts[.written] + resumed.report.counts[.alreadyDone] == 3)
            expectSameMeaning(
                store.policies,
                [
                    Self.repositories[0]: World.policy(["555566667777"]),
                    Self.repositories[1]: World.policy(["555566667777"], foreign: "f"), Self.repositories[2]: nil,
                ])
            #expect(try await run.state().ending == .completed)
        }
    }
}

func expectSameMeaning(
    _ left: [RepositoryID: Policy?], _ right: [RepositoryID: Policy?], sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(left.keys.sorted() == right.keys.sorted(), sourceLocation: sourceLocation)
    for (repository, policy) in left {
        let other = right[repository] ?? nil
        #expect(
            World.haveSameMeaning(policy, other), "\(repository): \(policy ?? "-") and \(other ?? "-")",
            sourceLocation: sourceLocation)
    }
}
