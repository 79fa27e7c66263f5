import Foundation
import Testing

/// The main job against moto, an AWS that this project did not write, which recomputes every signature.
@Suite struct MotoTests {
    @Test func `Two accounts in two regions are rolled out and rolled back with signatures checked`() async throws {
        try await withMoto { environment, folder in
            func ecrShare(_ command: String) async throws -> Program.Result {
                try await Program.ecrShare.run(
                    command.split(separator: " ").map(String.init), environment: environment, folder: folder)
            }
            let matrix = "platform.csv --groups groups.csv"
            let plan = try await ecrShare("plan \(matrix) --detailed-exitcode")
            #expect(plan.exitStatus == 2, "\(plan.errors)")
            #expect(plan.output.contains("111122223333") && plan.output.contains("222233334444"))

            let apply = try await ecrShare("apply \(matrix) --yes")
            #expect(apply.exitStatus == 0, "\(apply.errors)")
            let second = try await ecrShare("plan \(matrix) --detailed-exitcode")
            #expect(second.exitStatus == 0, "\(second.output)\(second.errors)")

            let access = try await ecrShare("access \(matrix) --repository base/java")
            #expect(access.output.contains("888899990000"), "the foreign statement is still there")

            let rollback = try await ecrShare("rollback latest --yes")
            #expect(rollback.exitStatus == 0, "\(rollback.errors)")
            // All but the digest: moto returns a policy's text as it was sent, so the old texts differ in white space.
            let third = try await ecrShare("plan \(matrix)")
            #expect(
                summary(of: third) == summary(of: plan), "after the rollback the same plan is made as at first")
        }
    }

    @Test func `An archive in moto's S3 is listed, resumed and undone from another folder`() async throws {
        // For its check of a signature moto decodes the query of a listing, so it refuses every client's.
        try await withMoto(checksSignatures: false) { environment, folder in
            let archive = "--archive s3://team/ecr/prod"
            func ecrShare(_ command: String, in folder: URL) async throws -> Program.Result {
                try await Program.ecrShare.run(
                    "\(command) \(archive)".split(separator: " ").map(String.init), environment: environment,
                    folder: folder)
            }
            let matrix = "platform.csv --groups groups.csv"
            let before = try await ecrShare("plan \(matrix)", in: folder)
            let apply = try await ecrShare("apply \(matrix) --yes", in: folder)
            #expect(apply.exitStatus == 0, "\(apply.errors)")
            try await withScratchFolder { other in
                let runs = try await ecrShare("runs", in: other)
                #expect(runs.exitStatus == 0 && runs.output.contains("completed"), "\(runs.errors)")
                let resumed = try await ecrShare("apply --resume latest", in: other)
                #expect(resumed.exitStatus == 1 && resumed.errors.contains("is complete"), "\(resumed.errors)")
                let released = try await ecrShare("runs release 2026", in: other)
                #expect(released.errors.contains("nothing to release"), "\(released.errors)")
                let undone = try await ecrShare("rollback latest --yes", in: other)
                #expect(undone.exitStatus == 0, "\(undone.errors)")
                #expect(try FileManager.default.contentsOfDirectory(atPath: other.path).isEmpty)
            }
            #expect(summary(of: try await ecrShare("plan \(matrix)", in: folder)) == summary(of: before))
        }
    }

    @Test func `A wrong secret is refused, with the account, the role and moto's own words`() async throws {
        try await withMoto { environment, folder in
            let result = try await Program.ecrShare.run(
                ["plan", "base-images.csv"],
                environment: environment.merging(["AWS_SECRET_ACCESS_KEY": "wrong"]) { $1 },
                folder: folder)
            #expect(result.exitStatus == 1)
            #expect(result.errors.contains("SignatureDoesNotMatch"), "\(result.errors)")
            #expect(result.errors.contains("arn:aws:iam::111122223333:role/EcrShareOperator"))
        }
    }
}

/// The last line of a plan up to its digest.
private func summary(of plan: Program.Result) -> Substring? {
    plan.output.split(separator: "\n").last?.split(separator: "Digest").first
}

/// Starts and prepares a moto server, and gives the environment of a program that signs in to it and a folder with the
/// example files.
private func withMoto<Value: Sendable>(
    checksSignatures: Bool = true, _ body: ([String: String], URL) async throws -> Value
) async throws -> Value {
    try await withScratchFolder { folder in
        for name in ["base-images.csv", "platform.csv", "groups.csv"] {
            try FileManager.default.copyItem(at: .example(name), to: folder.appending(path: name))
        }
        let port = try freePort()
        let endpoint = "http://127.0.0.1:\(port)"
        let server = try Program.python.start(["-m", "moto.server", "-H", "127.0.0.1", "-p", "\(port)"])
        // moto lets SIGTERM pass.
        defer { kill(server.process.processIdentifier, SIGKILL) }
        try await waitUntilAnswering(port)
        let script = URL.project.appending(path: "Tests/EndToEndTests/Moto/prepare.py").path
        let prepared = try await Program.python.run([script, endpoint] + (checksSignatures ? [] : ["unchecked"]))
        guard prepared.exitStatus == 0 else { throw MotoError(description: prepared.errors) }
        let key = try JSONDecoder().decode(Key.self, from: Data(prepared.output.utf8))
        return try await body(
            [
                "AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": key.id, "AWS_SECRET_ACCESS_KEY": key.secret,
                "AWS_REGION": "us-east-1", "HOME": "/nonexistent",
            ], folder)
    }
}

private struct Key: Decodable {
    let id: String
    let secret: String
}

private struct MotoError: Error, CustomStringConvertible {
    let description: String
}

/// A port without a listener. Another process could take it before moto does; then the test fails loudly.
private func freePort() throws -> UInt16 {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            bind(socket, address, length) == 0 && getsockname(socket, address, &length) == 0
        }
    }
    guard isBound else { throw MotoError(description: "no port is free") }
    return UInt16(bigEndian: address.sin_port)
}

private func waitUntilAnswering(_ port: UInt16) async throws {
    for _ in 0..<600 {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = loopback(port: port)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                connect(socket, address, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        if isConnected { return }
        try await Task.sleep(for: .milliseconds(100))
    }
    throw MotoError(description: "moto did not start within a minute")
}

private func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
}
