import Foundation
import Testing

@testable import AWSClient

@Suite struct HTTPClientTests {
    private func post(_ url: HTTPURL, _ body: String = "{}", isWrite: Bool = false) -> HTTPRequest {
        var request = HTTPRequest(
            method: .post,
            url: url,
            headers: ["Content-Type": "application/x-amz-json-1.1"],
            body: Array(body.utf8)
        )
        request.mayBeRepeated = !isWrite
        return request
    }

    @Test(arguments: [true, false]) func `A request arrives as it was made, and the answer comes back`(
        isWrite: Bool
    ) async throws {
        try await withLoopbackServer { request in
            .answer(status: 299, headers: ["X-Amzn-RequestId": "id-1", "X-Empty": ""], body: "echo:\(request.text)")
        } _: { server in
            try await withHTTPClient { client in
                let url = try server.url
                var request = post(url, #"{"a":"ü"}"#, isWrite: isWrite)
                request.headers.append("X-Empty", "")
                let response = try await client.send(request)
                #expect(response.status == 299)
                #expect(response.headers["x-amzn-REQUESTID"] == "id-1")
                #expect(response.headers["x-empty"] == "")
                #expect(response.requestID == "id-1")
                #expect(String(decoding: response.body, as: UTF8.self) == #"echo:{"a":"ü"}"#)
                #expect(response.receivedAt >= response.sentAt)
                let received = try #require(server.requests.first)
                #expect(received.method == "POST")
                #expect(received.target == "/")
                #expect(received.headers["host"] == url.authority)
                #expect(received.headers["content-type"] == "application/x-amz-json-1.1")
                #expect(received.headers["user-agent"] == "ecr-share")
                #expect(received.headers["x-empty"] == "")
                for unwanted in ["expect", "accept", "accept-encoding", "transfer-encoding"] {
                    #expect(received.headers[unwanted] == nil, "\(unwanted)")
                }
            }
        }
    }

    @Test func `Bodies of every size survive, on one connection that is kept alive`() async throws {
        try await withLoopbackServer {
            .answer(body: $0.text)
        } _: { server in
            try await withHTTPClient { client in
                for size in [0, 1, 100, 70_000, 2_000_000, 3, 0] {
                    for isWrite in [true, false] {
                        let text = String(repeating: "x", count: size)
                        let response = try await client.send(post(try server.url, text, isWrite: isWrite))
                        #expect(response.body.count == size)
                        #expect(response.body.allSatisfy { $0 == UInt8(ascii: "x") })
                    }
                }
                // A write without a body has a connection of its own, so that libcurl cannot repeat it.
                #expect(Set(server.requests.filter { !$0.body.isEmpty }.map(\.connection)) == [0])
            }
        }
    }

    @Test func `GET, PUT and POST follow each other on one handle`() async throws {
        try await withLoopbackServer {
            .answer(body: "\($0.method) \($0.target) \($0.text)")
        } _: { server in
            try await withHTTPClient { client in
                var url = try server.url
                url.path = "/a/b"
                url.query = "c=d"
                for _ in 0..<2 {
                    for method in [HTTPRequest.Method.post, .get, .put] {
                        let body = method == .get ? "" : "body"
                        let request = HTTPRequest(method: method, url: url, body: Array(body.utf8))
                        let response = try await client.send(request)
                        #expect(String(decoding: response.body, as: UTF8.self) == "\(method.rawValue) /a/b?c=d \(body)")
                    }
                }
            }
        }
    }

    @Test func `256 requests are in flight at once when so many connections are allowed`() async throws {
        try await withLoopbackServer { _ in
            .delayed(seconds: 0.5, .answer())
        } _: { server in
            var configuration = HTTPConfiguration()
            configuration.maximumConnections = 256
            try await withHTTPClient(configuration) { client in
                let request = post(try server.url)
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<512 { group.addTask { try await client.send(request).status } }
                    for try await status in group { #expect(status == 200) }
                }
            }
            #expect(server.mostBusy > 200)
            #expect(server.mostBusy <= 256)
            #expect(Set(server.requests.map(\.connection)).count <= 256)
        }
    }

    @Test func `No more requests are in flight than connections are allowed`() async throws {
        try await withLoopbackServer { _ in
            .delayed(seconds: 0.01, .answer())
        } _: { server in
            var configuration = HTTPConfiguration()
            configuration.maximumConnections = 3
            try await withHTTPClient(configuration) { client in
                let request = post(try server.url)
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<40 { group.addTask { _ = try? await client.send(request) } }
                }
            }
            #expect(server.requests.count == 40)
            #expect(server.mostBusy == 3)
        }
    }

