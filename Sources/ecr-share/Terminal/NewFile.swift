import Platform
import Rollout
import SharePlan

/// A new file, written beside its name and renamed when it is complete. What is not committed leaves no trace.
///
/// A name of a device or a pipe is written to as it is. A symbolic link is not followed, except those of the
/// system itself, such as `/dev/stdout`: whoever can write the folder could lead it anywhere.
final class NewFile {
    private let path: String
    private let partial: String?
    private let terminal: Terminal

    init(_ path: String) throws {
        self.path = path
        var status = stat()
        let kind = lstat(path, &status) == 0 ? status.st_mode & S_IFMT : S_IFREG
        let isSystems = path.hasPrefix("/dev/") || path.hasPrefix("/proc/")
        guard kind != S_IFLNK || isSystems else {
            throw CommandError(
                .failed, "\(path) is a symbolic link, which is not followed; give the path of the file itself")
        }
        let descriptor: Int32
        if kind == S_IFREG, !isSystems {
            (partial, descriptor) = try NewFile.create(beside: path)
        } else {
            partial = nil
            descriptor = open(path, O_WRONLY | O_CLOEXEC | (isSystems ? 0 : O_NOFOLLOW))
        }
        guard descriptor >= 0 else { throw NewFile.failure(path) }
        terminal = Terminal(descriptor: descriptor)
    }

    /// A new file under an unpredictable name.
    private static func create(beside path: String) throws -> (String, Int32) {
        while true {
            let partial = "\(path).partial-" + String(UInt64.random(in: 0 ... .max), radix: 36)
            let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
            if descriptor >= 0 { return (partial, descriptor) }
            guard errno == EEXIST else { throw failure(path) }
        }
    }

    deinit {
        close(terminal.descriptor)
        // Renamed files are no longer here; others were given up.
        if let partial { unlink(partial) }
    }

    func write(_ bytes: [UInt8]) throws {
        guard terminal.writeAll(bytes) else { throw NewFile.failure(path) }
    }

    /// Gives the file its name. What has it is replaced as a name, and not written through.
    func commit() throws {
        guard let partial else { return }
        guard rename(partial, path) == 0 else { throw NewFile.failure(path) }
    }

    private static func failure(_ path: String) -> CommandError {
        CommandError(.failed, FileError(operation: "write", path: path, number: errno).description)
    }
}
