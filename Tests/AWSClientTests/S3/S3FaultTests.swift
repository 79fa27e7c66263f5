import AWSValues
import SimulatedAWS
import Synchronization
import Testing

@testable import AWSClient

@Suite struct S3FaultTests {
    private let one = Array("one".utf8)

    private static let conflict = FaultRule.Effect.refuse(
        code: "ConditionalRequestConflict", message: "again", status: 409)

    @Test(arguments: [
        (FaultRule.Effect.resetBeforeWork, "lost connection-lost"), (.resetAfterWork, "lost connection-lost"),
        (.cut, "lost connection-lost"), (.serverError(), "lost InternalError"),
        (.serverError(status: 503, body: .html), "lost http-503"),
        (.serverError(status: 500, body: .empty, afterWork: true), "lost http-500"), (.stall, "lost timed-out"),
        (.answer(status: 200, body: "<html>"), "lost unreadable-answer"),
    ])
    func `A conditional write whose answer is lost is reported, and sent once`(
        effect: FaultRule.Effect, word: String
    ) async throws {
        let rule = FaultRule(effect, target: FaultTarget(objects: ["team/k"]), count: 3)
        try await withSimulatedS3(faults: Faults(rule), timeout: .milliseconds(effect == .stall ? 300 : 5_000)) {
            s3 async throws in
            // The connection is in use already: libcurl would repeat by itself what it may.
            _ = try await s3.client.objects(prefix: "none")
            #expect(try await s3.client.put(one, at: "k", if: .isAbsent).word == word)
            #expect(s3.cloud.count("PutObject").total == 1)
            s3.cloud.putObject(one, at: "k", in: "team")
            let tag = try #require(try await s3.client.objects(prefix: "k").first?.tag)
            #expect(try await s3.client.put([1], at: "k", if: .has(tag)).word == word)
            #expect(s3.cloud.count("PutObject").total == 2)
            s3.cloud.putObject(one, at: "k", in: "team")
            _ = try await s3.client.objects(prefix: "none")
            let deleted = try await s3.client.delete("k", if: tag).word
            // The answer to a deletion has no body that could be wrong, and any success will do.
            #expect(deleted == (word == "lost unreadable-answer" ? "deleted" : word))
            #expect(s3.cloud.count("DeleteObject").total == 1)
        }
    }

    @Test(arguments: [
        FaultRule.Effect.resetBeforeWork, .resetAfterWork, .serverError(), .serverError(status: 503, afterWork: true),
        .throttle(), .throttle(status: 429, retryAfterMilliseconds: 9),
    ])
    func `Reads and unconditional writes are repeated`(effect: FaultRule.Effect) async throws {
        let rule = FaultRule(effect, target: FaultTarget(services: ["s3"]), count: 2)
        try await withSimulatedS3 { s3 async throws in
            s3.cloud.putObject(one, at: "k", in: "team")
            for round in 0..<4 {
                s3.cloud.setFaults(Faults(rule))
                switch round {
                case 0: #expect(try await s3.client.object(at: "k", limit: 9)?.bytes == one)
                case 1: #expect(try await s3.client.objects(prefix: "").count == 1)
                case 2: #expect(try await s3.client.put([2], at: "k").word == "stored")
                default: #expect(try await s3.client.delete("k").word == "deleted")
                }
            }
            #expect(s3.cloud.keys(in: "team").isEmpty)
        }
    }

    @Test func `An unconditional write that stays without an answer is lost, whatever came last`() async throws {
        let target = FaultTarget(operations: ["PutObject"])
        let faults = Faults(
            FaultRule(.resetAfterWork, target: target, count: 1),
            FaultRule(.refuse(code: "AccessDenied", message: "", status: 403), target: target))
        try await withSimulatedS3(faults: faults) { s3 async throws in
            #expect(try await s3.client.put(one, at: "k").word == "lost AccessDenied")
            #expect(s3.cloud.object(at: "k", in: "team") == one)
        }
    }

    @Test func `What had no effect is repeated under a condition too`() async throws {
        for (effect, code) in [
            (FaultRule.Effect.throttle(), "SlowDown"), (Self.conflict, "ConditionalRequestConflict"),
        ] {
            let rule = FaultRule(effect, target: FaultTarget(objects: ["*"]), count: 2)
            try await withSimulatedS3(faults: Faults(rule)) { s3 async throws in
                #expect(try await s3.client.put(one, at: "k", if: .isAbsent).word == "stored")
                #expect(s3.attempts == [code, code, nil])
            }
        }
    }

