import Foundation
import Testing

@testable import AWSClient

/// The client against stores that this project did not write. `ECR_SHARE_S3_RACES=200` creates so many keys at once,
/// and lists more than a page.
@Suite struct ForeignS3Tests {
    /// How many keys are created by several tasks.
    private static let races = ProcessInfo.processInfo.environment["ECR_SHARE_S3_RACES"].flatMap(Int.init) ?? 12

    @Test(.enabled(if: !ForeignS3.installed.isEmpty, "run scripts/setup --tests"), arguments: ForeignS3.installed)
    func `A store of others answers as the simulated one`(store: ForeignS3) async throws {
        try await store.run { client async throws in
            try await checkConditions(client)
            try await checkKeys(client)
            try await expectOneWinner(client, keys: Self.races, tasks: Self.races > 12 ? 16 : 4)
            if Self.races > 12 { try await checkPages(client) }
        }
    }

    private func checkConditions(_ client: S3Client) async throws {
        let (one, two) = (Array("one".utf8), Array("two".utf8))
        let other = try #require(S3Tag("00000000000000000000000000000000"))
        #expect(try await client.object(at: "k", limit: 9) == nil)
        #expect(try await client.put(one, at: "k", if: .has(other)).word == "missing")
        let tag = try #require(try await client.put(one, at: "k", if: .isAbsent).tag)
        #expect(try await client.put(two, at: "k", if: .isAbsent).word == "conditionFailed")
        #expect(try await client.put(two, at: "k", if: .has(other)).word == "conditionFailed")
        #expect(try await client.object(at: "k", limit: 9) == S3Object(bytes: one, tag: tag))
        let next = try #require(try await client.put(two, at: "k", if: .has(tag)).tag)
        #expect(try await client.objects(prefix: "k") == [S3ListedObject(key: "k", tag: next, size: 3)])
        #expect(try await client.delete("k", if: tag).word == "conditionFailed")
        #expect(try await client.object(at: "k", limit: 9)?.bytes == two)
        #expect(try await client.delete("k", if: next).word == "deleted")
        #expect(try await client.object(at: "k", limit: 9) == nil)
        #expect(try await client.delete("k").word == "deleted")
        let large = (0..<(2 << 20)).map { UInt8(truncatingIfNeeded: $0 >> 5) }
        #expect(try await client.put(large, at: "large", if: .isAbsent).word == "stored")
        #expect(try await client.object(at: "large", limit: 3 << 20)?.bytes == large)
    }

    private func checkKeys(_ client: S3Client) async throws {
        let keys = [
            "a b", "a+b", "a~b", "ü/é", "a:b", "a'b(c)!*", "%41", "a=b&c?d#e", "🐳", "a/./b", "-",
            "runs/2026-01-02T03:04:05Z",
        ]
        for key in keys {
            #expect(try await client.put(Array(key.utf8), at: "odd/\(key)", if: .isAbsent).word == "stored", "\(key)")
            #expect(try await client.object(at: "odd/\(key)", limit: 99)?.bytes == Array(key.utf8), "\(key)")
        }
        let sorted = keys.map { "odd/\($0)" }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect(try await client.objects(prefix: "odd/").map(\.key) == sorted)
        #expect(try await client.objects(prefix: "odd/", after: sorted[3]).map(\.key) == Array(sorted[4...]))
        for key in sorted { #expect(try await client.delete(key).word == "deleted") }
        #expect(try await client.objects(prefix: "odd/").isEmpty)
    }

    private func checkPages(_ client: S3Client) async throws {
        let keys = (0..<1_203).map { "pages/\(String(1_000_000 + $0).dropFirst())" }
        for key in keys { _ = try await client.put([1], at: key) }
        #expect(try await client.objects(prefix: "pages/").map(\.key) == keys)
    }
}
