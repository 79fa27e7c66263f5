import AWSValues
import Foundation
import Rollout
import SharePlan
import TestSupport
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct RunnerTests {
    private static let repositories = World.repositories(20) + World.repositories(20, account: "222233334444")
    private static let old = World.policy(["444455556666"], foreign: "f")
    private static let wanted = Dictionary(uniqueKeysWithValues: repositories.map { ($0, ["555566667777"]) })
    private static let new = World.policy(["555566667777"], foreign: "f")

    private func store(
        lag: Int = 0, before: @escaping MemoryStore.Hook = { _, _ in }, after: @escaping MemoryStore.Hook = { _, _ in }
    ) -> MemoryStore {
        MemoryStore(
            Dictionary(uniqueKeysWithValues: Self.repositories.map { ($0, Self.old) }), lag: lag, before: before,
            after: after)
    }

    /// Plans with a store that does nothing by itself, then runs with `store`.
    private func run(
        _ store: MemoryStore, _ options: ApplyOptions = ApplyOptions(), in folder: Folder,
        stop: StopSignal = StopSignal(), archive: Archive? = nil
    ) async throws -> Runner.Result {
        let plan = try await World.plan(self.store(), Self.wanted, in: folder)
        let archive = archive ?? ArchiveKind.folder.archive(in: folder)
        let result = try await Runner(store, archive, options).execute(plan, stop: stop)
        // What the runner knows of the journals is what is in them.
        for execution in [result.execution, result.rollback].compactMap(\.self) {
            let run = try await archive.run(execution.run.text)
            #expect(try await run.state() == execution.state)
            // And a report that is folded from them counts what the one counted that was folded on the way.
            let report = try await RunReport(of: run, execution.plan, in: archive)
            #expect(report.counts == execution.report.counts && report.phase == execution.report.phase)
        }
        return result
    }

    private func archived(in folder: Folder) async throws -> ArchivedRun {
        try await Archive(folder.path(of: "archive")).run("latest", latest: .toUndo)
    }

    @Test(arguments: ArchiveKind.allCases)
    func `A run writes every change and reads it back`(kind: ArchiveKind) async throws {
        try await World.withFolder { folder in
            let store = store(lag: 2)
            let archive = kind.archive(in: folder)
            let result = try await run(store, in: folder, archive: archive)
            #expect(result.report.counts[.written] == 40 && result.exitStatus == .done && result.rollback == nil)
            #expect(store.policies.values.allSatisfy { $0 == Self.new })
            let state = try await archive.run("latest").state()
            #expect(state.ending == .completed)
            #expect(state.repositories.count == 40)
            #expect(state.repositories.allSatisfy { $0.value.outcome == .written && $0.value.isDone })
        }
    }

    @Test func `A second run of the same plan writes nothing`() async throws {
        try await World.withFolder { folder in
            let store = store()
            _ = try await run(store, in: folder)
            let plan = try await archived(in: folder).plan()
            let again = try await Runner(store, folder).execute(plan)
            #expect(again.report.counts[.alreadyDone] == 40 && again.exitStatus == .done)
            #expect(store.writes.count == 40)
        }
    }

    @Test func `Plan and announcement are on disk before a write`() async throws {
        try await World.withFolder { folder in
            let late = Mutex(0)
            let store = store(before: { call, _ in
                guard case .write(let repository) = call else { return }
                let runs = folder.folder("archive/runs")
                let run = runs.folder((try? runs.names().first) ?? "")
                let isAnnounced = try? RunState(reading: run.path(of: "journal.jsonl")).mayHaveWritten(repository)
                let hasPlan = (try? PlanFile(opening: run.path(of: "plan.jsonl"))) != nil
                if isAnnounced != true || !hasPlan { late.withLock { $0 += 1 } }
            })
            _ = try await self.run(store, in: folder)
            #expect(late.withLock { $0 } == 0)
        }
    }

    @Test func `A conflict is not written and shows what is live`() async throws {
        try await World.withFolder { folder in
            let edited = Self.repositories[7]
            let store = store()
            store.edit(edited, World.policy(["666677778888"]))
            let result = try await run(store, in: folder)
            let live = World.policy(["666677778888"]).map(MemoryStore.print)
            #expect(result.report.conflicts.map(\.repository) == [edited])
            #expect(result.report.outcome(of: edited) == .conflict(.policy(live), written: .no))
            #expect(result.report.counts[.written] == 39 && result.exitStatus == .incomplete)
            #expect(!store.writes.contains(edited))
        }
    }

    @Test func `An edit between the write and the read back is noticed`() async throws {
        try await World.withFolder { folder in
            let edited = Self.repositories[7]
            let store = store(after: { call, store in
                if call == .write(edited) { store.edit(edited, World.policy(["666677778888"])) }
            })
            let result = try await run(store, in: folder)
            #expect(result.report.conflicts.map(\.repository) == [edited])
            #expect(result.report.conflicts.first?.written == .yes)
        }
    }

    @Test func `Answers and requests that are lost change nothing in the result`() async throws {
        try await World.withFolder { folder in
            let lost = Mutex<Set<RepositoryID>>([])
            @Sendable func losesFirst(_ call: MemoryStore.Call, _ remainder: Int) -> Bool {
                guard case .write(let repository) = call,
                    Self.repositories.firstIndex(of: repository).map({ $0 % 3 == remainder }) ?? false
                else { return false }
                return lost.withLock { $0.insert(repository).inserted }
            }
            let store = store(
                before: { call, _ throws(StoreError) in if losesFirst(call, 0) { throw .lost } },
                after: { call, _ throws(StoreError) in if losesFirst(call, 1) { throw .lost } })
            let result = try await run(store, in: folder)
            #expect(result.report.counts[.written] == 40 && result.exitStatus == .done)
            #expect(store.policies.values.allSatisfy { $0 == Self.new })
        }
    }

    @Test func `A repository that fails does not stop the others`() async throws {
        try await World.withFolder { folder in
            let refused = Set(Self.repositories[3...5])
            let store = store(before: { call, _ throws(StoreError) in
                if case .write(let repository) = call, refused.contains(repository) { throw .denied }
            })
            let result = try await run(store, in: folder)
            #expect(result.report.failures.map(\.repository) == refused.sorted())
            #expect(result.report.failures.allSatisfy { $0.error == .denied && $0.written == .no })
            #expect(result.report.counts[.written] == 37 && result.exitStatus == .incomplete)
            let text = try await String(
                contentsOfFile: archived(in: folder).folder.path(of: "journal.jsonl"), encoding: .utf8)
            #expect(text.contains(#""code":"AccessDeniedException","message":"not allowed","requestId":"r-1""#))
        }
    }

    @Test func `No more is started once too many have failed`() async throws {
        try await World.withFolder { folder in
            let store = store(before: { call, _ throws(StoreError) in if case .write = call { throw .denied } })
            let result = try await run(
                store, ApplyOptions(concurrency: 2, maximumFailures: 5), in: folder)
            #expect(result.report.ending == .tooManyFailures)
            #expect((5...6).contains(result.report.counts[.failed]))
            #expect(result.report.counts[.notStarted] == 40 - result.report.counts[.failed])
            #expect(result.exitStatus == .incomplete)
        }
    }

    @Test func `Canaries go first, one of each registry, and the others only when they hold`() async throws {
        try await World.withFolder { folder in
            let bad = Self.repositories[20]
            let store = store(before: { call, _ throws(StoreError) in if call == .write(bad) { throw .denied } })
            let result = try await run(store, ApplyOptions(canary: .percent(5)), in: folder)
            #expect(Set(store.writes) == [Self.repositories[0], bad])
            #expect(result.report.ending == .canaryFailed)
            #expect(result.report.counts[.written] == 1 && result.report.counts[.notStarted] == 38)
            #expect(result.exitStatus == .incomplete)
        }
    }

    @Test func `Canaries that hold are followed by all others`() async throws {
        try await World.withFolder { folder in
            let store = store()
            let result = try await run(store, ApplyOptions(canary: .count(3)), in: folder)
            #expect(result.report.counts[.written] == 40 && result.report.ending == .completed)
            #expect(
                Set(store.writes.prefix(3)) == [Self.repositories[0], Self.repositories[1], Self.repositories[20]])
        }
    }

    @Test(arguments: ArchiveKind.allCases)
    func `A failed run is undone when asked to`(kind: ArchiveKind) async throws {
        try await World.withFolder { folder in
            let archive = kind.archive(in: folder)
            let bad = Self.repositories[30]
            let store = store(before: { call, _ throws(StoreError) in if call == .write(bad) { throw .denied } })
            let result = try await run(store, ApplyOptions(rollsBackOnFailure: true), in: folder, archive: archive)
            let rollback = try #require(result.rollback)
            #expect(rollback.report.counts[.written] == 39 && rollback.report.exitStatus == .done)
            #expect(result.exitStatus == .incomplete)
            for policy in store.policies.values { #expect(World.haveSameMeaning(policy, Self.old)) }
            #expect(try await archive.runs().compactMap { $0.header?.undoes } == [result.run.text])
            await #expect(throws: RolloutError.rolledBack(result.run, by: rollback.run)) {
                try await Runner(store, archive).resume(try await archive.run("latest", latest: .toUndo))
            }
        }
    }

    @Test(arguments: ArchiveKind.allCases)
    func `An interrupt lets writes in flight end, and the run is resumed`(kind: ArchiveKind) async throws {
        try await World.withFolder { folder in
            let archive = kind.archive(in: folder)
            let stop = StopSignal()
            let store = store(before: { _, store in if store.writes.count >= 10 { stop.request() } })
            let result = try await run(store, ApplyOptions(concurrency: 4), in: folder, stop: stop, archive: archive)
            #expect(result.report.ending == .interrupted && result.exitStatus == .interrupted)
            let counts = result.report.counts
            #expect(counts[.written] == store.writes.count && counts[.written] + counts[.notStarted] == 40)
            #expect((10...13).contains(counts[.written]))
            let interrupted = try await archive.run("latest")
            #expect(try await interrupted.state().ending == .interrupted)

            let calm = MemoryStore(store.policies)
            let resumed = try await Runner(calm, archive).resume(interrupted)
            #expect(resumed.report.counts[.alreadyDone] == counts[.written])
            #expect(resumed.report.counts[.written] == counts[.notStarted])
            #expect(calm.policies.values.allSatisfy { $0 == Self.new })
        }
    }

    @Test func `A journal that cannot be written stops the run before the write`() async throws {
        try await World.withFolder { folder in
            let store = store()
            let plan = try await World.plan(store, Self.wanted, in: folder)
            let run = try await Archive(folder.path(of: "archive")).begin(plan, as: World.runID).run
            run.folder.remove("journal.jsonl")
            try run.folder.folder("journal.jsonl").makeNew()
            await #expect(throws: FileError.self) { try await Runner(store, folder).resume(run) }
            #expect(store.writes.isEmpty)
        }
    }

    @Test func `A change that is objected to is not written`() async throws {
        try await World.withFolder { folder in
            let store = store()
            let plan = try await World.plan(store, Self.wanted, in: folder)
            let spool = try PlanSpool(in: folder)
            try plan.forEachEntry { entry in
                guard case .change(let change) = entry, change.repository == Self.repositories[4] else {
                    return try spool.add(entry)
                }
                // Somebody edited the plan: it does not say whom its document lets in.
                let silent = Change(
                    repository: change.repository, before: change.before, after: change.after, grants: .init())
                try spool.add(.change(silent))
            }
            let result = try await Runner(store, folder).execute(try spool.finish(header: World.header))
            #expect(result.report.failures.map(\.repository) == [Self.repositories[4]])
            #expect(result.report.failures.first?.error.code == "broken-promise")
            #expect(store.writes.count == 39)
        }
    }

    @Test func `Problems of the plan are left alone and keep the run from being complete`() async throws {
        try await World.withFolder { folder in
            let store = store()
            var wanted = Self.wanted
            wanted[World.repository("missing")] = ["555566667777"]
            let plan = try await World.plan(store, wanted, in: folder)
            let result = try await Runner(store, folder).execute(plan)
            #expect(
                result.report.summary.problems == 1 && result.report.counts[.written] == 40
                    && result.exitStatus == .incomplete)
        }
    }

    @Test func `Progress ends with everything done`() async throws {
        try await World.withFolder { folder in
            let last = Mutex<RunProgress?>(nil)
            let store = store()
            let plan = try await World.plan(store, Self.wanted, in: folder)
            var runner = Runner(store, folder, ApplyOptions(concurrency: 1))
            runner.observer = RunObserver(progress: { progress in last.withLock { $0 = progress } })
            _ = try await runner.execute(plan)
            #expect(last.withLock { $0?.done } == 40 && last.withLock { $0?.left } == 0)
        }
    }
}
