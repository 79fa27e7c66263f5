import Rollout

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file under way to its name: written beside it, and renamed when it is whole. What is not committed leaves no trace.
///
/// A name that stands for a device or a pipe is written to as it is.
final class NewFile {
    private let path: String
    private let partial: String?
    private let terminal: Terminal

    init(_ path: String) throws {
        self.path = path
        var status = stat()
        let isSpecial = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
        let partial = isSpecial ? nil : "\(path).partial-\(getpid())"
        let flags = O_WRONLY | O_CLOEXEC | (isSpecial ? 0 : O_CREAT | O_TRUNC)
        let descriptor = open(partial ?? path, flags, 0o666)
        guard descriptor >= 0 else { throw NewFile.failure(path) }
        self.partial = partial
        terminal = Terminal(descriptor: descriptor)
    }

    deinit {
        close(terminal.descriptor)
        // Renamed files are gone from here; others were given up.
        if let partial { unlink(partial) }
    }

    func write(_ bytes: [UInt8]) throws {
        guard terminal.writeAll(bytes) else { throw NewFile.failure(path) }
    }

    /// Gives the file its name.
    func commit() throws {
        guard let partial else { return }
        guard rename(partial, path) == 0 else { throw NewFile.failure(path) }
    }

    private static func failure(_ path: String) -> CommandError {
        CommandError(.failed, FileError(operation: "write", path: path, number: errno).description)
    }
}
