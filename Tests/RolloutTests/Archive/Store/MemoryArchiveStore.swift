import Foundation
import Rollout
import Synchronization

/// An archive's store in memory that fails when asked to.
final class MemoryArchiveStore: ArchiveStore {
    /// What goes wrong with a write.
    enum Fault: Hashable, Sendable {
        /// It has no effect, and nobody says so.
        case lostRequest
        /// It has its effect, and nobody says so.
        case lostAnswer
        /// It has no effect; the store asks to repeat it.
        case conflict
        /// It ends with an error.
        case failure
    }

    enum Write: Hashable, Sendable {
        case create, replace, delete
    }

    struct Failure: Error, Hashable {}

    fileprivate struct State {
        var objects: [String: [UInt8]] = [:]
        var tags: [String: Int] = [:]
        var lastTag = 0
        var writes: [(write: Write, name: String)] = []
        var reads = 0
    }

    private let state = Mutex(State())
    /// Called for each write, with its number from 0; may wait, and says what goes wrong.
    private let fault: @Sendable (_ write: Write, _ name: String, _ number: Int) async throws -> Fault?
    /// Whether it does what it is told whatever the conditions say.
    private let ignoresConditions: Set<Write>

    init(
        ignoring: Set<Write> = [],
        fault: @escaping @Sendable (_ write: Write, _ name: String, _ number: Int) async throws -> Fault? = { _, _, _ in
            nil
        }
    ) {
        ignoresConditions = ignoring
        self.fault = fault
    }

    let location = "memory://archive"
    func location(of name: String) -> String { "\(location)/\(name)" }

    /// All objects.
    var objects: [String: [UInt8]] { state.withLock { $0.objects } }
    var names: [String] { objects.keys.sorted() }
    /// The writes that reached the store.
    var writes: [(write: Write, name: String)] { state.withLock { $0.writes } }

    /// Somebody else's write.
    func put(_ name: String, _ bytes: [UInt8]) {
        state.withLock { _ = $0.put(name, bytes) }
    }

    func remove(_ name: String) {
        state.withLock { _ = $0.objects.removeValue(forKey: name) }
    }

    private func write<Outcome>(
        _ write: Write, _ name: String, again: Outcome, unknown: Outcome, _ effect: (inout State) -> Outcome
    ) async throws -> Outcome {
        let number = state.withLock { state in
            state.writes.append((write, name))
            return state.writes.count - 1
        }
        await Task.yield()
        switch try await fault(write, name, number) {
        case .lostRequest: return unknown
        case .conflict: return again
        case .failure: throw Failure()
        case .lostAnswer:
            _ = state.withLock { effect(&$0) }
            return unknown
        case nil:
            let outcome = state.withLock { effect(&$0) }
            await Task.yield()
            return outcome
        }
    }

    func create(_ name: String, _ bytes: [UInt8]) async throws -> CreateOutcome {
        try await write(.create, name, again: .again, unknown: .unknown) { state in
            guard state.objects[name] == nil || self.ignoresConditions.contains(.create) else { return .exists }
            return .created(state.put(name, bytes))
        }
    }

    func create<Result>(_ name: String, writing write: (OpenFile) throws -> Result) async throws -> Result? {
        let file = try Folder(NSTemporaryDirectory()).temporaryFile()
        let result = try write(file)
        let bytes = try file.read(try file.size(), at: 0)
        for _ in 0..<5 {
            switch try await create(name, bytes) {
            case .created: return result
            case .exists: return objects[name] == bytes ? result : nil
            case .again, .unknown: break
            }
        }
        throw Failure()
    }

    func replace(_ name: String, _ bytes: [UInt8], if tag: ObjectTag) async throws -> ReplaceOutcome {
        try await write(.replace, name, again: .again, unknown: .unknown) { state in
            guard let found = state.tag(of: name) else { return .missing }
            guard found == tag || self.ignoresConditions.contains(.replace) else { return .changed }
            return .replaced(state.put(name, bytes))
        }
    }

    func delete(_ name: String, if tag: ObjectTag) async throws -> DeleteOutcome {
        try await write(.delete, name, again: .again, unknown: .unknown) { state in
            guard let found = state.tag(of: name) else { return .missing }
            guard found == tag else { return .changed }
            state.objects[name] = nil
            return .deleted
        }
    }

    func read(_ name: String, limit: Int) async throws -> StoredObject? {
        await Task.yield()
        return try state.withLock { state in
            guard let bytes = state.objects[name], let tag = state.tag(of: name) else { return nil }
            guard bytes.count <= limit else { throw Failure() }
            return StoredObject(bytes: bytes, tag: tag)
        }
    }

    func read(_ name: String, _ count: Int, at offset: Int) async throws -> ObjectPart? {
        objects[name].map { ObjectPart(bytes: Array($0.dropFirst(offset).prefix(count)), size: $0.count) }
    }

    func open(_ name: String) async throws -> OpenFile? {
        guard let bytes = objects[name] else { return nil }
        let file = try Folder(NSTemporaryDirectory()).temporaryFile()
        try file.write(bytes, at: 0)
        return file
    }

    func list(_ folder: String, after: String?) async throws -> [StoreEntry] {
        await Task.yield()
        var sizes: [String: Int?] = [:]
        for (name, bytes) in objects where name.hasPrefix("\(folder)/") {
            let rest = name.dropFirst(folder.utf8.count + 1)
            let slash = rest.firstIndex(of: "/")
            sizes[String(rest[..<(slash ?? rest.endIndex)])] = .some(slash == nil ? bytes.count : nil)
        }
        return sizes.sorted { $0.key < $1.key }.filter { $0.key > after ?? "" }.map { StoreEntry(name: $0, size: $1) }
    }
}

extension MemoryArchiveStore.State {
    @discardableResult fileprivate mutating func put(_ name: String, _ bytes: [UInt8]) -> ObjectTag {
        lastTag += 1
        objects[name] = bytes
        tags[name] = lastTag
        return ObjectTag("\"\(lastTag)\"")
    }

    fileprivate func tag(of name: String) -> ObjectTag? {
        objects[name] == nil ? nil : tags[name].map { ObjectTag("\"\($0)\"") }
    }
}