    @Test func `A request that has waited too long for a connection is not sent`() async throws {
        try await withLoopbackServer { _ in
            .delayed(seconds: 0.5, .answer())
        } _: { server in
            var configuration = HTTPConfiguration()
            configuration.maximumConnections = 1
            try await withHTTPClient(configuration) { client in
                let first = post(try server.url)
                var second = post(try server.url, isWrite: true)
                second.maximumWait = .milliseconds(100)
                async let answer = client.send(first)
                while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
                let failure = await error { [second] () async throws(HTTPError) in try await client.send(second) }
                #expect(failure?.kind == .timedOut)
                #expect(failure?.mayHaveReachedServer == false)
                #expect(failure?.isTransient == true)
                #expect(try await answer.status == 200)
                // In time it is sent.
                #expect(try await client.send(second).status == 200)
            }
            #expect(server.requests.count == 2)
        }
    }

    @Test(arguments: [
        "http://example.com/", "http://169.254.169.254/", "http://127.0.0.1.example.com/", "http://10.0.0.1/",
    ])
    func `Plain http to another machine is refused before anything is sent`(url: String) async throws {
        try await withHTTPClient { client in
            let request = HTTPRequest(method: .get, url: try HTTPURL(parsing: url))
            let failure = await error { () async throws(HTTPError) in try await client.send(request) }
            #expect(failure?.kind == .notAllowed)
            #expect(failure?.mayHaveReachedServer == false)
            #expect(failure?.description.contains("loopback") == true)
        }
    }

    @Test func `A header that would end early is refused, without telling its value`() async throws {
        try await withHTTPClient { client in
            var request = HTTPRequest(method: .get, url: try HTTPURL(parsing: "http://localhost:1/"))
            request.headers["X-Token"] = "secret\r\nX-Other: 1"
            let failure = await error { () async throws(HTTPError) in try await client.send(request) }
            #expect(failure?.kind == .notAllowed)
            #expect(failure?.description.contains("secret") == false)
        }
    }

    @Test func `A port without a server is a failed connection that sent nothing`() async throws {
        let closedPort = try await withLoopbackServer { _ in
            .answer()
        } _: {
            $0.port
        }
        try await withHTTPClient { client in
            let request = post(try HTTPURL(parsing: "http://127.0.0.1:\(closedPort)/"), isWrite: true)
            let failure = await error { () async throws(HTTPError) in try await client.send(request) }
            #expect(failure?.kind == .couldNotConnect)
            #expect(failure?.mayHaveReachedServer == false)
            #expect(failure?.isTransient == true)
        }
    }

    @Test func `A server that speaks no TLS is a failed handshake that sent nothing`() async throws {
        try await withLoopbackServer { _ in
            .raw("no TLS here")
        } _: { server in
            try await withHTTPClient { client in
                let request = post(try HTTPURL(parsing: "https://127.0.0.1:\(server.port)/"), isWrite: true)
                let failure = await error { () async throws(HTTPError) in
                    var request = request
                    request.totalTimeout = .seconds(2)
                    return try await client.send(request)
                }
                #expect([.handshakeFailed, .timedOut].contains(failure?.kind))
                #expect(failure?.mayHaveReachedServer == false)
            }
        }
    }

    @Test(arguments: [true, false]) func `A reset instead of an answer is a lost connection that may have arrived`(
        isWrite: Bool
    ) async throws {
        try await withLoopbackServer { _ in
            .reset
        } _: { server in
            try await withHTTPClient { client in
                let request = post(try server.url, isWrite: isWrite)
                let failure = await error { () async throws(HTTPError) in try await client.send(request) }
                #expect(failure?.kind == .connectionLost)
                #expect(failure?.mayHaveReachedServer == true)
            }
        }
    }

