import Foundation
import SimulatedAWS

extension SimulatedAWSServer {
    /// The environment of a program that signs in to this server with the made-up base key.
    var environment: [String: String] {
        [
            "AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": AccessKey.platform.id,
            "AWS_SECRET_ACCESS_KEY": AccessKey.platform.secret, "AWS_REGION": "us-east-1", "HOME": "/nonexistent",
        ]
    }

    /// Everything that would be lost by a bad write: each repository's policy, by `ACCOUNT/REGION/NAME`.
    var policies: [String: String?] {
        Dictionary(
            uniqueKeysWithValues: cloud.policies().map { repository, policy in
                ("\(repository.registry.account)/\(repository.registry.region)/\(repository.name)", policy)
            })
    }
}

extension World {
    /// The world of the sandbox, which fits the example matrices.
    static func sandbox() throws -> World {
        try World(
            seed: String(contentsOf: URL.project.appending(path: "manifests/sandbox/world.json"), encoding: .utf8))
    }
}

/// A user at work: the program in a folder of its own against a simulated AWS.
struct Workplace {
    let server: SimulatedAWSServer
    let folder: URL

    /// Runs `ecr-share` with the words of `command`.
    func ecrShare(_ command: String, environment: [String: String] = [:]) async throws -> Program.Result {
        try await Program.ecrShare.run(
            command.split(separator: " ").map(String.init),
            environment: server.environment.merging(environment) { $1 }, folder: folder)
    }

    /// Writes a matrix in the long form: rows of owner account, region, repository, consumer and access.
    func matrix(_ name: String = "matrix.csv", _ rows: String...) throws {
        let header = "owner_account,region,repository,consumer,access\n"
        try folder.appending(path: name).write(header + rows.joined(separator: "\n") + "\n")
    }

    /// A file of the folder as text.
    func text(of name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    /// The ids of the runs in the archive, the oldest first.
    func runs() throws -> [String] {
        let path = folder.appending(path: ".ecr-share/runs").path
        return FileManager.default.fileExists(atPath: path)
            ? try FileManager.default.contentsOfDirectory(atPath: path).sorted() : []
    }
}

/// Gives a test a workplace with the example files in its folder.
func withWorkplace<Value: Sendable>(
    _ world: World? = nil, faults: Faults = Faults(), _ body: (Workplace) async throws -> Value
) async throws -> Value {
    try await withScratchFolder { folder in
        for name in ["base-images.csv", "base-images-wide.csv", "platform.csv", "groups.csv"] {
            try FileManager.default.copyItem(at: .example(name), to: folder.appending(path: name))
        }
        return try await withSimulatedAWS(try world ?? .sandbox(), faults: faults) { server in
            try await body(Workplace(server: server, folder: folder))
        }
    }
}
