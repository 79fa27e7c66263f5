import NIOCore
import NIOHTTP1

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One reply on its way over one connection.
struct Answering: Sendable {
    let channel: any Channel
    let cloud: Cloud
    let reply: Reply
    let isKeptAlive: Bool

    func deliver() {
        switch reply.delivery {
        case .whole, .replaced:
            write(head)
            write(.body(.byteBuffer(ByteBuffer(bytes: reply.body))))
            end()
        // An answer without a body cannot be cut in its middle.
        case .cut where reply.body.isEmpty, .reset:
            finish()
            reset()
        case .cut:
            finish()
            write(head)
            channel.writeAndFlush(part(reply.body.prefix(reply.body.count / 2))).whenComplete { _ in
                channel.close(promise: nil)
            }
        case .corrupt:
            let half = reply.body.count / 2
            write(head)
            write(part(reply.body.prefix(half) + Array(repeating: UInt8(ascii: "#"), count: reply.body.count - half)))
            end()
        case .stall:
            channel.closeFuture.whenComplete { _ in finish() }
        case .drip(let seconds):
            channel.writeAndFlush(head, promise: nil)
            drip(reply.body[...], pieces: 10, every: .nanoseconds(Int64(seconds * 1e8)))
        }
    }

    private var head: HTTPServerResponsePart {
        var head = HTTPResponseHead(version: .http1_1, status: reply.status, headers: reply.headers)
        if !isKeptAlive { head.headers.add(name: "connection", value: "close") }
        return .head(head)
    }

    private func part(_ bytes: some Sequence<UInt8>) -> HTTPServerResponsePart {
        .body(.byteBuffer(ByteBuffer(bytes: bytes)))
    }

    private func write(_ part: HTTPServerResponsePart) {
        channel.write(part, promise: nil)
    }

    private func end() {
        // Counted before the last byte leaves: a client that has the answer may look at the counters at once.
        finish()
        let written = channel.writeAndFlush(HTTPServerResponsePart.end(nil))
        if !isKeptAlive { written.whenComplete { _ in channel.close(promise: nil) } }
    }

    private func drip(_ rest: ArraySlice<UInt8>, pieces: Int, every interval: TimeAmount) {
        guard pieces > 1, rest.count > pieces else {
            write(part(rest))
            return end()
        }
        channel.writeAndFlush(part(rest.prefix(rest.count / pieces)), promise: nil)
        channel.eventLoop.scheduleTask(in: interval) {
            drip(rest.dropFirst(rest.count / pieces), pieces: pieces - 1, every: interval)
        }
    }

    private func finish() {
        if let key = reply.key { cloud.finish(key) }
    }

    /// Closes with a reset instead of an orderly end.
    private func reset() {
        // With a linger time of zero the kernel drops what is unsent and sends a reset: socket(7).
        let linger = linger(l_onoff: 1, l_linger: 0)
        guard let options = channel as? any SocketOptionProvider else { return channel.close(promise: nil) }
        options.setSoLinger(linger).whenComplete { _ in channel.close(promise: nil) }
    }
}
