import Foundation
import Synchronization

@testable import AWSClient

/// A web server of plain blocking sockets on 127.0.0.1, one thread a connection, that can misbehave as a test wants.
final class LoopbackServer: Sendable {
    /// One request as it arrived.
    struct Request: Sendable {
        let method: String
        let target: String
        /// Names in lower case.
        let headers: [String: String]
        let body: [UInt8]
        /// Counts the connections, from 0.
        let connection: Int

        var text: String { String(decoding: body, as: UTF8.self) }
        /// The part of `X-Amz-Target` behind the dot.
        var operation: String { headers["x-amz-target"]?.split(separator: ".").last.map(String.init) ?? "" }
    }

    enum Reply: Sendable {
        case answer(status: Int = 200, headers: [String: String] = [:], body: String = "")
        /// These bytes, then the end of the connection.
        case raw(String)
        /// The connection is reset, without an answer.
        case reset
        /// No answer for as long as the server lives.
        case stall
        /// An answer after a while.
        indirect case delayed(seconds: Double, Reply)
    }

    typealias Handler = @Sendable (Request) -> Reply

    let port: Int
    private let listener: Int32
    private let handler: Handler
    private let state = Mutex(State())

    private struct State {
        var connections: [Int32] = []
        var requests: [Request] = []
        var isStopping = false
        var busy = 0
        var mostBusy = 0
    }

    var url: HTTPURL { get throws { try HTTPURL(parsing: "http://127.0.0.1:\(port)/") } }
    var requests: [Request] { state.withLock { $0.requests } }
    /// The largest number of requests that were being handled at once.
    var mostBusy: Int { state.withLock { $0.mostBusy } }

    fileprivate init(_ handler: @escaping Handler) throws {
        self.handler = handler
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 512) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        guard isListening else { throw ServerError() }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { self.acceptConnections() }
    }

    struct ServerError: Error {}

    fileprivate func stop() {
        // Each descriptor is closed by the thread that uses it, so that its number is not reused here.
        state.withLock { state in
            state.isStopping = true
            for descriptor in state.connections { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func acceptConnections() {
        defer { close(listener) }
        var number = 0
        while true {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { return }
            let mayGoOn = state.withLock { state in
                if !state.isStopping { state.connections.append(descriptor) }
                return !state.isStopping
            }
            guard mayGoOn else {
                close(descriptor)
                return
            }
            let thisNumber = number
            number += 1
            let thread = Thread { self.serve(descriptor, thisNumber) }
            thread.stackSize = 256 << 10
            thread.start()
        }
    }

    private func serve(_ descriptor: Int32, _ number: Int) {
        defer {
            state.withLock { state in
                state.connections.removeAll { $0 == descriptor }
                close(descriptor)
            }
        }
        var pending: [UInt8] = []
        while let request = readRequest(descriptor, number, &pending) {
            state.withLock { state in
                state.requests.append(request)
                state.busy += 1
                state.mostBusy = max(state.mostBusy, state.busy)
            }
            let goesOn = send(handler(request), descriptor)
            guard goesOn else { return }
        }
    }

    private func send(_ reply: Reply, _ descriptor: Int32) -> Bool {
        func notBusy() { state.withLock { $0.busy -= 1 } }
        switch reply {
        case .answer(let status, let headers, let body):
            var text = "HTTP/1.1 \(status) Status\r\nContent-Length: \(body.utf8.count)\r\n"
            for (name, value) in headers { text += "\(name): \(value)\r\n" }
            notBusy()
            return write(text + "\r\n" + body, descriptor)
        case .raw(let text):
            notBusy()
            _ = write(text, descriptor)
            return false
        case .reset:
            notBusy()
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
            return false
        case .stall:
            var byte: UInt8 = 0
            while read(descriptor, &byte, 1) > 0 {}
            notBusy()
            return false
        case .delayed(let seconds, let reply):
            Thread.sleep(forTimeInterval: seconds)
            return send(reply, descriptor)
        }
    }

    private func write(_ text: String, _ descriptor: Int32) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            bytes = bytes.dropFirst(count)
        }
        return true
    }

    private func readRequest(_ descriptor: Int32, _ number: Int, _ pending: inout [UInt8]) -> Request? {
        let endOfHead = Array("\r\n\r\n".utf8)
        while true {
            if let end = pending.firstRange(of: endOfHead) {
                let lines = String(decoding: pending[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
                let first = lines[0].split(separator: " ")
                var headers: [String: String] = [:]
                for line in lines.dropFirst() {
                    let colon = line.firstIndex(of: ":") ?? line.endIndex
                    headers[line[..<colon].lowercased()] =
                        line[colon...].dropFirst().trimmingCharacters(in: .whitespaces)
                }
                let length = headers["content-length"].flatMap(Int.init) ?? 0
                if pending.count >= end.upperBound + length {
                    let body = Array(pending[end.upperBound..<(end.upperBound + length)])
                    pending.removeFirst(end.upperBound + length)
                    return Request(
                        method: String(first[0]),
                        target: String(first[1]),
                        headers: headers,
                        body: body,
                        connection: number
                    )
                }
            }
            var chunk = [UInt8](repeating: 0, count: 16_384)
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return nil }
            pending += chunk[..<count]
        }
    }
}

/// Runs a server for the time of `body`.
func withLoopbackServer<Value>(
    _ handler: @escaping LoopbackServer.Handler,
    _ body: (LoopbackServer) async throws -> Value
) async throws -> Value {
    let server = try LoopbackServer(handler)
    defer { server.stop() }
    return try await body(server)
}
