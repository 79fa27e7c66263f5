import NIOHTTP1
import Testing

@testable import SimulatedAWS

@Suite struct FaultTests {
    /// The codes of this many reads of one repository; nil for a success.
    private func codes(_ count: Int, _ client: TestClient, name: String = "base/java") throws -> [String?] {
        try (0..<count).map { _ in
            let answer = try client.get(name)
            return answer.code == "RepositoryPolicyNotFoundException" ? nil : answer.code
        }
    }

    private let reads = FaultTarget(operations: ["GetRepositoryPolicy"])

    @Test func `A rule spares some calls, then hits some`() throws {
        let rule = FaultRule(.throttle(), target: reads, skip: 1, count: 2)
        let client = try signedInClient(faults: Faults(rule))
        #expect(try codes(5, client) == [nil, "ThrottlingException", "ThrottlingException", nil, nil])
    }

    @Test func `A rule can count for each repository`() throws {
        let rule = FaultRule(.throttle(), target: reads, count: 1, each: .repository)
        let client = try signedInClient(faults: Faults(rule))
        #expect(try codes(2, client) == ["ThrottlingException", nil])
        #expect(try codes(2, client, name: "base/python") == ["ThrottlingException", nil])
    }

    @Test(arguments: [
        (FaultTarget(), true), (FaultTarget(services: ["ecr"]), true), (FaultTarget(services: ["sts"]), false),
        (FaultTarget(accounts: ["111122223333"]), true), (FaultTarget(accounts: ["222233334444"]), false),
        (FaultTarget(regions: ["us-east-1"]), true), (FaultTarget(regions: ["eu-west-1"]), false),
        (FaultTarget(operations: ["SetRepositoryPolicy"]), false), (FaultTarget(repositories: ["base/*"]), true),
        (FaultTarget(repositories: ["tools/*"]), false),
    ])
    func `A rule hits only its target`(target: FaultTarget, isHit: Bool) throws {
        let client = try signedInClient()
        client.cloud.setFaults(Faults(FaultRule(.throttle(), target: target)))
        #expect(try codes(1, client) == [isHit ? "ThrottlingException" : nil])
    }

    @Test func `A role can be targeted by its account`() throws {
        let target = FaultTarget(accounts: ["222233334444"], operations: ["AssumeRole"])
        let client = TestClient(cloud: Cloud(smallWorld(), faults: Faults(FaultRule(.throttle(), target: target))))
        #expect(try client.assume().status == 200)
        #expect(try client.assume("arn:aws:iam::222233334444:role/EcrShareOperator").code == "Throttling")
    }

    @Test func `A probability is met, and the same seed hits the same calls`() throws {
        let rule = FaultRule(.throttle(), target: reads, probability: 0.3)
        let first = try codes(400, signedInClient(faults: Faults(rule)))
        #expect(try codes(400, signedInClient(faults: Faults(rule))) == first)
        #expect((80...160).contains(first.count { $0 != nil }))
    }

    @Test func `Throttling has two forms and may say when to come back`() throws {
        let slow = FaultRule(.throttle(status: 429, retryAfterMilliseconds: 250), target: reads)
        let answer = try signedInClient(faults: Faults(slow)).get("base/java")
        #expect(answer.status == 429)
        #expect(answer.code == "ThrottleException")
        #expect(answer.reply.headers["x-amz-retry-after"] == ["250"])
        let other = FaultTarget(services: ["organizations"])
        let client = TestClient(cloud: Cloud(smallWorld(), faults: Faults(FaultRule(.throttle(), target: other))))
        #expect(try client.organizations("ListRoots").code == "TooManyRequestsException")
    }

    @Test func `A rate limit refuses what is too fast, for each account and operation`() throws {
        var faults = Faults()
        // So slow that no token comes back while the test runs.
        faults.rateLimits = [.init(perSecond: 0.000_1, burst: 3)]
        let client = try signedInClient(faults: faults)
        #expect(try codes(5, client) == [nil, nil, nil, "ThrottlingException", "ThrottlingException"])
        #expect(try client.ecr("DescribeRepositories").status == 200)
        let other = try TestClient(cloud: client.cloud).signedIn("arn:aws:iam::222233334444:role/EcrShareOperator")
        #expect(try codes(1, other) == [nil])
    }

    @Test(arguments: [
        (FaultRule.ErrorBody.native, "application/x-amz-json-1.1"), (.json, "application/x-amz-json-1.1"),
        (.xml, "text/xml"), (.html, "text/html"), (.empty, "text/plain"),
    ])
    func `A server error has any body`(body: FaultRule.ErrorBody, contentType: String) throws {
        let rule = FaultRule(.serverError(status: 502, body: body), target: reads)
        let answer = try signedInClient(faults: Faults(rule)).get("base/java")
        #expect(answer.status == 502)
        #expect(answer.reply.headers["content-type"] == [contentType])
        #expect(answer.reply.body.isEmpty == (body == .empty))
    }

    @Test func `A failure comes before the work or after it`() throws {
        let writes = FaultTarget(operations: ["SetRepositoryPolicy"])
        for (effect, isWritten) in [
            (.serverError(), false), (.serverError(afterWork: true), true), (.resetBeforeWork, false),
            (.resetAfterWork, true), (.cut, true), (.corrupt, true), (.stall, true), (.throttle(), false),
            (.refuse(code: "AccessDeniedException", message: "no"), false),
        ] as [(FaultRule.Effect, Bool)] {
            let client = try signedInClient(faults: Faults(FaultRule(effect, target: writes)))
            _ = try client.set("base/java", pullPolicy())
            let policy = client.cloud.policyText(account: "111122223333", region: "us-east-1", name: "base/java")
            #expect((policy != nil) == isWritten, "\(effect)")
            #expect(client.cloud.count("SetRepositoryPolicy").refused == 1, "\(effect)")
        }
    }

