import Platform

/// A failed call to the file system: what was tried, where, and what the system said.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A verb that completes "cannot … PATH".
    package let operation: String
    package let path: String
    /// The POSIX error number.
    package let number: Int32

    package init(operation: String, path: String, number: Int32) {
        self.operation = operation
        self.path = path
        self.number = number
    }

    package var description: String {
        "cannot \(operation) \(path): \(String(cString: strerror(number))); \(FileError.advice(for: number))"
    }

    /// What to do about an error number of POSIX.
    package static func advice(for number: Int32) -> String {
        switch number {
        case ENOSPC, EDQUOT, EFBIG: "free some space, or choose a folder on another disk"
        case EACCES, EPERM: "give this user access to it and its folder, or choose another folder"
        case EROFS: "nothing can be written on that disk; choose a folder on another one"
        case ENOENT: "check the path"
        case ENOTDIR: "a part of the path is a file; choose another folder"
        case ENOTSUP: "give the path of a file"
        case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
        case EISDIR: "give the path of a file, not of a folder"
        case ELOOP: "it is a symbolic link, which is not followed here; put the file itself there"
        default: "check the disk, or choose another location"
        }
    }
}

/// Makes one POSIX call, again as long as a signal interrupts it, and turns -1 into an error.
func check<Result: FixedWidthInteger & SignedInteger>(
    _ operation: String, _ path: String, _ call: () -> Result
) throws(FileError) -> Result {
    while true {
        let result = call()
        if result != -1 { return result }
        let number = errno
        if number != EINTR { throw FileError(operation: operation, path: path, number: number) }
    }
}
