import Foundation
import Testing

@testable import SimulatedAWS

@Suite struct BotocoreTests {
    /// The Python that ECR_SHARE_TEST_PYTHON names, else `python3`; nil when it has no botocore.
    static let python: String? = {
        let name = ProcessInfo.processInfo.environment["ECR_SHARE_TEST_PYTHON"] ?? "python3"
        let result = try? run([name, "-c", "import botocore"])
        return result?.status == 0 ? name : nil
    }()

    private static func run(_ command: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }

    @Test(.enabled(if: python != nil, "botocore is not installed; set ECR_SHARE_TEST_PYTHON"))
    func `A client that this project did not write finds everything as AWS has it`() async throws {
        var world = smallWorld()
        for number in 0..<40 {
            world.addRepository(account: "111122223333", region: "us-east-1", name: "app/\(number)")
        }
        var organization = Organization(id: "o-a1b2c3d4e5", managementAccount: "999900001111", root: "r-ab12")
        organization.accounts = (0..<5).map { .init(id: "44440000000\($0)", name: "A\($0)", parent: "r-ab12") }
        organization.pageSize = 2
        organization.hasEmptyPages = true
        world.organization = organization
        let python = FaultTarget(repositories: ["base/python"])
        var writes = python
        writes.operations = ["SetRepositoryPolicy"]
        var reads = python
        reads.operations = ["GetRepositoryPolicy"]
        let faults = Faults(
            FaultRule(.throttle(), target: writes, count: 2),
            FaultRule(.serverError(status: 503, body: .html), target: reads, count: 2)
        )
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Botocore/client.py").path()
        try await withSimulatedAWS(world, faults: faults) { server in
            let key = AccessKey.platform
            let command = [Self.python ?? "python3", script, server.endpoint, key.id, key.secret]
            let result = try Self.run(command)
            #expect(result.status == 0, "\(result.output)")
            #expect(server.cloud.count("SetRepositoryPolicy").refused == 4)
        }
    }

    @Test(.enabled(if: python != nil, "botocore is not installed; set ECR_SHARE_TEST_PYTHON"))
    func `A client of S3 that this project did not write finds everything as AWS has it`() async throws {
        var world = World()
        world.buckets = [Bucket("team", region: "eu-west-1", account: AccessKey.platform.account)]
        let busy = FaultTarget(objects: ["team/busy"])
        let faults = Faults(
            FaultRule(.throttle(), target: busy, count: 1), FaultRule(.resetAfterWork, target: busy, count: 1))
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Botocore/s3.py").path()
        try await withSimulatedAWS(world, faults: faults) { server in
            let key = AccessKey.platform
            let result = try Self.run([Self.python ?? "python3", script, server.endpoint, key.id, key.secret])
            #expect(result.status == 0, "\(result.output)")
            #expect(server.cloud.object(at: "busy", in: "team") == Array("a".utf8))
        }
    }
}
