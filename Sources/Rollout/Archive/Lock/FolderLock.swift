import OrderedJSON
import Platform
import SharePlan

/// The lock of a folder: the system's lock on its file `lock`, which ends with the process that holds it.
struct FolderLock: RunLock {
    let folder: Folder

    private static let name = "lock"

    func withLock<Result>(
        _ purpose: LockPurpose, _ clock: RunClock, _ body: (RunID) async throws -> Result
    ) async throws -> Result {
        try folder.make()
        try folder.requireOurs(mayBeLink: true)
        let file = try OpenFile(folder.path(of: FolderLock.name), for: .writing, isOurs: true)
        guard try await isLocked(file, clock) else {
            let holder = LockHolder(reading: file)
            throw RolloutError.archiveInUse(archive: folder.path, run: holder?.run.text, process: holder?.process)
        }
        let run = try await purpose.runID(clock)
        try file.truncate(to: 0)
        try file.write(FolderLock.bytes(run: run, process: Int(getpid())), at: 0)
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

    /// The system's lock needs no test.
    func test(_ clock: RunClock) async throws {}

    func release(_ reference: String, _ clock: RunClock) async throws -> RunClaim {
        throw RolloutError.endsWithProcess(archive: folder.path)
    }

    func holder() async throws -> LockHolder? {
        let file: OpenFile
        do throws(FileError) {
            file = try OpenFile(folder.path(of: FolderLock.name), for: .reading, isOurs: true)
        } catch {
            if error.isMissing { return nil }
            throw error
        }
        return try file.tryLock() ? nil : LockHolder(reading: file)
    }

    private static func bytes(run: RunID, process: Int) -> [UInt8] {
        Array("{\"run\":\"\(run)\",\"process\":\(process)}\n".utf8)
    }
}

extension LockHolder {
    /// nil when the file does not say: its holder has not written it yet.
    fileprivate init?(reading file: OpenFile) {
        guard let bytes = try? file.read(256, at: 0), let line = bytes.split(separator: UInt8(ascii: "\n")).first,
            let value = try? JSONValue(parsing: line), var members = try? JSONMembers(value),
            let run = try? members.parsed("run", { RunID($0) }), let process = try? members.integer("process")
        else { return nil }
        self.init(run: run, process: process)
    }
}
