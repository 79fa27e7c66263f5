import Platform
import Rollout
import SharePlan

/// A file's bytes, mapped into memory, so that a large one need not fit there.
///
/// What cannot be mapped, such as a pipe, is read. The file must not become shorter meanwhile.
final class MappedFile: Sendable {
    /// Valid as long as this object lives.
    ///
    /// `nonisolated(unsafe)` because pointers are not Sendable, and no other type hands a mapping to the readers on all
    /// cores without a copy. It is safe: the pointer never changes, nobody writes the bytes behind it, they are freed
    /// with the last reference to this object, and `madvise` may be called from any thread.
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
    private let isMapped: Bool

    /// Takes no more than the first `limit` bytes.
    ///
    /// - Throws: ``CommandError`` when the file cannot be read; `what` names it in the text.
    init(_ path: String, what: String, limit: Int = .max) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw MappedFile.failure(path, what) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw MappedFile.failure(path, what) }
        let size = min(Int(status.st_size), limit)
        if status.st_mode & S_IFMT == S_IFREG, size > 0,
            let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
        {
            bytes = UnsafeRawBufferPointer(start: start, count: size)
            isMapped = true
            return
        }
        isMapped = false
        guard let contents = readAll(descriptor, limit: limit) else { throw MappedFile.failure(path, what) }
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: min(contents.count, limit), alignment: 1)
        copy.copyBytes(from: contents.prefix(limit))
        bytes = UnsafeRawBufferPointer(copy)
    }

    deinit {
        if isMapped {
            munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
        } else {
            bytes.deallocate()
        }
    }

    /// Gives back the memory of a part of a mapped file, save its first and last page. Whoever looks there again gets
    /// the same bytes, read from the file again.
    func release(_ range: Range<Int>) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let start = (range.lowerBound + page - 1) / page * page
        let end = range.upperBound / page * page
        guard isMapped, start < end, let base = bytes.baseAddress else { return }
        madvise(UnsafeMutableRawPointer(mutating: base + start), end - start, MADV_DONTNEED)
    }

    private static func failure(_ path: String, _ what: String) -> CommandError {
        CommandError(.failed, FileError(operation: "read the \(what)", path: path, number: errno).description)
    }
}
