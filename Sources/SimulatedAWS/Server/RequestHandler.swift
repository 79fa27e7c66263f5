import NIOCore
import NIOHTTP1

/// Collects the parts of one request after the other on one connection, and delivers the answers.
final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// The most bytes of a body; an archived plan is the largest.
    private static let bodyLimit = 256 << 20

    private let cloud: Cloud
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ cloud: Cloud) {
        self.cloud = cloud
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.removeAll(keepingCapacity: true)
            if head.headers["expect"].contains(where: { $0.lowercased() == "100-continue" }) {
                let proceed = HTTPResponseHead(version: head.version, status: .continue)
                context.writeAndFlush(wrapOutboundOut(.head(proceed)), promise: nil)
            }
        case .body(let part):
            guard body.count + part.readableBytes <= RequestHandler.bodyLimit else {
                context.close(promise: nil)
                return
            }
            body += part.readableBytesView
        case .end:
            guard let head else { return }
            self.head = nil
            let request = WireRequest(
                method: head.method.rawValue,
                uri: head.uri,
                headers: head.headers,
                body: body
            )
            let reply =
                request.uri.hasPrefix("/_sandbox/")
                ? SandboxConsole(cloud: cloud).reply(to: request) : cloud.reply(to: request)
            let answer = Answering(
                channel: context.channel,
                cloud: cloud,
                reply: reply,
                isKeptAlive: head.isKeepAlive
            )
            if reply.delay > 0 {
                context.eventLoop.scheduleTask(in: .nanoseconds(Int64(reply.delay * 1e9))) { answer.deliver() }
            } else {
                answer.deliver()
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
