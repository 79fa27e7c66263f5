import AWSValues
import SimulatedAWS
import Testing

@testable import AWSClient

@Suite struct S3ClientTests {
    private let one = Array("one".utf8)
    private let two = Array("two".utf8)

    @Test func `Every answer to a condition is a value`() async throws {
        try await withSimulatedS3 { s3 async throws in
            let client = s3.client
            #expect(try await client.object(at: "k", limit: 9) == nil)
            let other = try #require(S3Tag("0"))
            #expect(try await client.put(one, at: "k", if: .has(other)).word == "missing")
            let tag = try #require(try await client.put(one, at: "k", if: .isAbsent).tag)
            #expect(try await client.object(at: "k", limit: 9) == S3Object(bytes: one, tag: tag))
            #expect(try await client.put(two, at: "k", if: .isAbsent).word == "conditionFailed")
            #expect(try await client.put(two, at: "k", if: .has(other)).word == "conditionFailed")
            #expect(s3.cloud.object(at: "k", in: "team") == one)
            let next = try #require(try await client.put(two, at: "k", if: .has(tag)).tag)
            #expect(next != tag)
            #expect(try await client.delete("k", if: tag).word == "conditionFailed")
            #expect(try await client.delete("k", if: next).word == "deleted")
            #expect(try await client.delete("k", if: next).word == "missing")
            #expect(try await client.delete("k").word == "deleted")
            #expect(try await client.put([], at: "k").word == "stored")
            #expect(try await client.object(at: "k", limit: 0)?.bytes == [])
        }
    }

    @Test func `An object that is longer than the limit is refused`() async throws {
        try await withSimulatedS3 { s3 async throws in
            for size in [100, 200_000] {
                s3.cloud.putObject(Array(repeating: 1, count: size), at: "k", in: "team")
                #expect(try await s3.client.object(at: "k", limit: size)?.bytes.count == size)
                let failure = await error { () async throws(AWSError) in
                    try await s3.client.object(at: "k", limit: size - 1)
                }
                #expect(
                    failure?.message.contains("longer than \(size - 1) bytes") == true, "\(String(describing: failure))"
                )
            }
        }
    }

    // libcurl reads a long answer in stretches, and may reach its end when a timer runs.
    @Test(.timeLimit(.minutes(1))) func `Large objects come and go, larger than any other answer may be`() async throws
    {
        try await withSimulatedS3 { s3 async throws in
            let bytes = (0..<(9 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
            #expect(try await s3.client.put(bytes, at: "plan", if: .isAbsent).word == "stored")
            #expect(try await s3.client.object(at: "plan", limit: 10 << 20)?.bytes == bytes)
        }
    }

    @Test(arguments: [
        "a b", "a+b", "a~b", "a//b", "/a", "ü/é", "e\u{301}", "a:b", "a'b(c)!*", "%41", "a/../b", "./a", "..", "🐳",
        "a=b&c?d#e",
        "a\\b\"c", "a\u{1}\n",
    ])
    func `Odd keys are written, read, listed and deleted`(key: String) async throws {
        try await withSimulatedS3 { s3 async throws in
            let tag = try #require(try await s3.client.put(one, at: key, if: .isAbsent).tag)
            #expect(s3.cloud.keys(in: "team").map { Array($0.utf8) } == [Array(key.utf8)])
            #expect(try await s3.client.object(at: key, limit: 9)?.bytes == one)
            let listed = try await s3.client.objects(prefix: String(key.unicodeScalars.prefix(1)))
            #expect(listed.map { Array($0.key.utf8) } == [Array(key.utf8)])
            #expect(listed.first?.tag == tag && listed.first?.size == 3)
            #expect(try await s3.client.delete(key, if: tag).word == "deleted")
        }
    }

    @Test func `A listing has every page, from where it was asked for`() async throws {
        try await withSimulatedS3 { s3 async throws in
            let keys = (0..<1_003).map { "runs/\(String(1_000_000 + $0).dropFirst())" }
            for key in keys + ["a", "runt"] { s3.cloud.putObject([1], at: key, in: "team") }
            #expect(try await s3.client.objects(prefix: "runs/").map(\.key) == keys)
            #expect(s3.cloud.count("ListObjectsV2").total == 2)
            var faults = Faults()
            faults.listPageSize = 100
            s3.cloud.setFaults(faults)
            #expect(try await s3.client.objects(prefix: "runs/", after: keys[2]).map(\.key) == Array(keys[3...]))
            #expect(try await s3.client.objects(prefix: "none").isEmpty)
        }
    }

    @Test func `Owner, key and checksum go with every request`() async throws {
        let kmsKey = "arn:aws:kms:eu-west-1:999900001111:key/1"
        try await withSimulatedS3(world: { $0.buckets[0].kmsKey = kmsKey }) { s3 async throws in
            var bucket = S3Bucket("team", region: SimulatedS3.region, owner: AccountID(SimulatedS3.owner))
            let refused = await error { () async throws(AWSError) in try await s3.client(bucket).put(one, at: "k") }
            #expect(refused?.isAccessDenied == true)
            bucket.kmsKey = kmsKey
            let tags = [
                try await s3.client(bucket).put(one, at: "k").tag, try await s3.client(bucket).put(one, at: "k").tag,
            ]
            #expect(tags[0] != nil && tags[0] != tags[1], "tags are opaque")
            #expect(s3.cloud.kmsKey(of: "k", in: "team") == kmsKey)
            bucket.owner = "444455556666"
            let client = s3.client(bucket)
            for failure in [
                await error { () async throws(AWSError) in try await client.object(at: "k", limit: 9) },
                await error { () async throws(AWSError) in try await client.put(one, at: "k", if: .isAbsent) },
                await error { () async throws(AWSError) in try await client.delete("k") },
                await error { () async throws(AWSError) in try await client.objects(prefix: "") },
            ] {
                #expect(failure?.advice?.contains("does not belong to account 444455556666") == true)
            }
            #expect(s3.cloud.object(at: "k", in: "team") == one)
        }
    }

    @Test func `One of many creates of a key wins`() async throws {
        try await withSimulatedS3 { s3 async throws in
            try await expectOneWinner(s3.client, keys: 20, tasks: 6)
        }
    }
}

/// Lets several tasks create the same keys: each key must have one winner, whose bytes are read back.
func expectOneWinner(_ client: S3Client, keys: Int, tasks: Int) async throws {
    let outcomes = try await withThrowingTaskGroup(of: [(key: Int, task: Int, word: String)].self) { group in
        for task in 0..<tasks {
            group.addTask {
                var outcomes: [(key: Int, task: Int, word: String)] = []
                for key in 0..<keys {
                    let outcome = try await client.put(Array("\(task)".utf8), at: "race/\(key)", if: .isAbsent)
                    outcomes.append((key, task, outcome.word))
                }
                return outcomes
            }
        }
        return try await group.reduce(into: []) { $0 += $1 }
    }
    for key in 0..<keys {
        let winners = outcomes.filter { $0.key == key && $0.word == "stored" }
        #expect(winners.count == 1, "\(key): \(outcomes.filter { $0.key == key })")
        #expect(outcomes.filter { $0.key == key }.allSatisfy { ["stored", "conditionFailed"].contains($0.word) })
        let read = try await client.object(at: "race/\(key)", limit: 9)
        #expect(read?.bytes == winners.first.map { Array("\($0.task)".utf8) })
    }
}
