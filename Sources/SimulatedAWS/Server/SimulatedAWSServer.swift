import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A simulated AWS that listens on loopback.
package final class SimulatedAWSServer: Sendable {
    /// `http://127.0.0.1:PORT`, for all services alike.
    package let endpoint: String
    /// What it serves.
    package let cloud: Cloud

    private let listener: any Channel
    private let connections: Connections

    /// Starts to listen on 127.0.0.1; port 0 takes any that is free. Throws when the port is taken.
    package static func start(_ cloud: Cloud, port: Int = 0) async throws -> SimulatedAWSServer {
        let connections = Connections()
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                connections.add(channel)
                return channel.eventLoop.makeCompletedFuture {
                    // AWS's clients never send a request before they have the answer to the last one, which would be
                    // answered out of turn. To hold it back would cost two calls of the system for each request.
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                        withPipeliningAssistance: false, withErrorHandling: true, withOutboundHeaderValidation: false)
                    try channel.pipeline.syncOperations.addHandler(RequestHandler(cloud))
                }
            }
            .bind(host: "127.0.0.1", port: port)
            .get()
        return SimulatedAWSServer(listener: listener, cloud: cloud, connections: connections)
    }

    private init(listener: any Channel, cloud: Cloud, connections: Connections) {
        self.listener = listener
        self.cloud = cloud
        self.connections = connections
        endpoint = "http://127.0.0.1:\(listener.localAddress?.port ?? 0)"
    }

    /// Stops listening and closes all connections.
    package func stop() async {
        // It may be closed already.
        try? await listener.close()
        await connections.closeAll()
    }
}

/// The open connections of one server.
private final class Connections: Sendable {
    private let open = Mutex<[ObjectIdentifier: any Channel]>([:])

    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        open.withLock { $0[id] = channel }
        channel.closeFuture.whenComplete { _ in
            self.open.withLock { $0[id] = nil }
        }
    }

    func closeAll() async {
        for channel in open.withLock({ Array($0.values) }) { try? await channel.close() }
    }
}

/// Runs a simulated AWS for as long as the body runs, and passes on what the body returns or throws.
///
/// The world says what exists at the beginning, the faults what is wrong from the beginning; ``Cloud/setFaults(_:)``
/// changes them. The server's ``SimulatedAWSServer/endpoint`` serves as every AWS endpoint.
package func withSimulatedAWS<Value>(
    _ world: World,
    faults: Faults = Faults(),
    isolation: isolated (any Actor)? = #isolation,
    _ body: (SimulatedAWSServer) async throws -> sending Value
) async throws -> sending Value {
    let server = try await SimulatedAWSServer.start(Cloud(world, faults: faults))
    do {
        let value = try await body(server)
        await server.stop()
        return value
    } catch {
        await server.stop()
        throw error
    }
}
