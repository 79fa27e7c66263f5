import AWSValues
import Foundation
import Rollout
import SharePlan
import Synchronization
import Testing

/// What is executed is what was reviewed, as long as it may be.
@Suite(.timeLimit(.minutes(1))) struct ReviewedPlanTests {
    private static let repositories = World.repositories(5)
    private static let wanted = Dictionary(uniqueKeysWithValues: repositories.map { ($0, ["555566667777"]) })

    private func store(before: @escaping MemoryStore.Hook = { _, _ in }) -> MemoryStore {
        MemoryStore(Dictionary(uniqueKeysWithValues: Self.repositories.map { ($0, nil) }), before: before)
    }

    /// Changes the grants of a saved plan in place; offsets and lengths stay.
    private static func edit(_ path: String) {
        let text = try? String(contentsOfFile: path, encoding: .utf8)
        try? text?.replacingOccurrences(of: "555566667777", with: "666677778888")
            .write(toFile: path, atomically: false, encoding: .utf8)
    }

    @Test func `A plan that was changed after its review is refused, and leaves no run behind`() async throws {
        try await World.withFolder { folder in
            let store = store()
            let path = folder.path(of: "p")
            try await World.plan(store, Self.wanted, in: folder).save(as: path)
            let original = try Data(contentsOf: URL(fileURLWithPath: path))
            let reviewed = try PlanFile(opening: path)
            Self.edit(path)
            await #expect {
                try await Runner(store, folder).execute(reviewed)
            } throws: { error in
                if case RolloutError.planChangedUnderway(path, _) = error { true } else { false }
            }
            #expect(store.writes.isEmpty)
            let archive = Archive(folder.path(of: "archive"))
            #expect(try await archive.runs().isEmpty)

            try original.write(to: URL(fileURLWithPath: path))
            let result = try await Runner(store, folder).execute(try PlanFile(opening: path))
            #expect(result.report.counts[.written] == 5)
            #expect(try await archive.runs().map(\.id) == [result.run])
        }
    }

    @Test func `The archived copy is executed, whatever becomes of the plan's file`() async throws {
        try await World.withFolder { folder in
            let path = folder.path(of: "p")
            let store = store(before: { _, _ in Self.edit(path) })
            try await World.plan(self.store(), Self.wanted, in: folder).save(as: path)
            let reviewed = try PlanFile(opening: path)
            let result = try await Runner(store, folder).execute(reviewed)
            #expect(result.report.counts[.written] == 5)
            #expect(store.policies.values.allSatisfy { $0 == World.policy(["555566667777"]) })
            #expect(result.execution.plan.digest == reviewed.digest)
            let archived = try await Archive(folder.path(of: "archive")).run("latest").plan()
            #expect(archived.digest == reviewed.digest && archived.header.id == result.run.text)
        }
    }

    @Test func `A plan that could not be archived can be applied again`() async {
        await #expect(processExitsWith: .success) {
            signal(SIGXFSZ, SIG_IGN)
            try await World.withFolder { folder in
                let store = ReviewedPlanTests().store()
                let plan = try await World.plan(store, Self.wanted, in: folder)
                try limitFiles(to: 500)
                await #expect(throws: FileError.self) { try await Runner(store, folder).execute(plan) }
                try limitFiles(to: Int(Int32.max))
                #expect(try folder.folder("archive/runs").names().isEmpty)
                #expect(try await Runner(store, folder).execute(plan).report.counts[.written] == 5)
            }
        }
    }

    // MARK: - Expiry

    /// A plan that gives access until a day, gives access forever, and takes access away.
    private func expiringPlan(
        in folder: Folder, operation: PlanHeader.Operation = .share
    ) throws -> (MemoryStore, PlanFile) {
        let store = MemoryStore([
            Self.repositories[0]: nil, Self.repositories[1]: nil,
            Self.repositories[2]: World.policy(["555566667777"]).map(MemoryStore.print),
        ])
        let grant = World.wantedGrant("555566667777").grant
        let ending = WantedGrant(grant, expires: CalendarDate("2026-11-25"))
        let spool = try PlanSpool(in: folder)
        let after = World.policy(["555566667777"])
        for (repository, grants) in [
            (Self.repositories[0], GrantDifference(added: [ending])),
            (Self.repositories[1], GrantDifference(added: [WantedGrant(grant)])),
        ] {
            let change = Change(repository: repository, before: nil, after: after, grants: grants)
            try spool.add(.change(change.judged(on: World.header.day)))
        }
        let taking = Change(
            repository: Self.repositories[2], before: after.map(MemoryStore.print), after: nil,
            grants: GrantDifference(removed: [ending]))
        try spool.add(.change(taking.judged(on: World.header.day)))
        let share = World.header
        let header = PlanHeader(
            id: share.id, createdAt: share.createdAt, operation: operation, mode: share.mode,
            sidPrefix: share.sidPrefix, matrix: share.matrix,
            undoes: operation == .rollback ? World.runID.text : nil)
        return (store, try spool.finish(header: header))
    }

    private func clock(_ day: String) throws -> RunClock {
        let start = FakeClock().clock
        // 2026-11-24T21:03:59.250Z
        let days = try #require(Int(day)) - 24
        return RunClock(
            now: { Timestamp(milliseconds: start.now().milliseconds + days * 86_400_000) }, sleep: start.sleep)
    }

    @Test func `A grant that has expired since the review is not applied`() async throws {
        try await World.withFolder { folder in
            let (store, plan) = try expiringPlan(in: folder)
            let result = try await Runner(store, folder, clock: try clock("25")).execute(plan)
            #expect(result.report.failures.map(\.repository) == [Self.repositories[0]])
            #expect(result.report.failures.first?.error.code == "expired-grant")
            #expect(result.report.failures.first?.written == .no)
            #expect(Set(store.writes) == Set(Self.repositories[1...2]))
            #expect(result.exitStatus == .incomplete)
        }
    }

    @Test func `A grant is applied on its last day, and not resumed on the next`() async throws {
        try await World.withFolder { folder in
            let (store, plan) = try expiringPlan(in: folder)
            let result = try await Runner(store, folder, clock: try clock("24")).execute(plan)
            #expect(result.exitStatus == .done && store.writes.count == 3)
        }
        try await World.withFolder { folder in
            let stop = StopSignal()
            stop.request()
            let (store, plan) = try expiringPlan(in: folder)
            let first = try await Runner(store, folder, clock: try clock("24")).execute(plan, stop: stop)
            #expect(first.report.ending == .interrupted && store.writes.isEmpty)
            let run = try await Archive(folder.path(of: "archive")).run("latest")
            let resumed = try await Runner(store, folder, clock: try clock("25")).resume(run)
            #expect(resumed.report.failures.map(\.error.code) == ["expired-grant"])
            #expect(Set(store.writes) == Set(Self.repositories[1...2]))
        }
    }

    @Test func `A rollback gives back what its run took, whatever the day`() async throws {
        try await World.withFolder { folder in
            let (store, plan) = try expiringPlan(in: folder, operation: .rollback)
            let result = try await Runner(store, folder, clock: try clock("25")).execute(plan)
            #expect(result.exitStatus == .done && store.writes.count == 3)
        }
    }
}

/// No file of this process may grow beyond `size` bytes.
private func limitFiles(to size: Int) throws {
    var limit = rlimit(rlim_cur: rlim_t(size), rlim_max: rlim_t(Int.max))
    #if canImport(Glibc)
        _ = setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    #else
        _ = setrlimit(RLIMIT_FSIZE, &limit)
    #endif
}
