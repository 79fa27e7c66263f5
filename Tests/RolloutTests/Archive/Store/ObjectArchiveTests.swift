import AWSValues
import Platform
import Rollout
import SharePlan
import Synchronization
import Testing

/// Whole runs in an archive of objects whose store fails at any of its writes.
@Suite(.timeLimit(.minutes(2))) struct ObjectArchiveTests {
    private static let repositories = World.repositories(3)
    private static let before: [RepositoryID: Policy?] = [
        repositories[0]: nil, repositories[1]: World.policy(["444455556666"], foreign: "f"),
        repositories[2]: World.policy(["444455556666"]),
    ]
    private static let wanted = [
        repositories[0]: ["555566667777"], repositories[1]: ["555566667777"], repositories[2]: [],
    ]
    private static let after: [RepositoryID: Policy?] = [
        repositories[0]: World.policy(["555566667777"]),
        repositories[1]: World.policy(["555566667777"], foreign: "f"), repositories[2]: nil,
    ]

    private func plan(in folder: Folder) async throws -> PlanFile {
        try await World.plan(MemoryStore(Self.before), Self.wanted, in: folder)
    }

    private func undo(_ run: ArchivedRun, _ store: MemoryStore, in archive: Archive) async throws -> PlanFile {
        try await Planner(store: store, spoolFolder: archive.spoolFolder).plan(
            undoing: run, by: .ofTests, in: archive, id: RunID(at: .now), createdAt: .now
        ).plan
    }

    /// Policies that notice a write that is sent before the plan and its announcement are stored.
    private func policies(announcedIn objects: MemoryArchiveStore, late: LateWrites) -> MemoryStore {
        MemoryStore(
            Self.before,
            before: { call, _ in
                guard case .write(let repository) = call else { return }
                let stored = objects.objects
                let isAnnounced = stored.contains { name, bytes in
                    name.contains("/journal/")
                        && String(decoding: bytes, as: UTF8.self).split(separator: "\n").contains {
                            $0.hasPrefix(#"{"event":"writing""#) && $0.contains("\"name\":\"\(repository.name)\"")
                        }
                }
                let hasPlan = stored.keys.contains { $0.hasSuffix("/plan.jsonl") }
                if !isAnnounced || !hasPlan { late.add(repository) }
            })
    }

    @Test func `A run and its rollback leave the objects that they should`() async throws {
        try await World.withFolder { folder in
            let objects = MemoryArchiveStore()
            let archive = Archive(objects, in: folder)
            let late = LateWrites()
            let store = policies(announcedIn: objects, late: late)
            let plan = try await plan(in: folder)
            let result = try await Runner(store, archive).execute(plan)
            #expect(result.exitStatus == .done && late.all.isEmpty)
            expectSameMeaning(store.policies, Self.after)
            let page = try await archive.writeReport(of: result.execution)
            #expect(page == "memory://archive/runs/\(result.run)/report.html")
            // A page of an earlier attempt is not overwritten.
            objects.put("runs/\(result.run)/report.html", [])
            #expect(try await archive.writeReport(of: result.execution).hasSuffix("/report-2.html"))
            #expect(!objects.names.contains("lock.json"))
            let (run, opened) = try await archive.open("latest")
            #expect(run.id == result.run && opened.digest == plan.digest && opened.header.id == run.id.text)
            #expect(try await archive.runs().map(\.phase) == [.finished(.completed)])
            await #expect(throws: RolloutError.isComplete(run.id)) { try await Runner(store, archive).resume(run) }

            let rollback = try await Runner(store, archive).execute(try await undo(run, store, in: archive))
            #expect(rollback.exitStatus == .done && rollback.run > run.id && late.all.isEmpty)
            expectSameMeaning(store.policies, Self.before)
            #expect(try await archive.runs().map(\.id) == [rollback.run, run.id])
            #expect(try await archive.run("latest", latest: .toUndo).id == run.id)
            await #expect(throws: RolloutError.rolledBack(run.id, by: rollback.run)) {
                try await Runner(store, archive).resume(run)
            }
            #expect(!objects.names.contains("lock.json"))
            // Nothing but the lock and the probe was ever replaced or deleted.
            let replaced = objects.writes.filter { $0.write != .create }.map(\.name)
            #expect(replaced.allSatisfy { $0 == "lock.json" || $0.hasPrefix("probe-") })
        }
    }

    @Test(arguments: [MemoryArchiveStore.Fault.lostRequest, .lostAnswer, .conflict])
    func `A write of the archive without a clear answer changes nothing in the result`(
        fault: MemoryArchiveStore.Fault
    ) async throws {
        var faulty = 0
        var hadFault = true
        while hadFault {
            try await World.withFolder { folder in
                let objects = MemoryArchiveStore { [faulty] _, _, number in number == faulty ? fault : nil }
                let archive = Archive(objects, in: folder)
                let late = LateWrites()
                let store = policies(announcedIn: objects, late: late)
                let result = try await Runner(store, archive, ApplyOptions(concurrency: 1)).execute(
                    try await plan(in: folder))
                #expect(result.exitStatus == .done && late.all.isEmpty)
                expectSameMeaning(store.policies, Self.after)
                #expect(try await archive.run("latest").state() == result.execution.state)
                #expect(objects.names.allSatisfy { $0.hasPrefix("runs/\(result.run)/") }, "\(objects.names)")
                hadFault = faulty < objects.writes.count
            }
            faulty += 1
        }
        #expect(faulty > 10)
    }

    @Test(arguments: [false, true])
    func `A run whose archive fails at any write is resumed or undone`(isUndone: Bool) async throws {
        var faulty = 0
        var hadFault = true
        while hadFault {
            try await World.withFolder { folder in
                let isBroken = Mutex(true)
                let objects = MemoryArchiveStore { [faulty] _, _, number in
                    number >= faulty && isBroken.withLock { $0 } ? .failure : nil
                }
                let archive = Archive(objects, in: folder)
                let late = LateWrites()
                let store = policies(announcedIn: objects, late: late)
                let plan = try await plan(in: folder)
                let runner = Runner(store, archive, ApplyOptions(concurrency: 1))
                var isBrokenOff = false
                do {
                    _ = try await runner.execute(plan)
                    hadFault = faulty < objects.writes.count
                } catch RolloutError.brokenOff {
                    isBrokenOff = true
                } catch {}
                #expect(isBrokenOff || store.writes.isEmpty || store.writes.count == 3)
                isBroken.withLock { $0 = false }
                guard isBrokenOff else { return }
                // Another run has to wait; this one goes on.
                await #expect(throws: RolloutError.self) { try await runner.execute(plan) }
                let run = try await archive.run("latest")
                if isUndone {
                    let undoing = try await undo(run, store, in: archive)
                    if undoing.summary.changes > 0 {
                        #expect(try await runner.execute(undoing).exitStatus == .done)
                    }
                    expectSameMeaning(store.policies, Self.before)
                } else {
                    #expect(try await runner.resume(run).exitStatus == .done)
                    expectSameMeaning(store.policies, Self.after)
                }
                #expect(late.all.isEmpty)
            }
            faulty += 1
        }
        #expect(faulty > 10)
    }

    @Test func `A process that was replaced writes no policy any more`() async throws {
        try await World.withFolder { folder in
            let archive = Archive(MemoryArchiveStore(), in: folder)
            let plan = try await plan(in: folder)
            let isFirst = Mutex(true)
            let resumed = Mutex<Runner.Result?>(nil)
            // Before the first process writes its second policy, another one goes on with the run.
            let store = MemoryStore(
                Self.before,
                before: { call, store async throws(StoreError) in
                    guard case .turn = call, store.writes.count == 1, isFirst.withLock({ $0 }) else { return }
                    isFirst.withLock { $0 = false }
                    do {
                        let result = try await Runner(store, archive).resume(try await archive.run("latest"))
                        resumed.withLock { $0 = result }
                    } catch {
                        throw StoreError(kind: .other, code: "resume", message: "\(error)")
                    }
                })
            do {
                _ = try await Runner(store, archive, ApplyOptions(concurrency: 1)).execute(plan)
                Issue.record("it was not stopped")
            } catch RolloutError.brokenOff(_, let reason) {
                #expect(reason.contains("another process goes on"))
            }
            #expect(resumed.withLock { $0?.exitStatus } == .done)
            #expect(store.writes.count == 3)
            expectSameMeaning(store.policies, Self.after)
            #expect(try await archive.run("latest").journal().condition == .whole)
        }
    }

    @Test func `A store that ignores conditions is refused before anything is written`() async throws {
        try await World.withFolder { folder in
            let objects = MemoryArchiveStore(ignoring: [.create])
            let store = MemoryStore(Self.before)
            let plan = try await plan(in: folder)
            await #expect(throws: RolloutError.ignoresConditions(archive: objects.location)) {
                try await Runner(store, Archive(objects, in: folder)).execute(plan)
            }
            #expect(objects.names.isEmpty && store.writes.isEmpty)
        }
    }

    @Test func `An archive of objects that has nothing has no runs`() async throws {
        try await World.withFolder { folder in
            let archive = Archive(MemoryArchiveStore(), in: folder)
            let runs = try await archive.runs()
            #expect(runs.isEmpty)
            await #expect(throws: RolloutError.noRuns(archive: "memory://archive")) { try await archive.run("latest") }
        }
    }
}

/// Writes that were sent before they were announced.
private final class LateWrites: Sendable {
    private let repositories = Mutex<[RepositoryID]>([])

    var all: [RepositoryID] { repositories.withLock { $0 } }

    func add(_ repository: RepositoryID) { repositories.withLock { $0.append(repository) } }
}
