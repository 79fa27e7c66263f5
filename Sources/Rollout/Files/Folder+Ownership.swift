import Platform

extension Folder {
    /// Makes sure that nobody else may change what is in the folder, or throws.
    ///
    /// It must belong to this user, or to root, and must not be a symbolic link unless `mayBeLink`. If others may write
    /// in it, that is taken from them; a folder that is shared on purpose, with the sticky bit, is refused instead.
    /// - Throws: ``RolloutError/notOurs(path:reason:)``, ``FileError``.
    func requireOurs(mayBeLink: Bool = false) throws {
        var status = stat()
        _ = try check("use", path) { mayBeLink ? stat(path, &status) : lstat(path, &status) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            let isLink = status.st_mode & S_IFMT == S_IFLNK
            throw FileError(operation: "use", path: path, number: isLink ? ELOOP : ENOTDIR)
        }
        guard status.isOurs else {
            throw RolloutError.notOurs(path: path, reason: "belongs to another user (id \(status.st_uid))")
        }
        guard status.st_mode & 0o022 != 0 else { return }
        guard status.st_uid == geteuid(), status.st_mode & S_ISVTX == 0 else {
            throw RolloutError.notOurs(path: path, reason: "may be changed by other users")
        }
        let mode = status.st_mode & 0o7755
        _ = try check("remove write permission of others from", path) { chmod(path, mode) }
    }
}

extension stat {
    /// Whether it belongs to this user, or to root, who could change it anyway.
    var isOurs: Bool { st_uid == geteuid() || st_uid == 0 }
}
