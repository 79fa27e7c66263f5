import AWSValues
import OrderedJSON
import Platform
import SharePlan

/// The folder in which plans and journals of all runs are kept: `ARCHIVE/runs/RUN/{plan.jsonl,journal.jsonl}`.
///
/// Folders have mode 0700, files 0600. The lock file `ARCHIVE/lock` names the run under way; a process that died does
/// not hold it any more. Nothing in the archive is reached through a symbolic link, and nothing that others may change
/// is used.
package struct Archive: Sendable {
    package let folder: Folder
    /// Called with what a person should know about runs that cannot be read.
    let warn: @Sendable (String) -> Void

    package init(_ path: String, warn: @escaping @Sendable (String) -> Void = { _ in }) {
        self.folder = Folder(path)
        self.warn = warn
    }

    var runsFolder: Folder { folder.folder("runs") }

    /// Runs `body` as a new run, the only one of this archive over all processes. The run's id is later than those of
    /// all runs before.
    ///
    /// - Throws: as ``withLock(for:clock:_:)``.
    package func withLock<Result>(
        startingBy clock: RunClock, _ body: (RunID) async throws -> Result
    ) async throws -> Result {
        try await withLock(clock, naming: { try newID(at: clock.now()) }, body)
    }

    /// Runs `body` for a run of this archive, as the only one over all processes.
    ///
    /// - Throws: ``RolloutError/archiveInUse(archive:run:process:)`` at once when another run is under way;
    ///   ``RolloutError/notOurs(path:reason:)``; ``FileError`` when the archive cannot be written; what `body` throws.
    package func withLock<Result>(
        for run: RunID, clock: RunClock = .system, _ body: () async throws -> Result
    ) async throws -> Result {
        try await withLock(clock, naming: { run }, { _ in try await body() })
    }

    private func withLock<Result>(
        _ clock: RunClock, naming name: () throws -> RunID, _ body: (RunID) async throws -> Result
    ) async throws -> Result {
        try folder.make()
        try folder.requireOurs(mayBeLink: true)
        let file = try OpenFile(folder.path(of: "lock"), for: .writing, isOurs: true)
        guard try await isLocked(file, clock) else {
            let holder = LockHolder(reading: file)
            throw RolloutError.archiveInUse(archive: folder.path, run: holder?.run.text, process: holder?.process)
        }
        let run = try name()
        try file.truncate(to: 0)
        try file.write(LockHolder(run: run, process: Int(getpid())).bytes, at: 0)
        let result = try await body(run)
        // The lock ends with the file's last reference; a name that stays behind misleads nobody, since it is only read
        // when the lock is held.
        try? file.truncate(to: 0)
        return result
    }

    /// Takes the lock. A list of runs holds it for a moment to see whether it is free, so one refusal does not count.
    private func isLocked(_ file: OpenFile, _ clock: RunClock) async throws -> Bool {
        for _ in 0..<5 {
            if try file.tryLock() { return true }
            try await clock.sleep(.milliseconds(10))
        }
        return false
    }

    /// The id of a run that starts now. To be called while the lock is held.
    func newID(at time: Timestamp) throws -> RunID {
        RunID(at: time, after: try runIDs().first)
    }

    /// Archives a plan as a new run. When it returns, the plan is on disk and so is its folder: the way back exists.
    ///
    /// The returned plan is the archived copy, and the one to execute: it has the digest of the plan that was given,
    /// whatever has become of that one's file since. The archived header carries the run's id. A run that could not be
    /// archived leaves nothing behind.
    /// - Throws: ``RolloutError/planChangedUnderway(path:reason:)`` when the plan's file is not the one that was read;
    ///   ``FileError``.
    package func begin(
        _ plan: PlanFile, as id: RunID, clock: RunClock = .system
    ) throws -> (run: ArchivedRun, plan: PlanFile) {
        try runsFolder.make()
        try runsFolder.requireOurs()
        let run = ArchivedRun(id: id, folder: runsFolder.folder(id.text))
        try run.folder.makeNew()
        do {
            // First the journal with its first line: a plan without one is then known to have lost it.
            try run.createJournal(at: clock.now())
            let header = plan.header.with(id: id.text)
            let archived = try plan.save(as: ArchivedRun.planName, in: run.folder, header: header)
            try runsFolder.sync()
            return (run, archived)
        } catch {
            for name in [ArchivedRun.planName, ArchivedRun.journalName] { run.folder.remove(name) }
            run.folder.removeEmpty()
            throw error
        }
    }
}

/// Who holds an archive's lock, as the lock file says.
struct LockHolder {
    let run: RunID
    let process: Int

    init(run: RunID, process: Int) {
        self.run = run
        self.process = process
    }

    /// nil when the file does not say: its holder has not written it yet.
    init?(reading file: OpenFile) {
        guard let bytes = try? file.read(256, at: 0), let line = bytes.split(separator: UInt8(ascii: "\n")).first,
            let value = try? JSONValue(parsing: line), var members = try? JSONMembers(value),
            let run = try? members.parsed("run", { RunID($0) }), let process = try? members.integer("process")
        else { return nil }
        self.init(run: run, process: process)
    }

    var bytes: [UInt8] {
        Array("{\"run\":\"\(run)\",\"process\":\(process)}\n".utf8)
    }
}

extension FileError {
    var isMissing: Bool { number == ENOENT }
}
