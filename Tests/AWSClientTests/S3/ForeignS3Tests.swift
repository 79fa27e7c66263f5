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
            try await checkParts(client)
            try await checkFolders(client)
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

    private func checkParts(_ client: S3Client) async throws {
        let bytes = (0..<100).map { UInt8($0) }
        let tag = try #require(try await client.put(bytes, at: "parts/k", if: .isAbsent).tag)
        #expect(try await client.part(of: "parts/none", 10, at: 0) == nil)
        for (offset, count) in [(0, 1), (0, 100), (0, 101), (7, 13), (99, 1), (90, 50)] {
            let part = try #require(try await client.part(of: "parts/k", count, at: offset, if: tag))
            #expect(part == S3Part(bytes: Array(bytes[offset...].prefix(count)), size: 100, tag: tag))
        }
        #expect(try await client.part(of: "parts/k", 10, at: 100)?.size == 100)
        #expect(try await client.part(of: "parts/k", 10, at: 500)?.bytes == [])
        _ = try await client.put([1], at: "parts/k", if: .has(tag))
        await #expect(throws: AWSError.self) { try await client.part(of: "parts/k", 1, at: 0, if: tag) }
        _ = try await client.delete("parts/k")
    }

    private func checkFolders(_ client: S3Client) async throws {
        let keys = ["f/A-b", "f/A/1", "f/A/2/3", "f/B", "f/c d+é/x", "f/z"]
        for key in keys { _ = try await client.put([1], at: key, if: .isAbsent) }
        let folder = try await client.folder("f/")
        #expect(folder.objects.map(\.key) == ["f/A-b", "f/B", "f/z"])
        #expect(folder.prefixes == ["f/A/", "f/c d+é/"])
        #expect(try await client.folder("f/", after: "f/B").objects.map(\.key) == ["f/z"])
        for key in keys { _ = try await client.delete(key) }
    }

    private func checkPages(_ client: S3Client) async throws {
        let keys = (0..<1_203).map { "pages/\(String(1_000_000 + $0).dropFirst())" }
        for key in keys { _ = try await client.put([1], at: key) }
        #expect(try await client.objects(prefix: "pages/").map(\.key) == keys)
    }
}
