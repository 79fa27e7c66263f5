import AWSValues
@testable import Rollout
import SharePlan
import Synchronization
import Testing

/// The lock of an archive that several machines share, over a store that loses answers.
@Suite(.timeLimit(.minutes(1))) struct ClaimLockTests {
    private let clock = FakeClock().clock

    private func lock(_ store: any ArchiveStore, _ who: String = "ann") -> ClaimLock {
        ClaimLock(store: store, claimant: Claimant(who: who, host: "build-7"), warn: { _ in })
    }

    // swift-format-ignore: NeverForceUnwrap
    private static func id(_ number: Int) -> RunID {
        // Of literals in the tests.
        RunID("20261201T00000\(number)Z-000000")!
    }

    @Test(arguments: StoreKind.allCases)
    func `Another run is refused, and learns who has the archive`(kind: StoreKind) async throws {
        try await kind.withStore { store, other in
            try await lock(store).withLock(.goOn(Self.id(1), undoing: nil), clock) { _ in
                let holder = try await lock(other).holder()
                #expect(holder?.run == Self.id(1))
                await #expect {
                    try await lock(other, "bob").withLock(.goOn(Self.id(2), undoing: nil), clock) { _ in }
                } throws: { error in
                    let run = Self.id(1)
                    let parts = ["run \(run)", "ann on build-7", "since 2026-11-24T21:03:59Z", "release \(run)"]
                    return parts.allSatisfy { "\(error)".contains($0) }
                }
            }
            #expect(try await lock(other).holder() == nil)
            try await lock(other).withLock(.goOn(Self.id(2), undoing: nil), clock) { _ in }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `Of many who start one has the archive at a time`(kind: StoreKind) async throws {
        try await kind.withStore { store, other in
            let visits = Visits()
            let locks = [lock(store), lock(other)]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<12 {
                    let lock = locks[number % 2]
                    group.addTask { [clock] in try await visits.visit(lock, clock) }
                }
                try await group.waitForAll()
            }
            #expect(visits.count > 0)
            let holder = try await lock(store).holder()
            #expect(holder == nil)
        }
    }

    /// Counts who is inside the lock.
    private final class Visits: Sendable {
        private let inside = Mutex(0)
        private let runs = Mutex<[RunID]>([])

        var count: Int { runs.withLock { $0.count } }

        func visit(_ lock: ClaimLock, _ clock: RunClock) async throws {
            let purpose = LockPurpose.start(after: { self.runs.withLock { $0.max() } }, undoing: nil)
            do {
                try await lock.withLock(purpose, clock) { run in
                    let others = inside.withLock { inside in
                        inside += 1
                        return inside - 1
                    }
                    #expect(others == 0)
                    runs.withLock { runs in
                        #expect(runs.allSatisfy { $0 < run })
                        runs.append(run)
                    }
                    for _ in 0..<10 { await Task.yield() }
                    inside.withLock { $0 -= 1 }
                }
            } catch RolloutError.archiveClaimed {} catch RolloutError.archiveInUse {}
        }
    }

    @Test func `A new run is later than one that came and went meanwhile`() async throws {
        let newest = Mutex<[RunID?]>([nil, Self.id(5), Self.id(5)])
        let store = MemoryArchiveStore()
        let purpose = LockPurpose.start(after: { newest.withLock { $0.removeFirst() } }, undoing: nil)
        try await lock(store).withLock(purpose, clock) { run in
            #expect(run > Self.id(5))
            let holder = try await lock(store).holder()
            #expect(holder?.run == run)
        }
        #expect(store.names.isEmpty)
    }

    @Test(arguments: [MemoryArchiveStore.Fault.lostRequest, .lostAnswer, .conflict], 0..<9)
    func `What an unclear answer leaves open is settled`(fault: MemoryArchiveStore.Fault, faulty: Int) async throws {
        let store = MemoryArchiveStore { _, _, number in number == faulty ? fault : nil }
        var count = 0
        for number in 1...2 {
            try await lock(store).withLock(.goOn(Self.id(number), undoing: nil), clock) { run in
                let holder = try await lock(store).holder()
                #expect(holder?.run == run)
                count += 1
            }
        }
        #expect(count == 2 && store.names.isEmpty)
    }

    @Test func `A run that was cut off keeps the archive for its resume and its rollback`() async throws {
        for error in [CancellationError(), RolloutError.brokenOff(Self.id(1), reason: "x")] as [any Error] {
            for isResumed in [true, false] {
                let store = MemoryArchiveStore()
                await #expect(throws: (any Error).self) {
                    try await lock(store).withLock(.goOn(Self.id(1), undoing: nil), clock) { _ -> Void in throw error }
                }
                #expect(store.names == ["lock.json"])
                for other in [LockPurpose.goOn(Self.id(2), undoing: nil), .start(after: { nil }, undoing: Self.id(2))] {
                    await #expect(throws: RolloutError.self) {
                        try await lock(store).withLock(other, clock) { _ in Issue.record("not refused") }
                    }
                }
                let next =
                    isResumed
                    ? LockPurpose.goOn(Self.id(1), undoing: nil) : .start(after: { Self.id(1) }, undoing: Self.id(1))
                try await lock(store, "bob").withLock(next, clock) { run in
                    let holder = try await lock(store).holder()
                    #expect(holder?.run == run)
                }
                #expect(store.names.isEmpty)
            }
        }
    }

    @Test func `What ended before it did anything gives the archive back`() async throws {
        let store = MemoryArchiveStore()
        await #expect(throws: RolloutError.isComplete(Self.id(1))) {
            try await lock(store).withLock(.goOn(Self.id(1), undoing: nil), clock) { run -> Void in
                throw RolloutError.isComplete(run)
            }
        }
        #expect(store.names.isEmpty)
    }

    @Test func `A claim that another process of the run has made its own is not given back`() async throws {
        let store = MemoryArchiveStore()
        let first = lock(store)
        try await first.withLock(.goOn(Self.id(1), undoing: nil), clock) { _ -> Void in
            await #expect(throws: CancellationError.self) {
                try await lock(store, "bob").withLock(.goOn(Self.id(1), undoing: nil), clock) { _ -> Void in
                    throw CancellationError()
                }
            }
        }
        #expect(store.names == ["lock.json"])
    }

    @Test(arguments: [MemoryArchiveStore.Write.create, .replace])
    func `In a store that ignores conditions nothing begins`(ignored: MemoryArchiveStore.Write) async throws {
        let store = MemoryArchiveStore(ignoring: [ignored])
        await #expect(throws: RolloutError.ignoresConditions(archive: store.location)) {
            try await lock(store).withLock(.goOn(Self.id(1), undoing: nil), clock) { _ in Issue.record("begun") }
        }
        #expect(store.names.isEmpty)
    }

    @Test func `A lock that says nothing is not taken over`() async throws {
        let store = MemoryArchiveStore()
        store.put("lock.json", Array("{}".utf8))
        await #expect(throws: RolloutError.self) {
            try await lock(store).withLock(.goOn(Self.id(1), undoing: nil), clock) { _ in Issue.record("begun") }
        }
        #expect(store.names == ["lock.json"])
    }
}
