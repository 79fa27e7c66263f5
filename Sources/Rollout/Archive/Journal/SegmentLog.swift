import Synchronization

/// A journal of numbered segments, each of which is created if absent and never changes.
///
/// Callers of ``append(_:)`` that come while a segment is on its way share the next one, so many concurrent writers
/// cost one request a round. One of those who wait stores it, in its own task, and the others wait for that: there is
/// no queue, since nothing blocks, and no task that outlives its callers. What is only noted goes with the next
/// segment.
///
/// A number that somebody else has taken means that this writer was replaced: it stops for ever.
final class SegmentLog: JournalLog {
    private struct State {
        var buffer: [UInt8] = []
        /// Resumed with whether the caller is to store the next segment.
        var waiting: [CheckedContinuation<Bool, any Error>] = []
        var isStoring = false
        var failure: (any Error)?
        var next: SegmentName
        var rounds = 0
        /// How many callers shared the last segment.
        var shared = 0
    }

    /// What a caller does with its line.
    private enum Step {
        case wait
        case store
        case fail(any Error)
    }

    private let store: any ArchiveStore
    /// Where the run's segments are.
    private let folder: String
    private let run: RunID
    private let writer: String
    private let clock: RunClock
    private let state: Mutex<State>

    /// Writes from the segment `next` on, which must be the first of its epoch.
    init(
        _ store: any ArchiveStore, in folder: String, of run: RunID, from next: SegmentName, writer: String,
        _ clock: RunClock
    ) {
        self.store = store
        self.folder = folder
        self.run = run
        self.writer = writer
        self.clock = clock
        state = Mutex(State(next: next))
    }

    var rounds: Int { state.withLock { $0.rounds } }

    var waiting: Int { state.withLock { $0.waiting.count } }

    func note(_ line: [UInt8]) {
        state.withLock { state in
            if state.failure == nil { state.buffer.append(contentsOf: line) }
        }
    }

    /// - Throws: ``RolloutError/journalTaken(_:)``, what the store throws, `CancellationError`.
    func append(_ line: [UInt8]) async throws {
        let stores = try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<Bool, any Error>) in
            let step = state.withLock { state -> Step in
                if let failure = state.failure { return .fail(failure) }
                state.buffer.append(contentsOf: line)
                guard state.isStoring else {
                    state.isStoring = true
                    return .store
                }
                state.waiting.append(continuation)
                return .wait
            }
            switch step {
            case .wait: break
            case .store: continuation.resume(returning: true)
            case .fail(let error): continuation.resume(throwing: error)
            }
        }
        if stores { try await storeNext() }
    }

    func drain() async {
        let mustStore = state.withLock { state in
            guard !state.buffer.isEmpty, !state.isStoring, state.failure == nil else { return false }
            state.isStoring = true
            return true
        }
        // A log that fails remembers it.
        if mustStore { try? await storeNext() }
    }

    /// With this many announcements in one segment, the next waits a little for as many to share it.
    private static let crowd = 4
    private static let pause = Duration.milliseconds(2)

    /// Stores all that waits as one segment, and has one of those who came meanwhile store the next.
    private func storeNext() async throws {
        do {
            if state.withLock({ $0.shared >= SegmentLog.crowd }) { try await clock.sleep(SegmentLog.pause) }
            let (lines, waiting, name) = state.withLock { state in
                defer {
                    state.shared = state.waiting.count + 1
                    state.buffer = []
                    state.waiting = []
                }
                return (state.buffer, state.waiting, state.next)
            }
            let end: SegmentName
            do {
                end = try await put(lines, from: name)
            } catch {
                for continuation in waiting { continuation.resume(throwing: error) }
                throw error
            }
            let next = state.withLock { state -> CheckedContinuation<Bool, any Error>? in
                state.next = end
                state.rounds += 1
                let next = state.waiting.isEmpty ? nil : state.waiting.removeFirst()
                state.isStoring = next != nil
                return next
            }
            for continuation in waiting { continuation.resume(returning: false) }
            next?.resume(returning: true)
        } catch {
            let waiting = state.withLock { state in
                state.failure = error
                state.buffer = []
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume(throwing: error) }
            throw error
        }
    }

    /// A segment has hardly more bytes than this.
    private static let piece = 8 << 20

    /// Stores lines as one segment, or as several where they are too many. Returns the name of the one after.
    private func put(_ lines: [UInt8], from first: SegmentName) async throws -> SegmentName {
        var name = first
        var rest = lines[...]
        while !rest.isEmpty {
            let end =
                rest.dropFirst(SegmentLog.piece).firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.endIndex
            let bytes = SegmentHead(name, writer: writer, isSeal: false).bytes + rest[..<end]
            guard case .created = try await store.createSettled("\(folder)/\(name.text)", bytes, clock) else {
                throw RolloutError.journalTaken(run)
            }
            rest = rest[end...]
            name = name.next
        }
        return name
    }
}
