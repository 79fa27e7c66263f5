import AWSValues
import Foundation
import Rollout
@testable import SharePlan
import TestSupport
import Testing

@Suite struct PlannerTests {
    private func bytes(of plan: PlanFile, in folder: Folder) throws -> Data {
        let path = folder.path(of: "plan-\(UUID().uuidString)")
        try plan.save(as: path)
        return try Data(contentsOf: URL(fileURLWithPath: path))
    }

    @Test func `The plan has the same bytes whatever the concurrency`() async throws {
        let repositories = World.repositories(80) + World.repositories(80, account: "222233334444", region: "eu-west-1")
        var policies: [RepositoryID: Policy?] = [:]
        var wanted: [RepositoryID: [String]] = [:]
        for (index, repository) in repositories.enumerated() {
            if index % 7 != 3 { policies[repository] = .some(World.policy(index % 2 == 0 ? ["444455556666"] : [])) }
            wanted[repository] = index % 3 == 0 ? ["444455556666"] : ["555566667777"]
        }
        let store = MemoryStore(
            policies,
            before: { _, _ async throws(StoreError) in
                for _ in 0..<Int.random(in: 0..<20) { await Task.yield() }
            })
        try await World.withFolder { folder in
            let one = try await World.plan(store, wanted, in: folder, concurrency: 1)
            #expect(store.mostInFlight == 1)
            let many = try await World.plan(store, wanted, in: folder, concurrency: 64)
            #expect(store.mostInFlight > 1 && store.mostInFlight <= 64)
            #expect(try bytes(of: one, in: folder) == bytes(of: many, in: folder))
            #expect(one.summary.problems > 0 && one.summary.unchanged > 0 && one.summary.changes > 0)
            #expect(store.writes.isEmpty)
        }
    }

