import Platform

/// A file that is open, read and written at offsets. Closed with its last reference.
///
/// Descriptors are not inherited by child processes. Several tasks may read and write at once, at their own offsets.
package final class OpenFile: Sendable {
    /// What the file is opened for.
    package enum Purpose: Sendable {
        /// It must exist.
        case reading
        /// It is created if there is none, with mode 0600.
        case writing
        /// It must not exist, and is created with mode 0600.
        case creating

        fileprivate var flags: Int32 {
            switch self {
            case .reading: O_RDONLY | O_CLOEXEC
            case .writing: O_RDWR | O_CREAT | O_CLOEXEC
            case .creating: O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC
            }
        }

        fileprivate var mayCreate: Bool {
            if case .reading = self { false } else { true }
        }

        fileprivate var verb: String {
            if case .creating = self { "create" } else { "open" }
        }
    }

    package let path: String
    private let descriptor: Int32

    /// `isOurs` says that the file is one of an archive: a symbolic link is not followed, and what is there must be a
    /// regular file of this user. Errors say `name` where it is given: the name that the file is to have in the end.
    package init(
        _ path: String, for purpose: Purpose, isOurs: Bool = false, named name: String? = nil
    ) throws(FileError) {
        let created = purpose.mayCreate ? open(path, Purpose.creating.flags, 0o600) : -1
        let name = name ?? path
        self.path = name
        if created != -1 {
            descriptor = created
            // Whatever the umask took away: a later run must be able to open it.
            _ = try check(purpose.verb, name) { fchmod(created, 0o600) }
        } else {
            // Without O_NONBLOCK a pipe in the file's place would be waited for.
            let flags = purpose.flags | (isOurs ? O_NOFOLLOW | O_NONBLOCK : 0)
            descriptor = try check(purpose.verb, name) { open(path, flags, 0o600) }
        }
        guard isOurs else { return }
        let status = try status()
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(operation: purpose.verb, path: name, number: ENOTSUP)
        }
        guard status.isOurs else { throw FileError(operation: purpose.verb, path: name, number: EPERM) }
    }

    deinit {
        // Nothing is lost when it fails: what must last was synced before.
        _ = close(descriptor)
    }

    /// The size in bytes.
    package func size() throws(FileError) -> Int {
        Int(try status().st_size)
    }

    private func status() throws(FileError) -> stat {
        var status = stat()
        _ = try check("read", path) { fstat(descriptor, &status) }
        return status
    }

    /// Reads `count` bytes at `offset`, fewer only at the end of the file.
    package func read(_ count: Int, at offset: Int) throws(FileError) -> [UInt8] {
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(FileError) {
                while filled < count {
                    let rest = UnsafeMutableRawBufferPointer(
                        UnsafeMutableBufferPointer(rebasing: buffer[filled..<count]))
                    let position = off_t(offset + filled)
                    let got = try check("read", path) { pread(descriptor, rest.baseAddress, rest.count, position) }
                    if got == 0 { break }
                    filled += got
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes all of `bytes` at `offset`.
    package func write(_ bytes: [UInt8], at offset: Int) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let position = off_t(offset + written)
            written += try check("write", path) {
                bytes.withUnsafeBytes { buffer in
                    let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
                    return pwrite(descriptor, rest.baseAddress, rest.count, position)
                }
            }
        }
    }

    /// Cuts the file at `size`.
    package func truncate(to size: Int) throws(FileError) {
        _ = try check("cut", path) { ftruncate(descriptor, off_t(size)) }
    }

    /// Returns when everything that was written has reached the disk.
    package func sync() throws(FileError) {
        #if canImport(Darwin)
            // fsync leaves the data in the drive's cache there. Source: Darwin's manual page fsync(2), on F_FULLFSYNC.
            if fcntl(descriptor, F_FULLFSYNC) == 0 { return }
        #endif
        _ = try check("sync", path) { fsync(descriptor) }
    }

    /// Takes the file's exclusive lock, which ends with this process however it ends; false when another one has it.
    package func tryLock() throws(FileError) -> Bool {
        do throws(FileError) {
            _ = try check("lock", path) { flock(descriptor, LOCK_EX | LOCK_NB) }
            return true
        } catch {
            if error.number == EWOULDBLOCK { return false }
            throw error
        }
    }

    /// Takes the file's exclusive lock, waiting for whoever has it; it ends with the file's last reference.
    func lock() throws(FileError) {
        _ = try check("lock", path) { flock(descriptor, LOCK_EX) }
    }
}
