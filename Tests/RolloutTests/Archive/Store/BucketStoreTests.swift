import Foundation
import Rollout
import SimulatedAWS
import Synchronization
import Testing

@testable import ecr_share

/// What an archive in a bucket does beside the contract: large objects, and what is lost on the way.
@Suite(.timeLimit(.minutes(2))) struct BucketStoreTests {
    /// More than one of the pieces in which an object is read.
    private let large = [UInt8](repeating: 7, count: 8 << 20) + Array("the second piece".utf8)

    @Test func `A large object comes back in pieces as a file without a name`() async throws {
        try await World.withFolder { folder in
            try folder.make()
            try await withBucketStore(spoolFolder: folder) { store, other, cloud in
                let created: Void? = try await store.create("runs/r/plan.jsonl") { try $0.write(large, at: 0) }
                #expect(created != nil)
                let file = try #require(try await other.open("runs/r/plan.jsonl"))
                #expect(try file.read(20 << 20, at: 0) == large)
                #expect(file.path == "s3://team/deep/archive/runs/r/plan.jsonl")
                #expect(try folder.names().isEmpty)
                #expect(cloud.count("GetObject").total == 2)
            }
        }
    }

    @Test func `An object that is replaced while it is read is refused`() async throws {
        try await World.withFolder { folder in
            try folder.make()
            try await withBucketStore(spoolFolder: folder) { store, _, cloud in
                cloud.putObject(large, at: "deep/archive/plan", in: "team")
                let calls = Mutex(0)
                let other = Array(large.dropLast()) + [0]
                cloud.setObjectScript { call in
                    let number = calls.withLock {
                        $0 += 1; return $0
                    }
                    return ObjectScriptStep(before: number == 2 ? [.put(other)] : [])
                }
                await #expect(throws: RolloutError.self) { try await store.open("plan") }
            }
        }
    }

    @Test(arguments: [FaultRule.Effect.resetAfterWork, .cut, .serverError(afterWork: true), .resetBeforeWork])
    func `A lost answer to a large write is settled by reading`(effect: FaultRule.Effect) async throws {
        let bytes = Array(large.suffix(100_000))
        try await World.withFolder { folder in
            try folder.make()
            for isOthers in [false, true] {
                try await withBucketStore(spoolFolder: folder) { store, _, cloud in
                    let calls = Mutex(0)
                    cloud.setObjectScript { call in
                        guard call.operation == "PutObject",
                            calls.withLock({
                                $0 += 1; return $0
                            }) == 1
                        else {
                            return ObjectScriptStep()
                        }
                        return ObjectScriptStep(effect, before: isOthers ? [.put([1, 2, 3])] : [])
                    }
                    let created: Bool? = try await store.create("plan") { file in
                        try file.write(bytes, at: 0)
                        return true
                    }
                    #expect(created == (isOthers ? nil : true))
                    #expect(cloud.object(at: "deep/archive/plan", in: "team") == (isOthers ? [1, 2, 3] : bytes))
                }
            }
        }
    }

    @Test func `A place names a bucket and a prefix, or a folder`() throws {
        for (text, same) in [
            ("s3://team", "s3://team"), ("s3://team/", "s3://team"), ("s3://team/a/b/", "s3://team/a/b"),
            ("s3://team/a_b=1.2/c-d", "s3://team/a_b=1.2/c-d"), ("a/s3://x", "a/s3://x"), ("./s3:", "./s3:"),
        ] { #expect(try ArchivePlace(text).text == same) }
        for text in [
            "", "s3:", "s3://", "s3:/team", "S3://team", "s3://te", "s3://team//a", "s3://team/a/../b",
            "s3://team/ü", "s3://team/a*", "s3://Team_/a b", "s3://team/\(String(repeating: "a", count: 600))",
            "s3://team--x-s3/a", "s3//team/a",
        ] { #expect(throws: ValueProblem.self) { try ArchivePlace(text) } }
        // What archives keep for themselves may be read as a plan, and is not saved over.
        for text in [
            "s3://team/a/lock.json", "s3://team/probe-1", "s3://team/runs/x.jsonl", "s3://team/a/runs/r/plan.jsonl",
        ] {
            #expect(throws: (any Error).self) { try PlanPlace(option: "--out", text) }
            #expect(throws: Never.self) { try PlanPlace(option: "--plan", text) }
        }
        #expect(throws: Never.self) { try PlanPlace(option: "--out", "s3://team/plans/lock.jsonl") }
    }
}