    @Test func `A failed read is a problem and never an empty policy`() async throws {
        let repository = World.repository("a0")
        let store = MemoryStore(
            [repository: World.policy(["444455556666"])],
            before: { call, _ throws(StoreError) in
                if case .read = call { throw .denied }
            })
        try await World.withFolder { folder in
            let plan = try await World.plan(store, [repository: ["555566667777"]], in: folder)
            #expect(
                try plan.entry(for: repository)
                    == .problem(
                        Problem(repository: repository, code: "AccessDeniedException", message: "not allowed")))
        }
    }

    @Test func `A registry is listed once, and what is listed is planned`() async throws {
        let repositories = World.repositories(10)
        let store = MemoryStore(Dictionary(uniqueKeysWithValues: repositories.map { ($0, nil) }))
        let registry = repositories[0].registry
        try await World.withFolder { folder in
            let planner = Planner(store: store, spoolFolder: folder)
            let result = try await planner.plan(
                Targets([repositories[3]: []], listed: [registry], everywhere: ["444455556666"]), by: SharingRules(),
                header: World.header)
            #expect(result.plan.summary.create == 9 && result.plan.summary.unchanged == 1)
            #expect(store.calls.filter { $0 == .list(registry) }.count == 1)
            #expect(result.isComplete)
        }
    }

    @Test func `A registry that cannot be listed makes the plan incomplete, and what is named is planned`() async throws
    {
        let repository = World.repository("a0")
        let store = MemoryStore(
            [repository: nil],
            before: { call, _ throws(StoreError) in
                if case .list = call { throw .denied }
            })
        try await World.withFolder { folder in
            let planner = Planner(store: store, spoolFolder: folder)
            let result = try await planner.plan(
                Targets([repository: ["444455556666"]], listed: [repository.registry]), by: SharingRules(),
                header: World.header)
            #expect(result.unlistedRegistries.map(\.registry) == [repository.registry])
            #expect(result.unlistedRegistries.first?.error == .denied)
            #expect(result.plan.summary.create == 1 && result.plan.summary.repositories == 1)
            #expect(!result.isComplete && !result.reachedNothing)
            var problems: [Problem] = []
            try result.plan.forEachEntry { if case .problem(let problem) = $0 { problems.append(problem) } }
            #expect(problems.map(\.subject) == [.registry(repository.registry)] && problems.first?.code == "listing")
            #expect(result.plan.summary.problems == 1)
            let path = folder.path(of: "plan")
            try result.plan.save(as: path)
            #expect(try PlanFile(opening: path).summary.problems == 1)
        }
    }

    @Test func `What earlier runs wrote and the matrix has lost is an orphan, if it is there and holds grants`()
        async throws
    {
        let target = World.repository("a0")
        let (orphan, empty, gone, closed) = (
            World.repository("b0"), World.repository("b1"), World.repository("b2"),
            World.repository("b3", account: "222233334444")
        )
        let held = World.policy(["444455556666"])
        let store = MemoryStore(
            [target: held, orphan: held, empty: nil, closed: held],
            before: { call, _ throws(StoreError) in
                if call == .read(closed) { throw .denied }
            })
        let grant = World.wantedGrant("444455556666").grant
        for prunes in [false, true] {
            let known = [target, orphan, empty, gone, closed]
            try await World.withFolder { folder in
                let planner = Planner(store: store, spoolFolder: folder)
                var targets = Targets([target: ["444455556666"]])
                targets.prunes = prunes
                let plan = try await planner.plan(
                    targets, by: SharingRules(), beside: known, header: World.header
                ).plan
                #expect(plan.slots.map(\.repository) == [target, orphan] + (prunes ? [closed] : []))
                let entry = try plan.entry(for: orphan)
                if prunes {
                    #expect(plan.summary.repositories == 3 && plan.summary.delete == 1 && plan.summary.problems == 1)
                } else {
                    #expect(entry == .orphan(Orphan(repository: orphan, grants: [grant])))
                    #expect(plan.summary.repositories == 1 && plan.summary.orphans == 1)
                }
                #expect(plan.header.notes.map(\.registry) == (prunes ? [] : [closed.registry]))
                let path = folder.path(of: "plan")
                try plan.save(as: path)
                let opened = try PlanFile(opening: path)
                #expect(opened.digest == plan.digest && opened.header == plan.header)
                #expect(try opened.entry(for: orphan) == entry)
                if !prunes {
                    let other = try await planner.plan(targets, by: SharingRules(), header: World.header).plan
                    #expect(other.digest == plan.digest)
                }
            }
        }
    }

    @Test func `Where no policy can be read, what earlier runs wrote is not asked about`() async throws {
        let targets = World.repositories(2)
        let old = World.repository("old")
        let other = World.repository("old", account: "222233334444")
        let held = World.policy(["444455556666"])
        for error in [StoreError.throttled, .unreachable, .denied] {
            let store = MemoryStore(
                [targets[0]: held, targets[1]: held, old: held, other: held],
                before: { call, _ throws(StoreError) in
                    if case .read(let repository) = call, targets.contains(repository) { throw error }
                })
            try await World.withFolder { folder in
                let planner = Planner(store: store, spoolFolder: folder)
                let wanted = Dictionary(uniqueKeysWithValues: targets.map { ($0, ["444455556666"]) })
                let plan = try await planner.plan(
                    Targets(wanted), by: SharingRules(), beside: [old, other], header: World.header
                ).plan
                // A refusal is an answer.
                let isSilent = error != .denied
                #expect(store.calls.contains(.read(old)) != isSilent && store.calls.contains(.read(other)))
                #expect(plan.header.notes.map(\.registry) == (isSilent ? [old.registry] : []))
                #expect(plan.summary.orphans == (isSilent ? 1 : 2))
            }
        }
    }

    @Test func `An account that cannot be signed in to is tried once and reported once`() async throws {
        let refused = World.repositories(50, account: "222233334444")
        let fine = World.repositories(5)
        let store = MemoryStore(
            Dictionary(uniqueKeysWithValues: (refused + fine).map { ($0, nil) }),
            before: { call, _ throws(StoreError) in
                if call.registry == refused[0].registry { throw .signIn }
            })
        let wanted = Dictionary(uniqueKeysWithValues: (refused + fine).map { ($0, ["444455556666"]) })
        try await World.withFolder { folder in
            let planner = Planner(store: store, concurrency: 1, spoolFolder: folder)
            let result = try await planner.plan(Targets(wanted), by: SharingRules(), header: World.header)
            #expect(result.signInFailures.map(\.account) == [refused[0].account])
            // Each repository and the registry, whose other repositories are unknown.
            #expect(result.plan.summary.problems == 51 && result.plan.summary.create == 5)
            #expect(result.plan.summary.repositories == 55 && !result.reachedNothing)
            #expect(store.calls.filter { $0.registry == refused[0].registry }.count == 1)
        }
    }

    @Test(arguments: [StoreError.signIn, .unreachable, .denied, .noRepository])
    func `Only a plan that got no answer at all has reached nothing`(error: StoreError) async throws {
        let repositories = World.repositories(3)
        let store = MemoryStore([:], before: { _, _ throws(StoreError) in throw error })
        try await World.withFolder { folder in
            let planner = Planner(store: store, spoolFolder: folder)
            let result = try await planner.plan(
                Targets(Dictionary(uniqueKeysWithValues: repositories.map { ($0, []) })), by: SharingRules(),
                header: World.header)
            #expect(!result.isComplete)
            #expect(result.reachedNothing == (error.kind == .signIn || error.kind == .unreachable))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `A registry that hangs does not hold up another`() async throws {
        let slow = World.repositories(100, account: "222233334444")
        let fast = World.repositories(100)
        // The slow registry answers only once the fast one is through.
        let store = MemoryStore(
            Dictionary(uniqueKeysWithValues: (slow + fast).map { ($0, nil) }),
            after: { call, store async throws(StoreError) in
                guard call.registry == slow[0].registry else { return }
                while store.calls.filter({ $0.registry == fast[0].registry }).count < fast.count {
                    await Task.yield()
                }
            })
        let wanted = Dictionary(uniqueKeysWithValues: (slow + fast).map { ($0, ["444455556666"]) })
        try await World.withFolder { folder in
            let plan = try await World.plan(store, wanted, in: folder, concurrency: 4)
            #expect(plan.summary.create == 200)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `A cancelled plan ends and leaves nothing behind`() async throws {
        let repositories = World.repositories(100)
        let store = MemoryStore(
            Dictionary(uniqueKeysWithValues: repositories.map { ($0, nil) }),
            before: { _, _ async throws(StoreError) in
                do { try await Task.sleep(for: .seconds(3600)) } catch { throw .lost }
            })
        try await World.withFolder { folder in
            let task = Task {
                try await World.plan(
                    store, Dictionary(uniqueKeysWithValues: repositories.map { ($0, []) }), in: folder, concurrency: 4)
            }
            while store.calls.count < 4 { await Task.yield() }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(store.calls.count == 4)
            let names = try folder.names()
            #expect(names == [])
        }
    }
}
