import AWSValues
@testable import Rollout
import SharePlan
import Synchronization
import Testing

/// Journals as numbered segments, over a store that loses answers.
@Suite(.timeLimit(.minutes(1))) struct SegmentJournalTests {
    private let clock = FakeClock().clock
    private let run = World.runID
    private let folder = "runs/\(World.runID)/journal"

    private func begun(_ store: any ArchiveStore) async throws -> SegmentJournals {
        let journals = SegmentJournals(store: store)
        try await journals.create(for: run, at: clock.now(), clock)
        return journals
    }

    private func journal(_ journals: SegmentJournals) async throws -> Journal {
        Journal(try await journals.open(run, clock), clock: clock)
    }

    @Test(arguments: ["0000-000000.jsonl", "0012-000345.jsonl", "12345-1234567.jsonl"])
    func `The name of a segment comes back`(text: String) throws {
        #expect(try #require(SegmentName(text)).text == text)
    }

    @Test(arguments: ["", "0000-000000", "0-0.jsonl", "0000-000000.json", "-001-000000.jsonl", "0000-0000001.jsonl"])
    func `What is no name of a segment is none`(text: String) {
        #expect(SegmentName(text) == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func `A journal is continued in a new epoch, and read whole`(kind: StoreKind) async throws {
        try await kind.withStore { store, other in
            let journals = try await begun(store)
            #expect(try await journals.read(run) == JournalRecord(state: RunState(), condition: .whole))
            for (number, repository) in World.repositories(2).enumerated() {
                let journal = try await journal(number == 0 ? journals : SegmentJournals(store: other))
                try await journal.record(.started(caller: nil))
                journal.note(.applied(World.repository("noted")))
                try await journal.record(.writing(repository))
                journal.note(.verified(repository))
                await journal.drain()
            }
            let names = try await store.list(folder).map(\.name)
            #expect(
                names == [
                    "0000-000000.jsonl", "0000-000001.jsonl", "0001-000000.jsonl", "0001-000001.jsonl",
                    "0001-000002.jsonl", "0001-000003.jsonl", "0002-000000.jsonl", "0002-000001.jsonl",
                    "0002-000002.jsonl",
                ])
            let record = try await journals.read(run)
            #expect(record.condition == .whole && record.state.repositories.count == 3)
            #expect(record.state.repositories.values.allSatisfy { $0.written == .yes })
            let size = try await journals.size(of: run)
            let seals = ["0000-000001.jsonl", "0001-000003.jsonl"]
            let told = try await store.list(folder).filter { !seals.contains($0.name) }
            #expect(told.reduce(0) { $0 + ($1.size ?? 0) } == size)
            let (started, last) = try await journals.outermostEvents(of: run)
            #expect(started?.event == .started(caller: nil))
            #expect(last?.event == .verified(World.repositories(2)[1]))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `A process that was thought dead announces nothing once its run is undone`(kind: StoreKind) async throws {
        try await kind.withStore { store, other in
            let journals = try await begun(store)
            let old = try await journal(journals)
            try await old.record(.started(caller: nil))
            let size = try await journals.size(of: run)
            // Once for each rollback.
            for _ in 0..<2 { try await SegmentJournals(store: other).seal(run, clock) }
            #expect(try await journals.size(of: run) == size)
            await #expect(throws: RolloutError.self) { try await old.record(.writing(World.repositories(1)[0])) }
            // Whoever is killed between the seal and the first line leaves nothing that is missed.
            for _ in 0..<2 { _ = try await journal(journals) }
            let new = try await journal(journals)
            try await new.record(.started(caller: nil))
            let record = try await journals.read(run)
            #expect(record.condition == .whole && record.state.repositories.isEmpty)
        }
    }

    @Test func `Announcements that come together share a segment`() async throws {
        let arrived = Counter(64)
        let store = MemoryArchiveStore { _, _, _ in
            // A segment is on its way until all others of its round have come.
            while arrived.value < 64 { await Task.yield() }
            for _ in 0..<1000 { await Task.yield() }
            return nil
        }
        let journals = try await begun(store)
        let journal = try await journal(journals)
        for round in 1...3 {
            arrived.value = 0
            try await withThrowingTaskGroup(of: Void.self) { group in
                for repository in World.repositories(64) {
                    group.addTask {
                        arrived.add()
                        try await journal.record(.writing(repository))
                    }
                }
                try await group.waitForAll()
            }
            #expect(journal.syncs <= 3 * round)
        }
        #expect(try await journals.read(run).state.repositories.count == 64)
    }

    @Test(arguments: [MemoryArchiveStore.Fault.lostRequest, .lostAnswer, .conflict], 0..<6)
    func `What an unclear answer leaves open is settled`(fault: MemoryArchiveStore.Fault, faulty: Int) async throws {
        let store = MemoryArchiveStore { _, _, number in number == faulty ? fault : nil }
        let journals = try await begun(store)
        for _ in 0..<2 {
            let journal = try await journal(journals)
            try await journal.record(.writing(World.repository("a0")))
            journal.note(.applied(World.repository("a0")))
            await journal.drain()
        }
        let record = try await journals.read(run)
        #expect(record.condition == .whole && record.state.hasWritten(World.repository("a0")))
        #expect(store.writes.count >= 7 && store.names.count == 7)
    }

    @Test func `A store that never answers clearly ends the journal`() async throws {
        for fault in [MemoryArchiveStore.Fault.lostRequest, .conflict, .failure] {
            let isFaulty = Mutex(false)
            let store = MemoryArchiveStore { _, _, _ in isFaulty.withLock { $0 } ? fault : nil }
            let journal = try await journal(try await begun(store))
            isFaulty.withLock { $0 = true }
            await #expect(throws: (any Error).self) { try await journal.record(.writing(World.repository("a0"))) }
            isFaulty.withLock { $0 = false }
            // A journal with a hole would be believed.
            await #expect(throws: (any Error).self) { try await journal.record(.writing(World.repository("b0"))) }
            journal.note(.applied(World.repository("b0")))
            await journal.drain()
            #expect(store.names.count == 2)
        }
    }

    @Test func `All who wait learn that the journal has failed`() async throws {
        let isFaulty = Mutex(false)
        let store = MemoryArchiveStore { _, _, _ in isFaulty.withLock { $0 } ? .failure : nil }
        let journal = try await journal(try await begun(store))
        isFaulty.withLock { $0 = true }
        let failed = try await withThrowingTaskGroup(of: Bool.self) { group in
            for repository in World.repositories(32) {
                group.addTask {
                    do { try await journal.record(.writing(repository)) } catch { return true }
                    return false
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(failed == 32)
    }

    // MARK: - Fencing

    @Test(arguments: StoreKind.allCases)
    func `Who was replaced stops for ever`(kind: StoreKind) async throws {
        try await kind.withStore { store, other in
            let journals = try await begun(store)
            let old = try await journal(journals)
            try await old.record(.writing(World.repository("a0")))
            let new = try await journal(SegmentJournals(store: other))
            for _ in 0..<3 {
                await #expect(throws: RolloutError.journalTaken(run)) {
                    try await old.record(.writing(World.repository("b0")))
                }
                try await new.record(.writing(World.repository("c0")))
            }
            old.note(.applied(World.repository("b0")))
            await old.drain()
            let record = try await journals.read(run)
            #expect(record.condition == .whole)
            #expect(record.state.repositories.keys.map(\.name.text).sorted() == ["a0", "c0"])
        }
    }

    @Test func `A number that somebody else took while the answer was lost is not one's own`() async throws {
        let takes = Mutex(false)
        let stores = Mutex<MemoryArchiveStore?>(nil)
        let store = MemoryArchiveStore { _, name, _ in
            guard takes.withLock({ $0 }) else { return nil }
            // The same lines, by another writer.
            let head = SegmentHead(SegmentName(epoch: 1, number: 0), writer: "other", isSeal: false)
            stores.withLock { $0 }?.put(name, head.bytes)
            return .lostRequest
        }
        stores.withLock { $0 = store }
        let journal = try await journal(try await begun(store))
        takes.withLock { $0 = true }
        await #expect(throws: RolloutError.journalTaken(run)) {
            try await journal.record(.writing(World.repository("a0")))
        }
    }

    @Test func `Of several who continue at once, those who are replaced write nothing more`() async throws {
        let store = MemoryArchiveStore()
        let journals = try await begun(store)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    do {
                        let journal = try await self.journal(journals)
                        for round in 0..<20 {
                            try await journal.record(.writing(World.repository("r\(number)-\(round)")))
                        }
                    } catch RolloutError.journalTaken {}
                }
            }
            try await group.waitForAll()
        }
        let record = try await journals.read(run)
        #expect(record.condition == .whole, "\(store.names)")
    }

    // MARK: - Damage

    @Test func `A segment that is missing, torn or another one's is damage`() async throws {
        let store = MemoryArchiveStore()
        let journals = try await begun(store)
        let journal = try await journal(journals)
        for repository in World.repositories(3) { try await journal.record(.writing(repository)) }
        let whole = store.objects
        for name in whole.keys.sorted() {
            let bytes = try #require(whole[name])
            let isLast = name == whole.keys.max()
            for damage in 0..<3 {
                switch damage {
                case 0: store.remove(name)
                case 1: store.put(name, bytes.dropLast())
                default: store.put(name, try #require(whole.first { $0.key != name }?.value))
                }
                let condition = try await journals.read(run).condition
                // Nobody can tell that the last one was lost.
                if damage == 0, isLast { #expect(condition == .whole) } else { #expect(condition != .whole, "\(name)") }
                store.put(name, bytes)
            }
        }
        #expect(try await journals.read(run).condition == .whole)
        for name in whole.keys { store.remove(name) }
        #expect(try await journals.read(run).condition == .missing)
        #expect(try await journals.size(of: run) == 0)
    }
}

/// A number that tasks share.
private final class Counter: Sendable {
    private let number: Mutex<Int>

    init(_ number: Int) {
        self.number = Mutex(number)
    }

    var value: Int {
        get { number.withLock { $0 } }
        set { number.withLock { $0 = newValue } }
    }

    func add() { number.withLock { $0 += 1 } }
}