    @Test func `A conflict that lasts is reported`() async throws {
        let rule = FaultRule(Self.conflict, target: FaultTarget(objects: ["*"]))
        try await withSimulatedS3(faults: Faults(rule)) { s3 async throws in
            let tag = try #require(S3Tag("0"))
            #expect(try await s3.client.put(one, at: "k", if: .isAbsent).word == "conflict ConditionalRequestConflict")
            #expect(s3.cloud.count("PutObject").total == 3)
            #expect(try await s3.client.delete("k", if: tag).word == "conflict ConditionalRequestConflict")
            #expect(s3.cloud.count("DeleteObject").total == 3)
        }
    }

    @Test func `Another one's write between two attempts wins`() async throws {
        try await withSimulatedS3 { s3 async throws in
            let count = Counter()
            s3.cloud.setObjectScript { _ in
                count.next() == 1 ? ObjectScriptStep(.throttle(), after: [.put([9])]) : ObjectScriptStep()
            }
            #expect(try await s3.client.put(one, at: "k", if: .isAbsent).word == "conditionFailed")
            #expect(s3.cloud.object(at: "k", in: "team") == [9])
        }
    }

    @Test func `A store that ignores conditions can be told by its answers`() async throws {
        var faults = Faults()
        (faults.ignoresIfNoneMatch, faults.ignoresIfMatch) = (true, true)
        try await withSimulatedS3(faults: faults) { s3 async throws in
            let tag = try #require(S3Tag("0"))
            for _ in 0..<2 { #expect(try await s3.client.put(one, at: "k", if: .isAbsent).word == "stored") }
            #expect(try await s3.client.put(one, at: "k", if: .has(tag)).word == "stored")
            #expect(try await s3.client.delete("k", if: tag).word == "deleted")
        }
    }

    @Test func `A session that ended is renewed, and a wrong clock corrected, under a condition too`() async throws {
        let faults = Faults(FaultRule(.refuse(code: "ExpiredToken", message: "", status: 400), count: 1))
        try await withSimulatedS3(faults: faults) { s3 async throws in
            #expect(try await s3.client.put(one, at: "k", if: .isAbsent).word == "stored")
            var faults = Faults()
            faults.clockOffsetSeconds = 3_600
            s3.cloud.setFaults(faults)
            #expect(try await s3.client.put(one, at: "l", if: .isAbsent).word == "stored")
            #expect(s3.attempts == ["ExpiredToken", nil, "RequestTimeTooSkewed", nil])
        }
    }

    @Test func `Bytes that are not the object's are refused`() async throws {
        let rule = FaultRule(.corrupt, target: FaultTarget(operations: ["GetObject"]))
        try await withSimulatedS3(faults: Faults(rule)) { s3 async throws in
            _ = try await s3.client.put(one, at: "k")
            let failure = await error { () async throws(AWSError) in try await s3.client.object(at: "k", limit: 9) }
            #expect(failure?.message.contains("SHA-256") == true)
        }
    }

    @Test(arguments: [
        "", "<a/>", "<ListBucketResult/>", "{}",
        "<ListBucketResult><IsTruncated>true</IsTruncated>"
            + "</ListBucketResult>",
        "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>x</Key></Contents>"
            + "</ListBucketResult>", listing("<Key>x</Key>"), listing("<Key>a</Key>", "<Key>a</Key>"),
        listing("<Key>b</Key>", "<Key>a</Key>"), listing("<Key>%FF</Key>"),
        listing("<Key>a</Key>", end: "<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>"),
    ])
    func `A listing that is not whole is never an empty one`(body: String) async throws {
        try await withSimulatedS3(faults: Faults(FaultRule(.answer(body: body)))) { s3 async throws in
            let failure = await error { () async throws(AWSError) in
                try await s3.client.objects(prefix: body.contains("FF") ? "" : "a")
            }
            #expect(failure?.code == "unreadable-answer", "\(body)")
        }
    }

    private static func listing(_ keys: String..., end: String = "<IsTruncated>false</IsTruncated>") -> String {
        let contents = keys.map { "<Contents>\($0)<ETag>\"t\"</ETag><Size>1</Size></Contents>" }.joined()
        return "<ListBucketResult><EncodingType>url</EncodingType>\(contents)\(end)</ListBucketResult>"
    }
}

/// Counts from 1.
private final class Counter: Sendable {
    private let value = Mutex(0)

    func next() -> Int {
        value.withLock { value in
            value += 1
            return value
        }
    }
}
