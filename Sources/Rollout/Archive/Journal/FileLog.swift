import Synchronization

/// A journal in one file that grows.
///
/// Lines that come in while one sync is under way share the next one, so many concurrent writers cost one sync a round,
/// not one each. Syncs run on a queue of their own: they would block a thread that the tasks need.
final class FileLog: JournalLog {
    private struct State {
        var buffer: [UInt8] = []
        var waiting: [CheckedContinuation<Void, any Error>] = []
        var isFlushing = false
        var failure: FileError?
        var syncs = 0
    }

    private let file: OpenFile
    private let queue: WorkQueue
    private let state = Mutex(State())
    /// How many callers shared the last sync. Only used on ``queue``.
    private let shared = Mutex(0)
    /// Where the next line goes. Only used on ``queue``.
    private let end: Mutex<Int>

    /// Opens the file, a new one or one to continue; what a crash left of a last line is cut off.
    convenience init(_ path: String, clock: RunClock) throws(FileError) {
        let file = try OpenFile(path, for: .writing, isOurs: true)
        var lines = LineReader(file)
        var end = 0
        while let line = try lines.next(), line.isTerminated { end = line.offset + line.bytes.count + 1 }
        try file.truncate(to: end)
        self.init(file, end: end, queue: clock.makeQueue())
    }

    /// Writes to `file` from the offset `end` on.
    init(_ file: OpenFile, end: Int, queue: WorkQueue) {
        self.file = file
        self.queue = queue
        self.end = Mutex(end)
    }

    var rounds: Int { state.withLock { $0.syncs } }

    var waiting: Int { state.withLock { $0.waiting.count } }

    /// - Throws: ``FileError``.
    func append(_ line: [UInt8]) async throws {
        try await withCheckedThrowingContinuation { continuation in
            enqueue(line, continuation)
        }
    }

    /// Writes the line soon, in order.
    func note(_ line: [UInt8]) {
        enqueue(line, nil)
    }

    func drain() async {
        await withCheckedContinuation { continuation in
            queue.add { continuation.resume() }
        }
    }

    private func enqueue(_ line: [UInt8], _ continuation: CheckedContinuation<Void, any Error>?) {
        let (failure, mustFlush) = state.withLock { state -> (FileError?, Bool) in
            if let failure = state.failure { return (failure, false) }
            state.buffer.append(contentsOf: line)
            if let continuation { state.waiting.append(continuation) }
            defer { state.isFlushing = true }
            return (nil, !state.isFlushing)
        }
        if let failure { continuation?.resume(throwing: failure) }
        if mustFlush { queue.add { self.flush() } }
    }

    /// With this many announcements in one sync, the next waits a little for as many to share it: a sync costs more
    /// than all else that a write does here.
    private static let crowd = 4
    /// In microseconds.
    private static let pause: UInt32 = 2_000

    /// Writes and syncs until nothing is left. Runs on ``queue``.
    private func flush() {
        while true {
            if shared.withLock({ $0 >= FileLog.crowd }) { queue.pause(FileLog.pause) }
            let (bytes, waiting) = state.withLock { state in
                let taken = (state.buffer, state.waiting)
                state.buffer = []
                state.waiting = []
                state.isFlushing = !taken.0.isEmpty
                return taken
            }
            if bytes.isEmpty { return }
            if !waiting.isEmpty { shared.withLock { $0 = waiting.count } }
            do throws(FileError) {
                try write(bytes, synced: !waiting.isEmpty)
                for continuation in waiting { continuation.resume() }
            } catch {
                fail(error, waiting)
                return
            }
        }
    }

    private func write(_ bytes: [UInt8], synced: Bool) throws(FileError) {
        try end.withLock { end throws(FileError) in
            do throws(FileError) {
                try file.write(bytes, at: end)
                if synced { try file.sync() }
            } catch {
                // Better no line than half a line; if even this fails, readers pass over a torn end.
                try? file.truncate(to: end)
                throw error
            }
            end += bytes.count
        }
        if synced { state.withLock { $0.syncs += 1 } }
    }

    private func fail(_ error: FileError, _ waiting: [CheckedContinuation<Void, any Error>]) {
        let others = state.withLock { state in
            state.failure = error
            state.buffer = []
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting + others { continuation.resume(throwing: error) }
    }
}
