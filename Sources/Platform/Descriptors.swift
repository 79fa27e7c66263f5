/// Reads what is left of an open file, and stops once there are `limit` bytes; nil when that fails, and `errno` says
/// why.
package func readAll(_ descriptor: Int32, limit: Int = .max) -> [UInt8]? {
    var contents: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while contents.count < limit {
        let count = read(descriptor, &piece, piece.count)
        if count == 0 { break }
        if count > 0 {
            contents += piece[..<count]
        } else if errno != EINTR {
            return nil
        }
    }
    return contents
}

/// Writes all bytes; false when that fails, and `errno` says why.
package func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
        let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count < 0 {
            guard errno == EINTR || errno == EAGAIN else { return false }
            // Whoever shares a terminal or pipe with this process may have made it non-blocking.
            var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            if errno == EAGAIN { _ = poll(&entry, 1, 1_000) }
            continue
        }
        written += count
    }
    return true
}
