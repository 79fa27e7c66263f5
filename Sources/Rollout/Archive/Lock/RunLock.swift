/// Keeps the runs of one archive apart, over all processes.
package protocol RunLock: Sendable {
    /// Runs `body` for a run as the only one of the archive.
    ///
    /// - Throws: ``RolloutError/archiveInUse(archive:run:process:)`` or ``RolloutError/archiveClaimed(archive:by:)`` at
    ///   once when another run has the archive; what `body` throws.
    func withLock<Result>(
        _ purpose: LockPurpose, _ clock: RunClock, _ body: (RunID) async throws -> Result
    ) async throws -> Result

    /// Makes sure that runs can be kept apart here. What was found once is not looked for again.
    func test(_ clock: RunClock) async throws

    /// Gives back the lock of a run that a person gave up. `reference` is its id, or the beginning of it.
    ///
    /// - Throws: ``RolloutError``: `notClaimed`, `claimedByAnother`, `endsWithProcess`.
    func release(_ reference: String, _ clock: RunClock) async throws -> RunClaim

    /// Who holds the lock now; nil when nobody does.
    func holder() async throws -> LockHolder?
}

/// The run that the lock is taken for.
package enum LockPurpose: Sendable {
    /// A new one, whose id is to be later than that of the newest run. It may undo the run that has the archive.
    case start(after: @Sendable () async throws -> RunID?, undoing: RunID?)
    /// One that is in the archive already. It may undo the run that has the archive.
    case goOn(RunID, undoing: RunID?)

    /// The run of the archive whose lock may be taken over, as this one undoes it.
    var undone: RunID? {
        switch self {
        case .start(_, let undone), .goOn(_, let undone): undone
        }
    }

    /// The id of the run; a new one is later than all in the archive.
    func runID(_ clock: RunClock) async throws -> RunID {
        switch self {
        case .start(let newest, _): RunID(at: clock.now(), after: try await newest())
        case .goOn(let run, _): run
        }
    }
}

/// Who holds an archive's lock.
package struct LockHolder: Hashable, Sendable {
    package let run: RunID
    /// The process of this machine that works on the run; nil when it is only known that the run was not given up.
    package let process: Int?
}
