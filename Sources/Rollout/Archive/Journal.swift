import AWSValues
import Synchronization

/// The journal of a run, open for writing.
///
/// Announcements are on disk when ``record(_:)`` returns. Those that come in while one sync is under way share the next
/// one, so many concurrent writers cost one sync a round, not one each. Syncs run on a queue of their own: they would
/// block a thread that the tasks need.
///
/// A write that fails is remembered: a journal with a hole would be believed, so nothing more is accepted.
package final class Journal: Sendable {
    private struct State {
        var buffer: [UInt8] = []
        var waiting: [CheckedContinuation<Void, any Error>] = []
        var isFlushing = false
        var failure: FileError?
        var syncs = 0
    }

    private let file: OpenFile
    private let clock: RunClock
    private let queue: WorkQueue
    private let state = Mutex(State())
    /// What all entries record, including those still on their way to the disk.
    private let told: Mutex<RunState>
    /// How many announcements shared the last sync. Only used on ``queue``.
    private let shared = Mutex(0)
    /// Where the next line goes. Only used on ``queue``.
    private let end: Mutex<Int>

    /// Opens the journal, a new one or one to continue; what a crash left of a last line is cut off. `before` is what
    /// it records already, for those who will ask for ``runState``.
    package convenience init(
        _ path: String, before: RunState = RunState(), clock: RunClock = .system
    ) throws(FileError) {
        let file = try OpenFile(path, for: .writing, isOurs: true)
        var lines = LineReader(file)
        var end = 0
        while let line = try lines.next(), line.isTerminated { end = line.offset + line.bytes.count + 1 }
        try file.truncate(to: end)
        self.init(file, end: end, before: before, clock: clock)
    }

    /// A journal that writes to `file` from the offset `end` on, on a `queue` of its own.
    package init(
        _ file: OpenFile, end: Int, before: RunState = RunState(), clock: RunClock, queue: WorkQueue? = nil
    ) {
        told = Mutex(before)
        self.file = file
        self.queue = queue ?? clock.makeQueue()
        self.end = Mutex(end)
        self.clock = clock
    }

    /// What the journal records, without reading it: `before` and everything recorded or noted since. When a write has
    /// failed it is ahead of the file; then ``record(_:)`` has thrown, or will.
    package var runState: RunState { told.withLock { $0 } }

    /// How often the file was synced.
    package var syncs: Int { state.withLock { $0.syncs } }

    /// How many announcements wait for the next sync.
    package var waiting: Int { state.withLock { $0.waiting.count } }

    /// Writes the event and returns when it is on disk, with everything noted before it.
    ///
    /// - Throws: ``FileError``; then nothing may be done that the event would have announced.
    package func record(_ event: JournalEvent) async throws {
        let line = line(of: event)
        try await withCheckedThrowingContinuation { continuation in
            enqueue(line, continuation)
        }
    }

    /// Writes the event soon, in order. It is on disk when the next recorded one is.
    package func note(_ event: JournalEvent) {
        enqueue(line(of: event), nil)
    }

    /// Returns when everything that was noted is in the file, or the journal has failed.
    func drain() async {
        await withCheckedContinuation { continuation in
            queue.add { continuation.resume() }
        }
    }

    private func line(of event: JournalEvent) -> [UInt8] {
        let entry = JournalEntry(time: clock.now().rfc3339Milliseconds, event: event)
        told.withLock { $0.add(entry) }
        var bytes: [UInt8] = []
        entry.append(to: &bytes)
        return bytes
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
            if shared.withLock({ $0 >= Journal.crowd }) { queue.pause(Journal.pause) }
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
