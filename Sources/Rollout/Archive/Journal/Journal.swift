import AWSValues
import Synchronization

/// The journal of a run, open for writing.
///
/// Announcements last when ``record(_:)`` returns; where they are kept and how many share one way there is the matter
/// of the ``JournalLog``.
package final class Journal: Sendable {
    private let log: any JournalLog
    private let clock: RunClock
    /// What all entries record, including those still on their way.
    private let told: Mutex<RunState>

    /// A journal that writes to `log`. `before` is what it records already, for those who will ask for ``runState``.
    package init(_ log: any JournalLog, before: RunState = RunState(), clock: RunClock) {
        self.log = log
        self.clock = clock
        told = Mutex(before)
    }

    /// Opens the journal at a path, a new one or one to continue; what a crash left of a last line is cut off.
    package convenience init(
        _ path: String, before: RunState = RunState(), clock: RunClock = .system
    ) throws(FileError) {
        self.init(try FileLog(path, clock: clock), before: before, clock: clock)
    }

    /// A journal that writes to `file` from the offset `end` on, on a `queue` of its own.
    package convenience init(
        _ file: OpenFile, end: Int, before: RunState = RunState(), clock: RunClock, queue: WorkQueue? = nil
    ) {
        self.init(FileLog(file, end: end, queue: queue ?? clock.makeQueue()), before: before, clock: clock)
    }

    /// What the journal records, without reading it: `before` and everything recorded or noted since. When a write has
    /// failed it is ahead of what is stored; then ``record(_:)`` has thrown, or will.
    package var runState: RunState { told.withLock { $0 } }

    /// How often lines were made to last.
    package var syncs: Int { log.rounds }

    /// How many announcements wait for the next sync.
    package var waiting: Int { log.waiting }

    /// Writes the event and returns when it lasts, with everything noted before it.
    ///
    /// - Throws: ``FileError``, ``RolloutError``; then nothing may be done that the event would have announced.
    package func record(_ event: JournalEvent) async throws {
        try await log.append(line(of: event))
    }

    /// Writes the event in order, later than now. It lasts when the next recorded one does.
    package func note(_ event: JournalEvent) {
        log.note(line(of: event))
    }

    /// Returns when everything that was noted is stored, or the journal has failed.
    func drain() async { await log.drain() }

    private func line(of event: JournalEvent) -> [UInt8] {
        let entry = JournalEntry(time: clock.now().rfc3339Milliseconds, event: event)
        told.withLock { $0.add(entry) }
        var bytes: [UInt8] = []
        entry.append(to: &bytes)
        return bytes
    }
}
