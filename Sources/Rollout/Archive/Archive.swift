import SharePlan

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The folder in which plans and journals of all runs are kept: `ARCHIVE/runs/RUN/{plan.jsonl,journal.jsonl}`.
///
/// Folders have mode 0700, files 0600. The lock file `ARCHIVE/lock` names the run under way; a process that died does
/// not hold it any more.
package struct Archive: Sendable {
    package let folder: Folder

    package init(_ path: String) {
        self.folder = Folder(path)
    }

    var runsFolder: Folder { folder.folder("runs") }

    /// Runs `body` as the only run of this archive, over all processes.
    ///
    /// - Throws: ``RolloutError/archiveInUse(archive:run:process:)`` at once when another run is under way;
    ///   ``FileError`` when the archive cannot be written; what `body` throws.
    package func withLock<Result>(for run: RunID, _ body: () async throws -> Result) async throws -> Result {
        try folder.make()
        let file = try OpenFile(folder.path(of: "lock"), for: .writing)
        guard try await isLocked(file) else {
            let holder = LockHolder(reading: file)
            throw RolloutError.archiveInUse(archive: folder.path, run: holder?.run.text, process: holder?.process)
        }
        try file.truncate(to: 0)
        try file.write(LockHolder(run: run, process: Int(getpid())).bytes, at: 0)
        let result = try await body()
        // The lock ends with the file's last reference; a name that stays behind misleads nobody, since it is only read
        // when the lock is held.
        try? file.truncate(to: 0)
        return result
    }

    /// Takes the lock. A list of runs holds it for the blink of an eye to see whether it is free, so one refusal is none.
    private func isLocked(_ file: OpenFile) async throws -> Bool {
        for _ in 0..<5 {
            if try file.tryLock() { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    /// Archives a plan as a new run. When it returns, the plan is on disk and so is its folder: the way back exists.
    ///
    /// The archived header carries the run's id; the entries and their digest are those of the plan.
    /// - Throws: ``RolloutError/runExists(_:)``, ``FileError``.
    package func begin(_ plan: PlanFile, as id: RunID) throws -> ArchivedRun {
        try runsFolder.make()
        let run = ArchivedRun(id: id, folder: runsFolder.folder(id.text))
        do throws(FileError) { try run.folder.makeNew() } catch {
            throw error.exists ? RolloutError.runExists(id) : error as any Error
        }
        let old = plan.header
        let header = PlanHeader(
            id: id.text, createdAt: old.createdAt, operation: old.operation, mode: old.mode, sidPrefix: old.sidPrefix,
            matrix: old.matrix, undoes: old.undoes
        )
        try plan.save(as: ArchivedRun.planName, in: run.folder, header: header)
        try runsFolder.sync()
        try folder.sync()
        return run
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
    var exists: Bool { number == EEXIST }
}