    @Test func `A write is never sent twice by itself when its kept-alive connection breaks; a read may be`()
        async throws
    {
        for isWrite in [true, false] {
            // Every connection answers once and breaks at its second request.
            let handler: LoopbackServer.Handler = { request in
                request.text == "first"
                    ? .answer(body: "ok") : request.connection == 0 ? .reset : .answer(body: "again")
            }
            try await withLoopbackServer(handler) { server in
                try await withHTTPClient { client in
                    _ = try await client.send(post(try server.url, "first"))
                    let request = post(try server.url, "second", isWrite: isWrite)
                    let failure = await error { () async throws(HTTPError) in try await client.send(request) }
                    #expect(failure?.kind == (isWrite ? .connectionLost : nil))
                    #expect(failure?.mayHaveReachedServer == (isWrite ? true : nil))
                    #expect(server.requests.filter { $0.text == "second" }.count == (isWrite ? 1 : 2))
                }
            }
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "",
    ]) func `An answer that is cut off is an error, never a short answer`(raw: String) async throws {
        try await withLoopbackServer { _ in
            .raw(raw)
        } _: { server in
            try await withHTTPClient { client in
                let request = post(try server.url, isWrite: true)
                let failure = await error { () async throws(HTTPError) in try await client.send(request) }
                #expect(failure?.kind == .connectionLost)
                #expect(failure?.mayHaveReachedServer == true)
            }
        }
    }

    @Test func `Something else than HTTP is a malformed answer`() async throws {
        try await withLoopbackServer { _ in
            .raw("SSH-2.0-OpenSSH_9.2\r\n\r\n")
        } _: { server in
            try await withHTTPClient { client in
                let request = post(try server.url)
                let failure = await error { () async throws(HTTPError) in try await client.send(request) }
                #expect(failure?.kind == .malformedAnswer)
            }
        }
    }

    @Test func `A chunked answer is put together`() async throws {
        let raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        try await withLoopbackServer { _ in
            .raw(raw)
        } _: { server in
            try await withHTTPClient { client in
                let response = try await client.send(post(try server.url))
                #expect(String(decoding: response.body, as: UTF8.self) == "abcde")
            }
        }
    }

    @Test func `A redirect is an answer and is not followed`() async throws {
        try await withLoopbackServer { _ in
            .answer(status: 307, headers: ["Location": "http://example.com/"])
        } _: { server in
            try await withHTTPClient { client in
                let response = try await client.send(post(try server.url))
                #expect(response.status == 307)
            }
        }
    }

    @Test func `A server that never answers runs into the time limit`() async throws {
        try await withLoopbackServer { _ in
            .stall
        } _: { server in
            try await withHTTPClient { client in
                let request = post(try server.url)
                let failure = await error { () async throws(HTTPError) in
                    var request = request
                    request.totalTimeout = .milliseconds(100)
                    return try await client.send(request)
                }
                #expect(failure?.kind == .timedOut)
                #expect(failure?.mayHaveReachedServer == true)
            }
        }
    }

    @Test func `Waiting for a free connection counts against no time limit`() async throws {
        try await withLoopbackServer { _ in
            .delayed(seconds: 0.1, .answer())
        } _: { server in
            var configuration = HTTPConfiguration()
            configuration.maximumConnections = 1
            configuration.totalTimeout = .milliseconds(400)
            try await withHTTPClient(configuration) { client in
                let request = post(try server.url)
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<8 { group.addTask { try await client.send(request).status } }
                    for try await status in group { #expect(status == 200) }
                }
            }
        }
    }

    @Test(arguments: [true, false]) func `An answer that is too long is refused, announced or not`(
        isAnnounced: Bool
    ) async throws {
        let body = String(repeating: "x", count: 2_000)
        try await withLoopbackServer { _ in
            isAnnounced ? .answer(body: body) : .raw("HTTP/1.1 200 OK\r\n\r\n" + body)
        } _: { server in
            var configuration = HTTPConfiguration()
            configuration.maximumResponseSize = 1_999
            try await withHTTPClient(configuration) { client in
                let request = post(try server.url)
                let failure = await error { () async throws(HTTPError) in try await client.send(request) }
                #expect(failure?.kind == .bodyTooLarge)
            }
            configuration.maximumResponseSize = 2_000
            try await withHTTPClient(configuration) { client in
                let response = try await client.send(post(try server.url))
                #expect(response.body.count == 2_000)
            }
        }
    }

