import Platform

/// A folder in the file system, by its path.
package struct Folder: Hashable, Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path.isEmpty ? "." : path
    }

    /// The path from the root, for messages: the working directory is not always the one that somebody has in mind.
    package var absolutePath: String {
        guard !path.hasPrefix("/"), let start = getcwd(nil, 0) else { return path }
        defer { free(start) }
        return Folder(String(cString: start)).path(of: path)
    }

    /// The path of something in the folder.
    package func path(of name: String) -> String {
        path.hasSuffix("/") ? path + name : "\(path)/\(name)"
    }

    /// A folder in the folder.
    package func folder(_ name: String) -> Folder {
        Folder(path(of: name))
    }

    /// Makes the folder with mode 0700, and those above it; one that is there already stays as it is. What was made
    /// lasts: the folders that it is in are synced.
    package func make() throws(FileError) {
        // Others may make and remove it, or one above it, at the same moment: then it is tried again.
        for attempt in 1... {
            do throws(FileError) {
                try makeNew()
                break
            } catch {
                guard attempt < 10 else { throw error }
                switch error.number {
                case EEXIST:
                    if exists() { return }
                case ENOENT:
                    guard let parent, parent != self else { throw error }
                    try parent.make()
                default: throw error
                }
            }
        }
        try parent?.sync()
    }

    /// Makes the folder with mode 0700; fails when there is something of its name.
    package func makeNew() throws(FileError) {
        _ = try check("create", path) { mkdir(path, 0o700) }
        // Whatever the umask took away.
        _ = try check("create", path) { chmod(path, 0o700) }
    }

    /// Whether there is such a folder.
    package func exists() -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether there is something of this name in the folder.
    func has(_ name: String) -> Bool {
        var status = stat()
        return lstat(path(of: name), &status) == 0
    }

    /// The size of a file of the folder in bytes; nil for what is no regular file, or not there.
    func fileSize(_ name: String) -> Int? {
        var status = stat()
        guard lstat(path(of: name), &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// The names of what is in the folder, sorted.
    package func names() throws(FileError) -> [String] {
        guard let stream = opendir(path) else { throw FileError(operation: "read", path: path, number: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
                    String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Returns when the folder's entries have reached the disk: a new file lasts only from then on.
    package func sync() throws(FileError) {
        let file = try OpenFile(path, for: .reading)
        try file.sync()
    }

    /// Gives a file its final name in one step, replacing what had it.
    package func rename(_ name: String, to newName: String) throws(FileError) {
        let target = path(of: newName)
        _ = try check("write", target) {
            Platform.rename(path(of: name), target)
        }
    }

    /// Removes a file of the folder, if it is there.
    package func remove(_ name: String) {
        _ = unlink(path(of: name))
    }

    /// Removes the folder itself, if nothing is in it.
    package func removeEmpty() {
        _ = rmdir(path)
    }

    /// Writes a file of the folder in one step: whoever reads `name` sees the old file or the whole new one, with mode
    /// 0600, and the new one lasts. A symbolic link of that name is replaced, not followed.
    package func replace<Result>(_ name: String, writing write: (OpenFile) throws -> Result) throws -> Result {
        let (file, temporary) = try newFile(for: path(of: name))
        do {
            let result = try write(file)
            try file.sync()
            try rename(temporary, to: name)
            try sync()
            return result
        } catch {
            remove(temporary)
            throw error
        }
    }

    /// Writes a new file of the folder in one step, as ``replace(_:writing:)`` does, if there is none of its name;
    /// returns nil when there is. On a file system without hard links it is looked for first, `exclusively`.
    func create<Result>(
        _ name: String, usingLinks: Bool = true, exclusively: (() throws -> Bool) throws -> Bool,
        writing write: (OpenFile) throws -> Result
    ) throws -> Result? {
        let (file, temporary) = try newFile(for: path(of: name))
        defer { remove(temporary) }
        let result = try write(file)
        try file.sync()
        let isLinked = usingLinks ? try linkNew(temporary, as: name) : nil
        let isNew =
            try isLinked
            ?? exclusively {
                guard !has(name) else { return false }
                try rename(temporary, to: name)
                return true
            }
        guard isNew else { return nil }
        try sync()
        return result
    }

    /// Gives a file a second name that nothing has; false when something has it, nil where files have only one name.
    private func linkNew(_ name: String, as newName: String) throws(FileError) -> Bool? {
        let target = path(of: newName)
        do throws(FileError) {
            _ = try check("write", target) { link(path(of: name), target) }
            return true
        } catch {
            switch error.number {
            case EEXIST: return false
            case EPERM, ENOTSUP, EOPNOTSUPP, ENOSYS: return nil
            default: throw error
            }
        }
    }

    /// A new file without a name, which vanishes with its last reference or with the process. Messages give what it is
    /// a copy of, if it is one.
    package func temporaryFile(of original: String? = nil) throws(FileError) -> OpenFile {
        let (file, name) = try newFile(for: original ?? "a temporary file in \(path)")
        remove(name)
        return file
    }

    /// A new file under an unpredictable name; errors give `finalName`.
    private func newFile(for finalName: String) throws(FileError) -> (file: OpenFile, name: String) {
        while true {
            let name = ".ecr-share-" + String(UInt64.random(in: 0 ... .max), radix: 36)
            do throws(FileError) {
                return (try OpenFile(path(of: name), for: .creating, named: finalName), name)
            } catch {
                if error.number != EEXIST { throw error }
            }
        }
    }

    /// The folder that this one is in.
    private var parent: Folder? {
        var end = path.utf8.endIndex
        while end > path.utf8.startIndex, path.utf8[path.utf8.index(before: end)] == UInt8(ascii: "/") {
            end = path.utf8.index(before: end)
        }
        guard let slash = path[..<end].lastIndex(of: "/") else { return Folder(".") }
        return Folder(slash == path.startIndex ? "/" : String(path[..<slash]))
    }
}
