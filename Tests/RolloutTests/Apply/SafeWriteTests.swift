import AWSValues
import Rollout
import SharePlan
import TestSupport
import Synchronization
import Testing

/// The order of a safe write in a run: turn, announcement, read, write; read-backs after a registry's last write.
@Suite(.timeLimit(.minutes(2))) struct SafeWriteTests {
    private static let repositories = World.repositories(12) + World.repositories(3, account: "222233334444")
    private static let old = World.policy(["444455556666"], foreign: "f")
    private static let wanted = Dictionary(uniqueKeysWithValues: repositories.map { ($0, ["555566667777"]) })
    private static let new = World.policy(["555566667777"], foreign: "f")
    private static let edited = World.policy(["444455556666"], foreign: "an edit")

    private func store(
        before: @escaping MemoryStore.Hook = { _, _ in }, after: @escaping MemoryStore.Hook = { _, _ in }
    ) -> MemoryStore {
        MemoryStore(
            Dictionary(uniqueKeysWithValues: Self.repositories.map { ($0, Self.old) }), before: before, after: after)
    }

    private func run(
        _ store: MemoryStore, _ options: ApplyOptions = ApplyOptions(), in folder: Folder,
        stop: StopSignal = StopSignal()
    ) async throws -> RunReport {
        let plan = try await World.plan(self.store(), Self.wanted, in: folder)
        return try await Runner(store, folder, options).execute(plan, stop: stop).report
    }

    private func calls(_ store: MemoryStore, of repository: RepositoryID) -> [MemoryStore.Call] {
        store.calls.filter { $0.repository == repository }
    }

    @Test func `The look comes after the turn, and the write right after the look`() async throws {
        try await World.withFolder { folder in
            let store = store()
            let report = try await run(store, in: folder)
            #expect(report.counts[.written] == Self.repositories.count)
            for repository in Self.repositories {
                #expect(
                    calls(store, of: repository)
                        == [.turn(repository), .read(repository), .write(repository), .read(repository)])
            }
        }
    }

    @Test func `What is edited while a write waits for its turn is a conflict and stays`() async throws {
        try await World.withFolder { folder in
            let store = store(before: { call, store in
                if case .turn(let repository) = call { store.edit(repository, Self.edited) }
            })
            let report = try await run(store, in: folder)
            #expect(report.counts[.conflict] == Self.repositories.count && report.exitStatus == .incomplete)
            #expect(store.writes.isEmpty)
            #expect(store.policies.values.allSatisfy { $0 == Self.edited })
        }
    }

    @Test func `A write that was refused in passing looks again before it is sent again`() async throws {
        try await World.withFolder { folder in
            let refused = Mutex<Set<RepositoryID>>([])
            let store = store(before: { call, store throws(StoreError) in
                guard case .write(let repository) = call, refused.withLock({ $0.insert(repository).inserted }) else {
                    return
                }
                // Somebody edits one of them while it waits.
                if repository == Self.repositories[0] { store.edit(repository, Self.edited) }
                throw .throttled
            })
            let report = try await run(store, in: folder)
            #expect(report.conflicts.map(\.repository) == [Self.repositories[0]])
            #expect(report.counts[.written] == Self.repositories.count - 1)
            #expect(store.policies[Self.repositories[0]] == .some(Self.edited))
            let other = Self.repositories[1]
            #expect(
                calls(store, of: other)
                    == [
                        .turn(other), .read(other), .write(other), .turn(other), .read(other), .write(other),
                        .read(other),
                    ])
        }
    }

    @Test func `A registry is read back after its last write, and a collision is reported`() async throws {
        try await World.withFolder { folder in
            let collided = Self.repositories[0]
            let store = store(after: { call, store in
                // At the moment of the registry's last write another team overwrites the first.
                if call == .write(Self.repositories[11]) { store.edit(collided, Self.edited) }
            })
            let report = try await run(store, ApplyOptions(concurrency: 1), in: folder)
            #expect(report.conflicts.map(\.repository) == [collided])
            #expect(report.conflicts.first?.written == .yes && report.exitStatus == .incomplete)
            let own = store.calls.filter { $0.registry == collided.registry }
            let lastWrite = own.lastIndex { if case .write = $0 { true } else { false } } ?? 0
            #expect(own[(lastWrite + 1)...].count { if case .read = $0 { true } else { false } } == 12)
        }
    }

    @Test func `A canary is read back at once`() async throws {
        try await World.withFolder { folder in
            let store = store()
            _ = try await run(store, ApplyOptions(concurrency: 1, canary: .count(2)), in: folder)
            let canary = Self.repositories[0]
            let write = try #require(store.calls.firstIndex(of: .write(canary)))
            #expect(store.calls[write + 1] == .read(canary))
        }
    }

    @Test func `A request to stop ends the waits for a turn, and nothing that waited is written`() async throws {
        try await World.withFolder { folder in
            let stop = StopSignal()
            let store = store(before: { call, _ throws(StoreError) in
                switch call {
                case .turn(Self.repositories[0]): break
                // The others wait until they are asked to end.
                case .turn: do { try await Task.sleep(for: .seconds(600)) } catch { throw .lost }
                case .write: stop.request()
                default: break
                }
            })
            let report = try await run(store, in: folder, stop: stop)
            #expect(report.ending == .interrupted && report.exitStatus == .interrupted)
            #expect(store.writes == [Self.repositories[0]])
            #expect(report.counts[.written] == 1)
            #expect(report.counts[.notStarted] == Self.repositories.count - 1)
            // The write was not read back any more, so whoever resumes looks at it.
            let again = try await Runner(MemoryStore(store.policies), folder).resume(
                try Archive(folder.path(of: "archive")).run("latest"))
            #expect(again.report.counts[.written] + again.report.counts[.alreadyDone] == Self.repositories.count)
        }
    }

    @Test func `What was written and then undone by somebody is not written again by a resumed run`() async throws {
        try await World.withFolder { folder in
            let stop = StopSignal()
            let store = store(after: { call, _ in if case .write = call { stop.request() } })
            let report = try await run(store, ApplyOptions(concurrency: 1), in: folder, stop: stop)
            let written = try #require(store.writes.first)
            #expect(report.counts[.written] == 1)
            let later = MemoryStore(store.policies)
            later.edit(written, Self.old)
            let again = try await Runner(later, folder).resume(
                try Archive(folder.path(of: "archive")).run(report.header.id))
            #expect(again.report.conflicts.map(\.repository) == [written] && again.exitStatus == .incomplete)
            #expect(!later.writes.contains(written))
        }
    }

    @Test func `Too many failures end the waits for a turn`() async throws {
        try await World.withFolder { folder in
            let store = store(before: { call, _ throws(StoreError) in
                switch call {
                case .turn(let repository) where !Self.repositories[..<2].contains(repository):
                    do { try await Task.sleep(for: .seconds(600)) } catch { throw .lost }
                case .write: throw .denied
                default: break
                }
            })
            let report = try await run(store, ApplyOptions(maximumFailures: 2), in: folder)
            #expect(report.ending == .tooManyFailures && report.counts[.failed] == 2)
            #expect(report.counts[.notStarted] == Self.repositories.count - 2)
        }
    }

    @Test func `Somebody who wrote the same before the look has written it, not the run`() async throws {
        try await World.withFolder { folder in
            let store = store(before: { call, store in
                if case .turn(let repository) = call { store.edit(repository, Self.new) }
            })
            #expect(try await run(store, in: folder).counts[.alreadyDone] == Self.repositories.count)
            let state = try await Archive(folder.path(of: "archive")).run("latest").state()
            #expect(Self.repositories.allSatisfy { !state.mayHaveWritten($0) })
        }
    }
}