    @Test func `Endless headers are refused`() async throws {
        let header = "X-Filler: \(String(repeating: "x", count: 1_000))\r\n"
        let raw = "HTTP/1.1 200 OK\r\n" + String(repeating: header, count: 100) + "\r\n"
        try await withLoopbackServer { _ in
            .raw(raw)
        } _: { server in
            try await withHTTPClient { client in
                let request = post(try server.url)
                let failure = await error { () async throws(HTTPError) in try await client.send(request) }
                #expect(failure?.kind == .bodyTooLarge)
            }
        }
    }

    @Test func `Cancelling takes down a transfer that stalls, and the others go on`() async throws {
        try await withLoopbackServer {
            $0.text == "stall" ? .stall : .answer()
        } _: { server in
            try await withHTTPClient { client in
                let stalling = post(try server.url, "stall")
                let quick = post(try server.url, "quick")
                let task = Task { await error { () async throws(HTTPError) in try await client.send(stalling) } }
                while server.requests.isEmpty { await Task.yield() }
                task.cancel()
                let failure = await task.value
                #expect(failure?.kind == .cancelled)
                #expect(failure?.mayHaveReachedServer == true)
                let response = try await client.send(quick)
                #expect(response.status == 200)
            }
        }
    }

    @Test func `Cancelling a request that waits for a connection sends nothing`() async throws {
        try await withLoopbackServer {
            $0.text == "stall" ? .stall : .answer()
        } _: { server in
            var configuration = HTTPConfiguration()
            configuration.maximumConnections = 1
            try await withHTTPClient(configuration) { client in
                let stalling = post(try server.url, "stall")
                let waiting = post(try server.url, "waiting")
                let first = Task { try? await client.send(stalling) }
                while server.requests.isEmpty { await Task.yield() }
                let second = Task { await error { () async throws(HTTPError) in try await client.send(waiting) } }
                for _ in 0..<100 { await Task.yield() }
                second.cancel()
                let failure = await second.value
                #expect(failure?.kind == .cancelled)
                #expect(failure?.mayHaveReachedServer == false)
                first.cancel()
                _ = await first.value
            }
            #expect(server.requests.map(\.text) == ["stall"])
        }
    }

    @Test func `A request of a task that is cancelled already is not sent`() async throws {
        try await withLoopbackServer { _ in
            .answer()
        } _: { server in
            try await withHTTPClient { client in
                let request = post(try server.url)
                let task = Task {
                    while !Task.isCancelled { await Task.yield() }
                    return await error { () async throws(HTTPError) in try await client.send(request) }
                }
                task.cancel()
                #expect(await task.value?.kind == .cancelled)
            }
            #expect(server.requests.isEmpty)
        }
    }

    @Test func `Transfers that outlive the client's scope fail, and so do later ones`() async throws {
        try await withLoopbackServer { _ in
            .stall
        } _: { server in
            let request = post(try server.url)
            let (late, client) = await withHTTPClient { client in
                let late = Task { await error { () async throws(HTTPError) in try await client.send(request) } }
                while server.requests.isEmpty { await Task.yield() }
                return (late, client)
            }
            #expect(await late.value?.kind == .unusable)
            let failure = await error { () async throws(HTTPError) in try await client.send(request) }
            #expect(failure?.kind == .unusable)
        }
    }

    @Test func `A trust store that cannot be read is an error that says so`() async throws {
        try await withLoopbackServer { _ in
            .stall
        } _: { server in
            var configuration = HTTPConfiguration()
            configuration.caBundlePath = "/nonexistent/bundle.pem"
            try await withHTTPClient(configuration) { client in
                let request = post(try HTTPURL(parsing: "https://127.0.0.1:\(server.port)/"))
                let failure = await error { () async throws(HTTPError) in try await client.send(request) }
                #expect(failure?.kind == .untrusted)
                #expect(failure?.description.contains("AWS_CA_BUNDLE") == true)
            }
        }
    }
}
