import Foundation
@testable import SimulatedAWS
import Testing

@testable import ecr_share

/// The files under manifests/: by the tools that are installed, and by running what they run.
@Suite(.timeLimit(.minutes(5))) struct ManifestTests {
    @Test func `The manifests pass the checks of the tools that are here`() async throws {
        let script = Program(executable: URL.project.appending(path: "scripts/check-manifests"))
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        let home = ProcessInfo.processInfo.environment["HOME"] ?? "/nonexistent"
        // --offline, since a test waits for no network.
        let result = try await script.run(["--offline"], environment: ["PATH": path, "HOME": home])
        #expect(result.exitStatus == 0, "\(result.errors)\n\(result.output)")
        // What could not be checked says so.
        #expect(result.output.contains("ok: ") || result.output.contains("skipped: "))
    }

    // MARK: - Batch

    @Test(.enabled(if: ManifestCommand.canMount, "making a pod's file system needs root and mount namespaces"))
    func `The Kubernetes jobs run in the file system that their pods have`() async throws {
        try await withBatch { server, matrix, archive in
            let jobs = try ManifestCommand.ofPods(["ecr-share-matrix": matrix, "ecr-share-archive": archive])
            #expect(jobs.map(\.name) == ["ecr-share-drift", "ecr-share-expire"])
            try await expectNight(jobs, server, archive)
        }
    }

    @Test(.enabled(if: ManifestCommand.canMount, "making a unit's file system needs root and mount namespaces"))
    func `The systemd jobs run in the file system that their unit has, and their rollback too`() async throws {
        try await withBatch { server, configuration, state in
            let jobs = try ManifestCommand.ofUnits(configuration: configuration, state: state)
            try await expectNight(jobs, server, state)

            let lines = ManifestCommand.lines(of: try ManifestCommand.text(of: "batch/README.md"))
            let rollback = try #require(lines.first { $0.hasPrefix("ecr-share rollback") })
            let words = rollback.replacing("HUB_ROLE_ARN", with: Self.hub).split(separator: " ").map(String.init)
            let command = ManifestCommand(
                name: "rollback", arguments: Array(words.dropFirst()), folder: "/", mounts: jobs[1].mounts)
            let result = try await command.run(environment: server.environment)
            #expect(result.exitStatus == 0, "\(result.errors)")
            #expect(result.output.contains("ACCESS TAKEN AWAY"), "\(result.output)")
        }
    }

    /// Drift is seen, the apply takes it away, and then there is none.
    private func expectNight(
        _ jobs: [ManifestCommand], _ server: SimulatedAWSServer, _ archive: URL
    ) async throws {
        let (drift, expire) = (jobs[0], jobs[1])
        for (job, status) in [(drift, 2), (expire, 0), (drift, 0)] {
            let result = try await job.run(environment: server.environment)
            #expect(result.exitStatus == status, "\(job.name): \(result.errors)\(result.output)")
        }
        let runs = FileManager.default.subpaths(atPath: archive.path) ?? []
        #expect(runs.contains { $0.hasSuffix("journal.jsonl") }, "\(runs)")
    }

    /// A folder with a matrix and one for an archive, as a user without rights finds them.
    private func withBatch(_ body: (SimulatedAWSServer, URL, URL) async throws -> Void) async throws {
        try await withScratchFolder { folder in
            let (matrix, archive) = (folder.appending(path: "matrix"), folder.appending(path: "archive"))
            for (folder, mode) in [(matrix, 0o755), (archive, 0o777)] {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder.path)
            }
            try FileManager.default.copyItem(at: .example("base-images.csv"), to: matrix.appending(path: "grants.csv"))
            try await withSimulatedAWS(try Self.world()) { try await body($0, matrix, archive) }
        }
    }

    private static let hub = "arn:aws:iam::111122223333:role/EcrShareHub"

    /// The sandbox with the roles of manifests/iam. The hubs are in an owner account here, as the manifests have it.
    private static func world() throws -> World {
        var world = try World.sandbox()
        let platform = AccessKey.platform.account
        for name in ["EcrShareHub", "EcrShareReviewHub"] {
            world.roles.append(Role(account: "111122223333", name: name, trusts: [platform]))
        }
        for account in ["111122223333", "222233334444"] {
            for name in ["EcrShareOperator", "EcrShareReader"] {
                world.roles.append(Role(account: account, name: name, trusts: [platform, "111122223333"]))
            }
        }
        return world
    }

    // MARK: - CI

    @Test func `The GitHub workflows' commands plan, apply what was reviewed, compare, and undo`() async throws {
        func commands(_ name: String) throws -> [String] {
            let workflow = try #require(
                try YAMLReader.read(Array(try ManifestCommand.text(of: "ci/github/workflows/\(name).yml").utf8)))
            let jobs = workflow["jobs"]?.elements ?? []
            let scripts = jobs.flatMap { $0["steps"]?.elements ?? [] }.compactMap { $0["run"]?.text }
            return scripts.flatMap(ManifestCommand.lines)
        }
        let (plan, apply) = (try commands("ecr-share-plan"), try commands("ecr-share-apply"))
        let drift = try commands("ecr-share-drift")
        #expect(plan.count == 1 && apply.count == 2 && drift.count == 1)
        try await expectReview(plan: plan[0], merge: apply, drift: drift[0])
    }

    @Test func `The GitLab jobs' commands plan, apply what was reviewed, compare, and undo`() async throws {
        // The reader is that of ecr-share.yaml, which knows no aliases.
        let text = try ManifestCommand.text(of: "ci/gitlab/ecr-share.gitlab-ci.yml").replacing("*inputs", with: "[]")
        let file = try #require(try YAMLReader.read(Array(text.utf8)))
        func command(_ job: String) throws -> String {
            let scripts = file[job]?["script"]?.elements.compactMap(\.text) ?? []
            let commands = scripts.flatMap(ManifestCommand.lines)
            #expect(commands.count == 1)
            return try #require(commands.first)
        }
        let plan = try command("ecr-share plan")
        try await expectReview(
            plan: plan, merge: [plan, try command("ecr-share apply")], drift: try command("ecr-share drift"))
    }

    private func expectReview(plan: String, merge: [String], drift: String) async throws {
        try await withWorkplace(try Self.world()) { work in
            func run(_ line: String, expecting status: Int32 = 0) async throws {
                let reader = "READER_ROLE='arn:{partition}:iam::{account}:role/EcrShareReader'"
                let result = try await work.shell("MATRIX=grants.csv \(reader); export MATRIX READER_ROLE; \(line)")
                #expect(result.exitStatus == status, "\(line): \(result.errors)\(result.output)")
            }
            let grants = work.folder.appending(path: "grants.csv")
            try FileManager.default.copyItem(at: .example("base-images.csv"), to: grants)
            try await run(plan)
            let summary = try #require(try work.text(of: "plan.jsonl").split(separator: "\n").last)
            let digest = try #require(try YAMLReader.read(Array(summary.utf8))?["digest"]?.text)
            try work.folder.appending(path: "reviewed.digest").write(digest + "\n")
            #expect(try work.text(of: "plan.md").contains(digest))
            try await run(drift, expecting: 2)
            for line in merge { try await run(line) }
            try await run(drift)
            // A second time there is nothing left to do, which has another digest.
            try await run(merge[0])
            try await run(merge[1], expecting: 4)

            let lines = ManifestCommand.lines(of: try ManifestCommand.text(of: "ci/README.md"))
            let rollback = try #require(lines.first { $0.hasPrefix("ecr-share rollback") })
            try await run(rollback.replacing("HUB_ROLE_ARN", with: Self.hub))
        }
    }
}
