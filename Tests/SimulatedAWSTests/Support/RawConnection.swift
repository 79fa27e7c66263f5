import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One plain connection to a server on loopback, to see what really goes over the wire.
final class RawConnection {
    /// What ended an answer.
    enum End: Hashable {
        /// All that was announced has come.
        case complete
        /// The server closed in an orderly way before that.
        case closed
        case reset
        /// Nothing came for a while.
        case silence
    }

    struct Received {
        var bytes: [UInt8] = []
        var end: End
        /// How many reads brought something.
        var pieces = 0

        var text: String { String(decoding: bytes, as: UTF8.self) }
        var body: Substring { text.firstRange(of: "\r\n\r\n").map { text[$0.upperBound...] } ?? "" }
        var status: Int? { Int(text.split(separator: " ").dropFirst().first ?? "") }
    }

    private let descriptor: Int32

    /// Connects to an endpoint such as `http://127.0.0.1:1234`. The patience is how many seconds ``receive()`` waits
    /// for the next byte.
    init(_ endpoint: String, patience: Int = 20) throws {
        let port = try #require(UInt16(endpoint.split(separator: ":").last ?? ""))
        #if canImport(Darwin)
            let stream = SOCK_STREAM
        #else
            let stream = Int32(SOCK_STREAM.rawValue)
        #endif
        descriptor = socket(AF_INET, stream, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var time = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(connected == 0)
    }

    deinit {
        close(descriptor)
    }

    func send(_ text: String) throws {
        let bytes = Array(text.utf8)
        try #require(write(descriptor, bytes, bytes.count) == bytes.count)
    }

    /// Reads one answer as far as it comes.
    func receive() -> Received {
        var received = Received(end: .complete)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !isComplete(received) {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else {
                received.end = count == 0 ? .closed : errno == ECONNRESET ? .reset : .silence
                return received
            }
            received.bytes += buffer.prefix(count)
            received.pieces += 1
        }
        return received
    }

    private func isComplete(_ received: Received) -> Bool {
        let text = received.text.lowercased()
        guard let end = text.firstRange(of: "\r\n\r\n"), let name = text.firstRange(of: "content-length: ") else {
            return false
        }
        let length = Int(text[name.upperBound...].prefix { $0.isNumber }) ?? 0
        return text[end.upperBound...].utf8.count >= length
    }
}
