import NIOHTTP1
import Testing

@testable import SimulatedAWS

/// What goes over a real connection.
@Suite struct WireTests {
    private let writes = FaultTarget(operations: ["SetRepositoryPolicy"])

    /// A signed request as bytes.
    private func text(_ request: WireRequest) -> String {
        let headers = request.headers.map { "\($0.name): \($0.value)\r\n" }.joined()
        let length = "Content-Length: \(request.body.count)\r\n"
        return "\(request.method) \(request.uri) HTTP/1.1\r\n\(headers)\(length)\r\n"
            + String(decoding: request.body, as: UTF8.self)
    }

    private func write(_ client: TestClient) throws -> String {
        let input: JSON = ["repositoryName": "base/java", "policyText": .string(pullPolicy())]
        let target = "AmazonEC2ContainerRegistry_V20150921.SetRepositoryPolicy"
        return text(try client.signed(service: "ecr", target: target, body: input.compact))
    }

    /// What one write gets under a fault, and whether it took effect.
    private func received(
        under effect: FaultRule.Effect,
        patience: Int = 20
    ) async throws -> (RawConnection.Received, isWritten: Bool) {
        try await withSimulatedAWS(smallWorld()) { server in
            let client = try TestClient(cloud: server.cloud).signedIn()
            server.cloud.setFaults(Faults(FaultRule(effect, target: writes)))
            let connection = try RawConnection(server.endpoint, patience: patience)
            try connection.send(try write(client))
            let received = connection.receive()
            // A client that loses patience on a busy machine may be faster than the server.
            try await until { server.cloud.count("SetRepositoryPolicy").total == 1 }
            let policy = server.cloud.policyText(account: "111122223333", region: "us-east-1", name: "base/java")
            return (received, policy != nil)
        }
    }

    @Test func `One connection serves many requests`() async throws {
        try await withSimulatedAWS(smallWorld()) { server in
            let client = try TestClient(cloud: server.cloud).signedIn()
            let connection = try RawConnection(server.endpoint)
            for _ in 0..<3 {
                try connection.send(try write(client))
                let received = connection.receive()
                #expect(received.status == 200)
                #expect(try JSON(parsing: String(received.body))["repositoryName"] == "base/java")
                #expect(received.text.lowercased().contains("\r\nx-amzn-requestid: "))
                #expect(received.text.lowercased().contains("\r\ndate: "))
            }
            #expect(server.cloud.totalCount.inFlight == 0)
        }
    }

    @Test func `A connection is reset before or after the work`() async throws {
        let before = try await received(under: .resetBeforeWork)
        #expect(before.0.end == .reset && before.0.bytes.isEmpty && !before.isWritten)
        let after = try await received(under: .resetAfterWork)
        #expect(after.0.end == .reset && after.0.bytes.isEmpty && after.isWritten)
    }

    @Test func `A body is cut`() async throws {
        let (received, isWritten) = try await received(under: .cut)
        #expect(received.end == .closed && isWritten)
        #expect(received.status == 200)
        #expect(!received.body.isEmpty)
    }

    @Test func `A body is garbage`() async throws {
        let (received, isWritten) = try await received(under: .corrupt)
        #expect(received.end == .complete && isWritten)
        #expect(throws: MalformedJSON.self) { try JSON(parsing: String(received.body)) }
    }

    @Test func `An answer never comes`() async throws {
        let (received, isWritten) = try await received(under: .stall, patience: 1)
        #expect(received.end == .silence && received.bytes.isEmpty && isWritten)
    }

    @Test func `A body drips`() async throws {
        let (received, isWritten) = try await received(under: .drip(milliseconds: 200))
        #expect(received.end == .complete && isWritten)
        #expect(received.pieces > 2)
        #expect(try JSON(parsing: String(received.body))["repositoryName"] == "base/java")
    }

