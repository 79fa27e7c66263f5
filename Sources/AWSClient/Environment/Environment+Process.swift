import Dispatch
import Platform

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Environment {
    /// The environment of this process.
    package static func current() -> Environment {
        let variables = ProcessInfo.processInfo.environment
        var environment = Environment(
            variables: variables,
            homeDirectory: variables["HOME"] ?? getpwuid(getuid()).map { String(cString: $0.pointee.pw_dir) },
            readFile: readSystemFile,
            writeFile: writeSystemFile,
            run: runProgram
        )
        environment.readConfigurationFile = readRegularFile
        environment.homeOfUser = { getpwnam($0).map { String(cString: $0.pointee.pw_dir) } }
        return environment
    }
}

@Sendable private func readRegularFile(_ path: String) throws(FileAccessError) -> [UInt8]? {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
        throw FileAccessError("\(path) is not a file")
    }
    return try readSystemFile(path)
}

@Sendable private func readSystemFile(_ path: String) throws(FileAccessError) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw lastError("\(path) cannot be opened")
    }
    defer { close(descriptor) }
    guard let contents = readAll(descriptor) else { throw lastError("\(path) cannot be read") }
    return contents
}

/// Replaces a file in one step. The file being written has an unpredictable name, so that no link of somebody
/// else is written through.
@Sendable private func writeSystemFile(_ path: String, _ contents: [UInt8]) throws(FileAccessError) {
    let temporary = "\(path).\(String(UInt64.random(in: 0 ... .max), radix: 36)).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw lastError("\(path) cannot be written") }
    guard writeAll(contents, to: descriptor) else {
        let error = lastError("\(path) cannot be written")
        close(descriptor)
        unlink(temporary)
        throw error
    }
    close(descriptor)
    guard rename(temporary, path) == 0 else {
        let error = lastError("\(path) cannot be replaced")
        unlink(temporary)
        throw error
    }
}

private func lastError(_ what: String) -> FileAccessError {
    FileAccessError("\(what): \(String(cString: strerror(errno)))")
}

/// Waits on a queue of its own, since the program may ask a person.
@Sendable private func runProgram(_ arguments: [String]) async throws(FileAccessError) -> ProgramResult {
    let result = await withCheckedContinuation { continuation in
        DispatchQueue(label: "ecr-share.program").async {
            continuation.resume(returning: Result { () throws(FileAccessError) in try ChildProcess.run(arguments) })
        }
    }
    return try result.get()
}
