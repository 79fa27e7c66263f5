import Platform

/// A pipe to oneself: whoever waits for sockets watches its reading end, and anybody wakes him through the other.
final class WakePipe: Sendable {
    /// To be watched for reading. -1, which every ``SocketWatch`` skips, when no descriptor was left.
    let readingEnd: Int32
    private let writingEnd: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) == 0 {
            for end in ends {
                _ = fcntl(end, F_SETFD, FD_CLOEXEC)
                _ = fcntl(end, F_SETFL, O_NONBLOCK)
            }
        }
        readingEnd = ends[0]
        writingEnd = ends[1]
    }

    deinit {
        guard readingEnd >= 0 else { return }
        close(readingEnd)
        close(writingEnd)
    }

    /// From any thread. A pipe that is full wakes as well.
    func wake() {
        var byte: UInt8 = 0
        _ = write(writingEnd, &byte, 1)
    }

    /// Takes back what has been written.
    func drain() {
        var bytes = (UInt64(0), UInt64(0))
        while read(readingEnd, &bytes, MemoryLayout.size(ofValue: bytes)) > 0 {}
    }
}
