import SimulatedAWS
import Testing

@testable import AWSClient

@Suite struct S3PartTests {
    private let bytes = (0..<100).map { UInt8($0) }

    @Test func `A part has the bytes that were asked for, and the size of all`() async throws {
        try await withSimulatedS3 { s3 async throws in
            #expect(try await s3.client.part(of: "k", 10, at: 0) == nil)
            s3.cloud.putObject(bytes, at: "k", in: "team")
            for (offset, count) in [(0, 1), (0, 100), (0, 101), (7, 13), (99, 1), (90, 50)] {
                let part = try #require(try await s3.client.part(of: "k", count, at: offset))
                #expect(part.bytes == Array(bytes[offset...].prefix(count)) && part.size == 100)
            }
            for offset in [100, 101, 5_000] {
                let part = try #require(try await s3.client.part(of: "k", 10, at: offset))
                #expect(part.bytes.isEmpty && part.size == 100)
            }
            s3.cloud.putObject([], at: "empty", in: "team")
            #expect(try await s3.client.part(of: "empty", 10, at: 0)?.size == 0)
            #expect(try await s3.client.part(of: "empty", 10, at: 3)?.size == 0)
        }
    }

    @Test func `A part of another content is refused by its tag`() async throws {
        try await withSimulatedS3 { s3 async throws in
            s3.cloud.putObject(bytes, at: "k", in: "team")
            let tag = try #require(try await s3.client.part(of: "k", 10, at: 0)?.tag)
            #expect(try await s3.client.part(of: "k", 10, at: 10, if: tag)?.bytes == Array(bytes[10..<20]))
            s3.cloud.putObject(bytes.reversed(), at: "k", in: "team")
            let failure = await #expect(throws: AWSError.self) {
                try await s3.client.part(of: "k", 10, at: 20, if: tag)
            }
            #expect(failure?.isFailedCondition == true)
        }
    }

    @Test func `A folder has its objects, and of its folders only the names`() async throws {
        try await withSimulatedS3 { s3 async throws in
            let keys = ["a", "p/A-b", "p/A/1", "p/A/2/3", "p/B", "p/c d+é/x", "p/z", "q/1"]
            for key in keys { s3.cloud.putObject([1], at: key, in: "team") }
            for pageSize in [nil, 1, 2, 3] {
                var faults = Faults()
                faults.listPageSize = pageSize
                s3.cloud.setFaults(faults)
                let folder = try await s3.client.folder("p/")
                #expect(folder.objects.map(\.key) == ["p/A-b", "p/B", "p/z"])
                #expect(folder.prefixes == ["p/A/", "p/c d+é/"])
                #expect(try await s3.client.folder("").objects.map(\.key) == ["a"])
                #expect(try await s3.client.folder("").prefixes == ["p/", "q/"])
                #expect(try await s3.client.folder("p/", after: "p/B").objects.map(\.key) == ["p/z"])
                #expect(try await s3.client.folder("p/", after: "p/B").prefixes == ["p/c d+é/"])
                #expect(try await s3.client.folder("none/") == S3Folder())
            }
            s3.cloud.setFaults(Faults())
            let before = s3.cloud.count("ListObjectsV2").total
            for number in 0..<2_000 { s3.cloud.putObject([1], at: "many/same/\(number)", in: "team") }
            #expect(try await s3.client.folder("many/").prefixes == ["many/same/"])
            #expect(s3.cloud.count("ListObjectsV2").total == before + 1)
        }
    }
}