    @Test func `Sessions end early`() throws {
        let rule = FaultRule(.expireSession, target: reads, skip: 1, count: 1)
        let client = try signedInClient(faults: Faults(rule))
        #expect(try codes(3, client) == [nil, "ExpiredTokenException", "ExpiredTokenException"])
        #expect(try codes(2, TestClient(cloud: client.cloud).signedIn()) == [nil, nil])

        var faults = Faults()
        faults.sessionCalls = 2
        let counted = try signedInClient(faults: faults)
        #expect(try codes(3, counted) == [nil, nil, "ExpiredTokenException"])

        faults = Faults()
        faults.sessionSeconds = 5
        let short = try signedInClient(faults: faults)
        #expect(try codes(1, short) == [nil])
        short.cloud.advanceClock(bySeconds: 6)
        #expect(try codes(1, short) == ["ExpiredTokenException"])

        let ended = try signedInClient()
        ended.cloud.expireSessions(account: "111122223333")
        #expect(try codes(1, ended) == ["ExpiredTokenException"])
    }

    @Test func `Readers may lag behind a write`() throws {
        var faults = Faults()
        faults.readLags = [.init(reads: 2)]
        let client = try signedInClient(faults: faults)
        let written = try client.set("base/java", pullPolicy()).policyText
        #expect(try (0..<3).map { _ in try client.get("base/java").policyText } == [nil, nil, written])
        _ = try client.set("base/java", pullPolicy("555566667777"))
        #expect(try client.get("base/java").policyText == written)
        #expect(try client.get("base/python").code == "RepositoryPolicyNotFoundException")
    }

    @Test func `A lag in time outlasts any number of reads`() throws {
        var faults = Faults()
        faults.readLags = [.init(milliseconds: 3_600_000)]
        let client = try signedInClient(faults: faults)
        _ = try client.set("base/java", pullPolicy())
        #expect(try codes(20, client) == Array(repeating: nil, count: 20))
        #expect(try client.get("base/java").policyText == nil)
    }

    @Test func `Somebody else edits after a read`() throws {
        var faults = Faults()
        faults.foreignWriters = [.init(afterRead: 2, target: FaultTarget(repositories: ["base/java"]))]
        let client = try signedInClient(faults: faults)
        let mine = try client.set("base/java", pullPolicy()).policyText
        #expect(try client.get("base/java").policyText == mine)
        #expect(try client.get("base/java").policyText == mine)
        let edited = try #require(try client.get("base/java").policyText)
        #expect(edited.contains("added by somebody else") && edited.contains("AllowPull"))
        #expect(try codes(3, client, name: "base/python") == [nil, nil, nil])
    }

    @Test func `Delays add up and do not stop later rules`() throws {
        var faults = Faults(FaultRule(.delay(milliseconds: 20)), FaultRule(.delay(milliseconds: 30)), FaultRule(.cut))
        faults.latencyMilliseconds = 50
        let client = try signedInClient()
        client.cloud.setFaults(faults)
        let reply = try client.get("base/java").reply
        #expect(abs(reply.delay - 0.1) < 1e-9)
        #expect(reply.delivery == .cut)
    }

    @Test func `The world's clock can be wrong`() throws {
        var faults = Faults()
        faults.clockOffsetSeconds = -7200
        let cloud = Cloud(smallWorld(), faults: faults)
        #expect(abs(cloud.now.seconds - Timestamp.now.seconds + 7200) < 60)
        var client = TestClient(cloud: cloud)
        client.clockOffset = 7200
        let answer = try client.sts("GetCallerIdentity")
        #expect(answer.code == "SignatureDoesNotMatch")
        client.clockOffset = 0
        #expect(try client.sts("GetCallerIdentity").status == 200)
    }

    @Test func `Error types may carry a namespace`() throws {
        var faults = Faults()
        faults.namespacesErrors = true
        let answer = try signedInClient(faults: faults).get("base/none")
        #expect(answer.code == "com.amazonaws.ecr#RepositoryNotFoundException")
    }
}

@Suite struct CounterTests {
    @Test func `Calls are counted, kept and distinguished`() throws {
        let client = try signedInClient()
        _ = try client.get("base/java")
        _ = try client.set("base/java", pullPolicy())
        _ = try client.get("base/java")
        let cloud = client.cloud
        #expect(cloud.count("GetRepositoryPolicy").total == 2)
        #expect(cloud.count("GetRepositoryPolicy").refused == 1)
        #expect(cloud.count("SetRepositoryPolicy", account: "111122223333", region: "us-east-1").total == 1)
        #expect(cloud.count("SetRepositoryPolicy", account: "222233334444", region: "us-east-1").total == 0)
        #expect(cloud.totalCount.total == 4 && cloud.totalCount.inFlight == 0)
        #expect(
            cloud.calls.map(\.error) == [nil, "RepositoryPolicyNotFoundException", nil, nil]
        )
        #expect(cloud.calls.last?.repository == "base/java")
        #expect(Set(cloud.calls.map(\.requestID)).count == 4)
    }

    @Test func `Refused signatures are counted too`() throws {
        var client = try signedInClient()
        client.credentials.secret = "wrong"
        _ = try client.get("base/java")
        #expect(client.cloud.count("GetRepositoryPolicy").refused == 1)
    }

    @Test func `Only the latest calls are kept`() throws {
        var world = smallWorld()
        world.recordedCalls = 5
        let client = try signedInClient(world)
        for _ in 0..<50 { _ = try client.get("base/java") }
        #expect((5...10).contains(client.cloud.calls.count))
        world.recordedCalls = 0
        #expect(try signedInClient(world).cloud.calls.isEmpty)
    }
}
