import AWSValues

/// Gathers an answer as libcurl hands it over, within limits.
struct IncomingAnswer {
    /// Of all header lines together; AWS sends well under 2 KB.
    private static let maximumHeaderSize = 64 << 10

    /// Of the body, in bytes.
    private(set) var maximumSize: Int
    private var headers = HTTPHeaders()
    private var headerSize = 0
    private var body: [UInt8] = []
    private(set) var isTooLarge = false
    /// Whether the empty line behind the headers has come. libcurl takes a connection that ends before it for a
    /// complete answer without a body.
    private(set) var isHeadComplete = false

    init(maximumSize: Int) {
        self.maximumSize = maximumSize
    }

    mutating func reset(maximumSize: Int) {
        self.maximumSize = maximumSize
        headers.removeAll()
        headerSize = 0
        body = []
        isTooLarge = false
        isHeadComplete = false
    }

    /// Returns the number of bytes taken; anything but all of them makes libcurl stop the transfer.
    mutating func append(body bytes: UnsafeRawBufferPointer) -> Int {
        guard body.count + bytes.count <= maximumSize else {
            isTooLarge = true
            return bytes.count == 0 ? 1 : 0
        }
        body.append(contentsOf: bytes)
        return bytes.count
    }

    /// Takes one line, with its line end. A new status line (after `100 Continue`) restarts the answer.
    mutating func append(headerLine bytes: UnsafeRawBufferPointer) -> Int {
        headerSize += bytes.count
        guard headerSize <= IncomingAnswer.maximumHeaderSize else {
            isTooLarge = true
            return bytes.count == 0 ? 1 : 0
        }
        if bytes.starts(with: "HTTP/".utf8) {
            headers.removeAll()
            isHeadComplete = false
        } else if bytes.elementsEqual("\r\n".utf8) || bytes.elementsEqual("\n".utf8) {
            isHeadComplete = true
        } else if let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
            let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
            var value = bytes[(colon + 1)...]
            value = value.drop(while: isSpace)
            while let last = value.last, isSpace(last) { value.removeLast() }
            headers.append(
                String(decoding: bytes[..<colon], as: UTF8.self),
                String(decoding: value, as: UTF8.self)
            )
        }
        return bytes.count
    }

    func response(status: Int, sentAt: Timestamp, receivedAt: Timestamp) -> HTTPResponse {
        HTTPResponse(status: status, headers: headers, body: body, sentAt: sentAt, receivedAt: receivedAt)
    }
}

/// A request's body as libcurl fetches it, piece by piece.
struct OutgoingBody {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8] = []) {
        self.bytes = bytes
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let end = min(position + buffer.count, bytes.count)
        buffer.copyBytes(from: bytes[position..<end])
        defer { position = end }
        return end - position
    }
}
