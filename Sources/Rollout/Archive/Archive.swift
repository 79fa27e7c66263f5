import AWSValues
import Platform
import SharePlan

/// Where plans and journals of all runs are kept: `runs/RUN/plan.jsonl` and the run's journal, in a folder or in an
/// object store.
///
/// The two differ in how runs are kept apart (``RunLock``) and how journals grow (``RunJournals``); all else goes
/// through the ``ArchiveStore``.
package struct Archive: Sendable {
    let store: any ArchiveStore
    let lock: any RunLock
    let journals: any RunJournals
    /// Where temporary files go: files without a name, as large as a plan.
    package let spoolFolder: Folder
    /// Called with what a person should know about runs that cannot be read.
    let warn: @Sendable (String) -> Void

    /// The archive in a folder. Its lock `ARCHIVE/lock` names the run under way; a process that died does not hold it
    /// any more. A journal is one file, `journal.jsonl`.
    package init(_ path: String, warn: @escaping @Sendable (String) -> Void = { _ in }) {
        let folder = Folder(path)
        let store = FolderStore(folder)
        self.init(store, FolderLock(folder: folder), FileJournals(store: store), spoolFolder: folder, warn: warn)
    }

    /// An archive in any store that several people and machines may share. Its lock is the object `lock.json`, which
    /// names the run and does not expire; its journals are numbered segments. `claimant` is whom others read about.
    package init(
        _ store: any ArchiveStore, claimant: Claimant, spoolFolder: Folder,
        warn: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.init(
            store, ClaimLock(store: store, claimant: claimant, warn: warn), SegmentJournals(store: store),
            spoolFolder: spoolFolder, warn: warn)
    }

    init(
        _ store: any ArchiveStore, _ lock: any RunLock, _ journals: any RunJournals, spoolFolder: Folder,
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.store = store
        self.lock = lock
        self.journals = journals
        self.spoolFolder = spoolFolder
        self.warn = warn
    }

    /// The folder of all runs' folders.
    static let runsName = "runs"

    /// For messages: the folder's path, `s3://BUCKET/PREFIX`.
    package var location: String { store.location }

    /// The same for a person, who may not know the working directory.
    package var absoluteLocation: String { store.absoluteLocation }

    /// Runs `body` as a new run, the only one of this archive over all processes. The run's id is later than those of
    /// all runs before. `undone` is the run that it undoes.
    ///
    /// - Throws: as ``withLock(for:undoing:clock:_:)``.
    package func withLock<Result>(
        startingBy clock: RunClock, undoing undone: RunID? = nil, _ body: (RunID) async throws -> Result
    ) async throws -> Result {
        try await lock.withLock(.start(after: { try await runIDs().first }, undoing: undone), clock, body)
    }

    /// Runs `body` for a run of this archive, as the only one over all processes. `undone` is the run that it undoes.
    ///
    /// - Throws: ``RolloutError/archiveInUse(archive:run:process:)`` at once when another run is under way;
    ///   ``RolloutError/notOurs(path:reason:)``; ``FileError`` when the archive cannot be written; what `body` throws.
    package func withLock<Result>(
        for run: RunID, undoing undone: RunID? = nil, clock: RunClock = .system, _ body: () async throws -> Result
    ) async throws -> Result {
        try await lock.withLock(.goOn(run, undoing: undone), clock) { _ in try await body() }
    }

    /// Makes sure that the archive keeps runs apart, before anything is shown, asked or written.
    ///
    /// - Throws: ``RolloutError/ignoresConditions(archive:)``; what the store throws.
    package func test(_ clock: RunClock = .system) async throws { try await lock.test(clock) }

    /// Gives back the claim of a run that a person gave up, and returns it. `reference` is the run's id, or its
    /// beginning. A process that works on the run all the same announces nothing any more.
    ///
    /// - Throws: ``RolloutError``: `notClaimed`, `claimedByAnother`, `endsWithProcess`.
    package func release(_ reference: String, clock: RunClock = .system) async throws -> RunClaim {
        let claim = try await lock.release(reference, clock)
        try await journals.seal(claim.run, clock)
        return claim
    }

    /// Who holds the lock now.
    func lockHolder() async throws -> LockHolder? { try await lock.holder() }

    /// The id of a run that starts now. To be called while the lock is held.
    func newID(at time: Timestamp) async throws -> RunID {
        RunID(at: time, after: try await runIDs().first)
    }

    /// Archives a plan as a new run. When it returns, the plan is stored: the way back exists.
    ///
    /// The returned plan is the archived copy, and the one to execute: it has the digest of the plan that was given,
    /// whatever has become of that one's file since. The archived header carries the run's id. A run that could not be
    /// archived leaves nothing behind.
    /// - Throws: ``RolloutError/planChangedUnderway(path:reason:)`` when the plan's file is not the one that was read;
    ///   ``FileError``.
    package func begin(
        _ plan: PlanFile, as id: RunID, clock: RunClock = .system
    ) async throws -> (run: ArchivedRun, plan: PlanFile) {
        let run = archivedRun(id)
        // First the journal with its first line: a plan without one is then known to have lost it.
        try await journals.create(for: id, at: clock.now(), clock)
        do {
            let header = plan.header.with(id: id.text)
            let name = ArchivedRun.name(of: ArchivedRun.planName, in: id)
            guard let archived = try await store.create(name, writing: { try plan.write(to: $0, header: header) })
            else {
                throw FileError(operation: "create", path: store.location(of: name), number: EEXIST)
            }
            return (run, archived)
        } catch {
            await journals.discard(id, clock)
            throw error
        }
    }
}

extension FileError {
    var isMissing: Bool { number == ENOENT }
}
