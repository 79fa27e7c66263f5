package import AWSValues

/// How the journals of an archive's runs are kept: as a file that grows, or as objects that never change.
package protocol RunJournals: Sendable {
    /// Where the journal of a run is, for messages.
    func location(of run: RunID) -> String

    /// Makes the journal of a new run, with its first line. When this returns, that lasts.
    func create(for run: RunID, at time: Timestamp, _ clock: RunClock) async throws

    /// Removes a journal that was just made, since the run could not be archived.
    func discard(_ run: RunID, _ clock: RunClock) async

    /// Opens the journal of a run to continue it.
    func open(_ run: RunID, _ clock: RunClock) async throws -> any JournalLog

    /// Makes sure that a process that had the journal open, and is thought dead, announces nothing any more: before the
    /// run is undone or resumed.
    func seal(_ run: RunID, _ clock: RunClock) async throws

    /// Reads the journal of a run as far as it can be read.
    func read(_ run: RunID) async throws -> JournalRecord

    /// The first start of a run and the journal's last whole line, read without what is between; nil where the journal
    /// does not have them.
    ///
    /// - Throws: ``RolloutError/damagedJournal(path:line:reason:)`` when the first line is not that of this run.
    func outermostEvents(of run: RunID) async throws -> (started: JournalEntry?, last: JournalEntry?)

    /// The size in bytes of what the journal tells; 0 when there is none.
    func size(of run: RunID) async throws -> Int
}

/// The journal of one run, open for writing by one process.
///
/// Lines that come in while others are on their way share the next way. A log that has failed takes nothing more, since
/// a journal with a hole would be believed.
package protocol JournalLog: Sendable {
    /// Adds a line, and returns when it lasts, with all those before it.
    func append(_ line: [UInt8]) async throws

    /// Adds a line that need not last before the next ``append(_:)`` does.
    func note(_ line: [UInt8])

    /// Returns when everything that was noted is stored, or the log has failed.
    func drain() async

    /// How often lines were made to last.
    var rounds: Int { get }

    /// How many callers of ``append(_:)`` wait for the next round.
    var waiting: Int { get }
}