    @Test func `Latency is no queue: slow answers overlap`() async throws {
        var faults = Faults()
        faults.latencyMilliseconds = 1000
        try await withSimulatedAWS(smallWorld(), faults: faults) { server in
            let client = try TestClient(cloud: server.cloud).signedIn()
            let request = try write(client)
            // Two connections show it: had the first blocked the server, they would not be in flight together.
            let (first, second) = (try RawConnection(server.endpoint), try RawConnection(server.endpoint))
            try first.send(request)
            try second.send(request)
            #expect(first.receive().status == 200)
            #expect(second.receive().status == 200)
            #expect(server.cloud.count("SetRepositoryPolicy").maximumInFlight == 2)
            #expect(server.cloud.count("SetRepositoryPolicy").inFlight == 0)
        }
    }

    @Test func `A stalled call is in flight until the client goes`() async throws {
        try await withSimulatedAWS(smallWorld(), faults: Faults(FaultRule(.stall, target: writes))) { server in
            let client = try TestClient(cloud: server.cloud).signedIn()
            var connection: RawConnection? = try RawConnection(server.endpoint, patience: 1)
            try connection?.send(try write(client))
            try await until { server.cloud.totalCount.inFlight == 1 }
            #expect(connection?.receive().end == .silence)
            #expect(server.cloud.totalCount.inFlight == 1)
            connection = nil
            try await until { server.cloud.totalCount.inFlight == 0 }
        }
    }

    /// Waits for something that the server does a little later; long only when it never does.
    private func until(_ condition: () -> Bool) async throws {
        for _ in 0..<4000 where !condition() { try await Task.sleep(for: .milliseconds(5)) }
        #expect(condition())
    }

    @Test func `What is no HTTP is refused`() async throws {
        try await withSimulatedAWS(smallWorld()) { server in
            let connection = try RawConnection(server.endpoint)
            try connection.send("nonsense\r\n\r\n")
            #expect(connection.receive().status == 400)
        }
    }

    @Test func `Scripts can look and edit without credentials`() async throws {
        try await withSimulatedAWS(smallWorld()) { server in
            let connection = try RawConnection(server.endpoint)
            func ask(_ method: String, _ uri: String, _ body: String = "") throws -> RawConnection.Received {
                try connection.send(
                    "\(method) \(uri) HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
                return connection.receive()
            }
            let repository = "?account=111122223333&region=us-east-1&repository=base%2Fjava"
            #expect(try ask("GET", "/_sandbox/policy" + repository).status == 404)
            #expect(try ask("PUT", "/_sandbox/policy" + repository, pullPolicy()).status == 200)
            #expect(try ask("PUT", "/_sandbox/policy" + repository, "no JSON").status == 400)
            #expect(try ask("PUT", "/_sandbox/policy", pullPolicy()).status == 400)
            #expect(try ask("GET", "/_sandbox/policy" + repository).body.contains("444455556666:root"))
            let state = try JSON(parsing: String(try ask("GET", "/_sandbox/state").body))
            #expect(state["repositories"]?.array?.count == 4)
            #expect(state["repositories"]?.array?.first?["name"] == "base/java")
            #expect(try ask("PUT", "/_sandbox/faults", #"{"rules":[{"effect":"throttle"}]}"#).status == 200)
            let wrong = try ask("PUT", "/_sandbox/faults", #"{"rules":[{"effect":"explode"}]}"#)
            #expect(wrong.status == 400 && wrong.body.contains("faults.rules[0].effect"))
            #expect(try TestClient(cloud: server.cloud).sts("GetCallerIdentity").code == "Throttling")
            #expect(try ask("PUT", "/_sandbox/clock?advance=60").status == 200)
            let calls = try JSON(parsing: String(try ask("GET", "/_sandbox/calls").body))
            #expect(calls["operations"]?["GetCallerIdentity"]?["refused"] == 1)
            #expect(calls["total"]?["total"] == 1)
            #expect(try ask("DELETE", "/_sandbox/policy" + repository).status == 200)
            #expect(try ask("GET", "/_sandbox/nothing").status == 404)
        }
    }
}
