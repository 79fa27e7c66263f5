import AWSValues
import Testing

@testable import AWSClient

@Suite(.timeLimit(.minutes(1))) struct AWSWriteTests {
    private func withWrite(
        _ handler: @escaping LoopbackServer.Handler, credentials: CredentialCache = .fixed(),
        _ body: (AWSWrite, LoopbackServer) async throws -> Void
    ) async throws {
        try await withLoopbackServer(handler) { server in
            try await withCaller(.impatient) { caller in
                var call = AWSCall(
                    service: .ecr, operation: "SetRepositoryPolicy", account: "111122223333",
                    endpoint: Endpoint(url: try server.url, signingRegion: "eu-west-1"), headers: [:],
                    body: Array("{}".utf8), credentials: credentials)
                call.isWrite = true
                try await body(caller.write(call), server)
            }
        }
    }

    private static func refusal(_ code: String, status: Int = 400) -> LoopbackServer.Reply {
        .answer(status: status, body: #"{"__type":"\#(code)","message":"m"}"#)
    }

    private func failure(of write: AWSWrite) async -> AWSError? {
        do throws(AWSError) {
            _ = try await write.send()
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: ["ThrottlingException", "ExpiredTokenException", "RequestTimeout"])
    func `A refusal in passing is not answered by sending again but by another turn`(code: String) async throws {
        let position = ManualCounter()
        try await withWrite { _ in
            position.next() == 0 ? Self.refusal(code) : .answer()
        } _: { write, server in
            try await write.takeTurn()
            #expect(await failure(of: write)?.code == code)
            #expect(write.mayRepeat)
            #expect(server.requests.count == 1)
            try await write.takeTurn()
            #expect(await failure(of: write) == nil)
            #expect(server.requests.count == 2)
        }
    }

    @Test(arguments: [
        refusal("ServerException", status: 500), .answer(status: 502), .answer(status: 503), .reset,
        refusal("AccessDeniedException"), refusal("InvalidParameterException"), .raw(""),
    ])
    func `What may have happened and what will not pass is sent once`(reply: LoopbackServer.Reply) async throws {
        try await withWrite { _ in
            reply
        } _: { write, server in
            try await write.takeTurn()
            #expect(await failure(of: write) != nil)
            #expect(!write.mayRepeat)
            #expect(server.requests.count == 1)
        }
    }

    @Test func `A write that was answered is not repeated, whatever the answer is worth`() async throws {
        try await withWrite { _ in
            .answer(body: "<html>")
        } _: { write, _ in
            try await write.takeTurn()
            #expect(await failure(of: write) == nil)
            #expect(!write.mayRepeat)
        }
    }

    @Test func `A write that was settled by reading may be refused in passing again`() async throws {
        let position = ManualCounter()
        try await withWrite { _ in
            position.next() == 0 ? .answer(status: 502) : Self.refusal("ThrottlingException")
        } _: { write, _ in
            try await write.takeTurn()
            #expect(await failure(of: write)?.outcomeIsUnknown == true)
            #expect(!write.mayRepeat)
            try await write.takeTurn()
            #expect(await failure(of: write)?.isThrottling == true)
            #expect(write.mayRepeat)
        }
    }

    @Test func `Throttling is given up after ten attempts`() async throws {
        try await withWrite { _ in
            Self.refusal("ThrottlingException")
        } _: { write, server in
            for attempt in 1...10 {
                try await write.takeTurn()
                #expect(await failure(of: write)?.isThrottling == true)
                #expect(write.mayRepeat == (attempt < 10))
            }
            #expect(server.requests.count == 10)
        }
    }

    @Test func `A turn that is given back lets the next one through`() async throws {
        try await withWrite { _ in
            .answer()
        } _: { write, server in
            // More than may be in flight at first.
            for _ in 0..<20 {
                try await write.takeTurn()
                write.giveTurnBack()
                write.giveTurnBack()
            }
            try await write.takeTurn()
            #expect(await failure(of: write) == nil)
            #expect(server.requests.count == 1)
        }
    }

    @Test func `A session that ended after the turn is not waited for: the write takes another turn`() async throws {
        let number = ManualCounter()
        let cache = CredentialCache(clock: .impatient) { () async throws(CredentialFailure) in
            SessionCredentials(Credentials(accessKeyID: "K\(number.next())", secretAccessKey: "s"))
        }
        try await withWrite({ _ in .answer() }, credentials: cache) { write, server in
            try await write.takeTurn()
            // As another call does that was notified of the session's end.
            if let credentials = cache.present { cache.invalidate(credentials) }
            #expect(await failure(of: write)?.code == "session-ended")
            #expect(write.mayRepeat)
            #expect(server.requests.isEmpty)
            try await write.takeTurn()
            #expect(await failure(of: write) == nil)
            #expect(server.requests.count == 1)
        }
    }

    @Test func `A session that is over by a clock which is wrong is used all the same`() async throws {
        let cache = CredentialCache(clock: .impatient) { () async throws(CredentialFailure) in
            SessionCredentials(.temporaryExample, expiration: Timestamp(secondsSinceEpoch: 0))
        }
        try await withWrite({ _ in .answer() }, credentials: cache) { write, server in
            try await write.takeTurn()
            #expect(await failure(of: write) == nil)
            #expect(server.requests.count == 1)
        }
    }

    @Test func `Credentials that are gone when the turn comes end the write`() async throws {
        let calls = ManualCounter()
        let cache = CredentialCache(clock: .impatient) { () async throws(CredentialFailure) in
            guard calls.next() == 0 else { throw .credentials(.nothingFound([])) }
            return SessionCredentials(Credentials(accessKeyID: "K", secretAccessKey: "s"))
        }
        try await withWrite({ _ in .answer() }, credentials: cache) { write, server in
            try await write.takeTurn()
            if let credentials = cache.present { cache.invalidate(credentials) }
            #expect(await failure(of: write)?.isSignInFailure == true)
            let refusal = await error { () async throws(AWSError) in try await write.takeTurn() }
            #expect(refusal?.isSignInFailure == true)
            #expect(server.requests.isEmpty)
        }
    }
}
