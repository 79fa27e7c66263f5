import Foundation
import Rollout
import Testing

/// A kind of store that an archive can be kept in.
enum StoreKind: String, CaseIterable, Sendable {
    case folder, memory, bucket

    /// Gives `body` a new store, and one that is another process's.
    func withStore<Result>(
        _ body: (_ store: any ArchiveStore, _ other: any ArchiveStore) async throws -> Result
    ) async throws -> Result {
        switch self {
        case .folder:
            try await World.withFolder { folder in
                let root = folder.folder("deep/archive")
                return try await body(FolderStore(root), FolderStore(root))
            }
        case .memory:
            try await { store in try await body(store, store) }(MemoryArchiveStore())
        case .bucket:
            try await World.withFolder { folder in
                try folder.make()
                return try await withBucketStore(spoolFolder: folder) { store, other, _ in
                    try await body(store, other)
                }
            }
        }
    }
}

/// What every store promises.
@Suite(.timeLimit(.minutes(1))) struct ArchiveStoreContractTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test(arguments: StoreKind.allCases)
    func `An object is created once, and read as it was written`(kind: StoreKind) async throws {
        try await kind.withStore { store, other in
            #expect(try await store.read("a/b.json", limit: 10) == nil)
            #expect(try await store.read("a/b.json", 3, at: 0) == nil)
            #expect(try await store.open("a/b.json") == nil)
            guard case .created(let tag) = try await store.create("a/b.json", bytes("one")) else {
                Issue.record("not created")
                return
            }
            #expect(try await other.create("a/b.json", bytes("one")) == .exists)
            #expect(try await other.create("a/b.json", bytes("two")) == .exists)
            #expect(try await other.read("a/b.json", limit: 3) == StoredObject(bytes: bytes("one"), tag: tag))
            await #expect(throws: (any Error).self) { try await other.read("a/b.json", limit: 2) }
            let file = try #require(try await other.open("a/b.json"))
            #expect(try file.size() == 3 && file.read(9, at: 1) == bytes("ne"))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `A part of an object ends where that ends`(kind: StoreKind) async throws {
        try await kind.withStore { store, _ in
            _ = try await store.create("a", bytes("0123456789"))
            let parts = [(3, 0, "012"), (3, 8, "89"), (3, 10, ""), (3, 20, ""), (0, 0, ""), (99, 0, "0123456789")]
            for (count, offset, text) in parts {
                let part = try await store.read("a", count, at: offset)
                #expect(part == ObjectPart(bytes: bytes(text), size: 10))
            }
            _ = try await store.create("empty", [])
            #expect(try await store.read("empty", 5, at: 0) == ObjectPart(bytes: [], size: 0))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `What does not fit in memory is written to a file, which stays readable`(kind: StoreKind) async throws {
        try await kind.withStore { store, other in
            let piece = [UInt8](repeating: 7, count: 1 << 20)
            let file = try await store.create("runs/r/plan.jsonl") { file in
                for index in 0..<3 { try file.write(piece, at: index << 20) }
                return file
            }
            #expect(try file?.size() == 3 << 20)
            #expect(try await other.open("runs/r/plan.jsonl")?.size() == 3 << 20)
            let second: Void? = try await other.create("runs/r/plan.jsonl") { try $0.write([1], at: 0) }
            #expect(second == nil)
            #expect(try await store.read("runs/r/plan.jsonl", 1, at: 0) == ObjectPart(bytes: [7], size: 3 << 20))
            // What could not be written leaves nothing.
            struct Broken: Error {}
            await #expect(throws: Broken.self) {
                try await store.create("runs/r/other") { file -> Void in
                    try file.write(piece, at: 0)
                    throw Broken()
                }
            }
            #expect(try await store.list("runs/r").map(\.name) == ["plan.jsonl"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `An object is replaced and deleted by its tag alone`(kind: StoreKind) async throws {
        try await kind.withStore { store, other in
            let stale = ObjectTag("stale")
            #expect(try await store.replace("lock.json", bytes("x"), if: stale) == .missing)
            #expect(try await store.delete("lock.json", if: stale) == .missing)
            guard case .created(let first) = try await store.create("lock.json", bytes("one")),
                case .replaced(let second) = try await other.replace("lock.json", bytes("two"), if: first)
            else {
                Issue.record("not written")
                return
            }
            #expect(first != second)
            #expect(try await store.replace("lock.json", bytes("three"), if: first) == .changed)
            #expect(try await store.delete("lock.json", if: first) == .changed)
            #expect(try await store.read("lock.json", limit: 9) == StoredObject(bytes: bytes("two"), tag: second))
            #expect(try await store.delete("lock.json", if: second) == .deleted)
            #expect(try await other.delete("lock.json", if: second) == .missing)
            #expect(try await other.replace("lock.json", bytes("x"), if: second) == .missing)
            #expect(try await other.read("lock.json", limit: 9) == nil)
            guard case .created = try await other.create("lock.json", bytes("four")) else {
                Issue.record("not created again")
                return
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `A folder is listed in order, without what is below it`(kind: StoreKind) async throws {
        try await kind.withStore { store, _ in
            #expect(try await store.list("runs").isEmpty)
            for name in ["runs/b/plan", "runs/a/1", "runs/a/10", "runs/a/2", "runs/B", "runs/a/x/y", "other"] {
                _ = try await store.create(name, bytes(name))
            }
            #expect(
                try await store.list("runs") == [
                    StoreEntry(name: "B", size: 6), StoreEntry(name: "a", size: nil), StoreEntry(name: "b", size: nil),
                ])
            #expect(try await store.list("runs/a").map(\.name) == ["1", "10", "2", "x"])
            #expect(try await store.list("runs/a", after: "10").map(\.name) == ["2", "x"])
            #expect(try await store.list("runs/a", after: "x").isEmpty)
            #expect(try await store.list("runs/none").isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `A folder is gone with its last object, and can be made again`(kind: StoreKind) async throws {
        try await kind.withStore { store, _ in
            for _ in 0..<2 {
                guard case .created(let tag) = try await store.create("runs/r/journal.jsonl", bytes("x")) else {
                    Issue.record("not created")
                    return
                }
                #expect(try await store.list("runs").map(\.name) == ["r"])
                #expect(try await store.delete("runs/r/journal.jsonl", if: tag) == .deleted)
                #expect(try await store.list("runs").isEmpty)
            }
        }
    }

    // MARK: - Races

    @Test(arguments: StoreKind.allCases)
    func `Of many who create an object one wins`(kind: StoreKind) async throws {
        try await kind.withStore { store, other in
            for round in 0..<20 {
                let name = "runs/\(round)/segment"
                let winners = try await race(16) { number in
                    let outcome = try await (number % 2 == 0 ? store : other).create(name, [UInt8(number)])
                    return if case .created = outcome { true } else { false }
                }
                #expect(winners.count == 1)
                #expect(try await store.read(name, limit: 1)?.bytes == winners.map { UInt8($0) })
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `Of many who replace an object one wins`(kind: StoreKind) async throws {
        try await kind.withStore { store, other in
            guard case .created(var tag) = try await store.create("lease", [255]) else {
                Issue.record("not created")
                return
            }
            for round in 0..<20 {
                let old = tag
                let winners = try await race(16) { number in
                    let outcome = try await (number % 2 == 0 ? store : other).replace(
                        "lease", [UInt8(round), UInt8(number)], if: old)
                    return if case .replaced = outcome { true } else { false }
                }
                let found = try #require(try await store.read("lease", limit: 2))
                #expect(winners.count == 1 && found.bytes == [UInt8(round)] + winners.map { UInt8($0) })
                tag = found.tag
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `Those who create and delete by turns lose nothing`(kind: StoreKind) async throws {
        try await kind.withStore { store, other in
            let created = try await race(12) { number in
                let store = number % 2 == 0 ? store : other
                var count = 0
                for round in 0..<20 {
                    guard case .created(let tag) = try await store.create("runs/r/lock", [UInt8(number), UInt8(round)])
                    else { continue }
                    count += 1
                    // Nobody else may have deleted or replaced it meanwhile.
                    let found = try await store.read("runs/r/lock", limit: 2)
                    guard found?.bytes == [UInt8(number), UInt8(round)],
                        try await store.delete("runs/r/lock", if: tag) == .deleted
                    else { return false }
                }
                return count >= 0
            }
            #expect(created.count == 12)
            #expect(try await store.read("runs/r/lock", limit: 2) == nil)
        }
    }

    /// The numbers of the tasks that return true, of `count` that run at once.
    private func race(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> Bool) async throws -> [Int] {
        try await withThrowingTaskGroup(of: (Int, Bool).self) { group in
            for number in 0..<count { group.addTask { (number, try await body(number)) } }
            var winners: [Int] = []
            for try await (number, isWinner) in group where isWinner { winners.append(number) }
            return winners.sorted()
        }
    }

    // MARK: - The self-test

    @Test(arguments: StoreKind.allCases)
    func `A store that keeps its promises passes the self-test, which leaves nothing`(kind: StoreKind) async throws {
        try await kind.withStore { store, _ in
            _ = try await store.create("x/y", [1])
            try await store.selfTest(FakeClock().clock)
            #expect(try await store.list("x").count == 1)
            if let memory = store as? MemoryArchiveStore { #expect(memory.names == ["x/y"]) }
            if let folder = (store as? FolderStore)?.folder { #expect(try folder.names() == [".ecr-share-lock", "x"]) }
        }
    }

    @Test(arguments: [MemoryArchiveStore.Write.create, .replace])
    func `A store that ignores a condition is refused, and keeps nothing`(
        ignored: MemoryArchiveStore.Write
    ) async throws {
        let store = MemoryArchiveStore(ignoring: [ignored])
        await #expect(throws: RolloutError.ignoresConditions(archive: "memory://archive")) {
            try await store.selfTest(FakeClock().clock)
        }
        #expect(store.names.isEmpty)
    }

    @Test(arguments: [[], [.create], [.replace]] as [Set<MemoryArchiveStore.Write>])
    func `Faults do not decide the self-test`(ignored: Set<MemoryArchiveStore.Write>) async throws {
        for fault in [MemoryArchiveStore.Fault.lostRequest, .lostAnswer, .conflict] {
            for faulty in 0..<6 {
                let store = MemoryArchiveStore(ignoring: ignored) { _, _, number in number == faulty ? fault : nil }
                do {
                    try await store.selfTest(FakeClock().clock)
                    #expect(ignored.isEmpty, "\(fault) \(faulty)")
                } catch let error as RolloutError {
                    #expect(error == .ignoresConditions(archive: store.location) && !ignored.isEmpty)
                }
                #expect(store.names.isEmpty)
            }
        }
    }
}
