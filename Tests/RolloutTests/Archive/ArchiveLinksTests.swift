import Foundation
import Platform
import Rollout
import SharePlan
import Testing

/// Nothing in an archive is reached through a link, and what others may change is not used.
@Suite(.timeLimit(.minutes(1))) struct ArchiveLinksTests {
    private let repository = World.repository("a0")

    private func apply(in folder: Folder) async throws -> Runner.Result {
        let store = MemoryStore([repository: nil])
        let plan = try await World.plan(store, [repository: ["555566667777"]], in: folder)
        return try await Runner(store, folder).execute(plan)
    }

    private func link(_ path: String, to target: String) throws {
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    }

    @Test(arguments: ["lock", "runs"])
    func `A link in the archive is refused, and its target stays as it is`(name: String) async throws {
        try await World.withFolder { folder in
            let victim = folder.path(of: "victim")
            let archive = folder.folder("archive")
            try archive.make()
            if name == "runs" {
                try Folder(victim).make()
            } else {
                try Data("text".utf8).write(to: URL(fileURLWithPath: victim))
            }
            try link(archive.path(of: name), to: victim)
            await #expect { try await apply(in: folder) } throws: { "\($0)".contains("it is a symbolic link") }
            if name == "runs" {
                #expect(try Folder(victim).names().isEmpty)
            } else {
                #expect(try String(contentsOfFile: victim, encoding: .utf8) == "text")
            }
        }
    }

    @Test(arguments: ["journal.jsonl", "plan.jsonl"])
    func `A run's files are not reached through a link`(name: String) async throws {
        try await World.withFolder { folder in
            _ = try await apply(in: folder)
            let run = try await Archive(folder.path(of: "archive")).run("latest")
            let victim = folder.path(of: "victim")
            try FileManager.default.moveItem(atPath: run.folder.path(of: name), toPath: victim)
            let text = try String(contentsOfFile: victim, encoding: .utf8)
            try link(run.folder.path(of: name), to: victim)
            let store = MemoryStore([repository: nil])
            await #expect(throws: (any Error).self) { try await Runner(store, folder).resume(run) }
            #expect(store.writes.isEmpty)
            #expect(try String(contentsOfFile: victim, encoding: .utf8) == text)
        }
    }

    @Test func `A pipe in the place of a file is not waited for`() async throws {
        try await World.withFolder { folder in
            _ = try await apply(in: folder)
            let run = try await Archive(folder.path(of: "archive")).run("latest")
            run.folder.remove("plan.jsonl")
            #expect(mkfifo(run.folder.path(of: "plan.jsonl"), 0o600) == 0)
            await #expect(throws: FileError.self) { try await run.plan() }
        }
    }

    @Test(arguments: ["archive", "archive/runs", "archive/runs/RUN"])
    func `A folder that others may write is taken for oneself`(name: String) async throws {
        try await World.withFolder { folder in
            let run = try await apply(in: folder).run
            let path = folder.path(of: name.replacingOccurrences(of: "RUN", with: run.text))
            #expect(chmod(path, 0o777) == 0)
            _ = try await Archive(folder.path(of: "archive")).run("latest").plan()
            #expect(try permissions(path) == 0o755)
        }
    }

    @Test func `A folder that is shared on purpose is no archive`() async throws {
        try await World.withFolder { folder in
            try folder.folder("archive").make()
            #expect(chmod(folder.path(of: "archive"), 0o1777) == 0)
            await #expect { try await apply(in: folder) } throws: { error in
                "\(error)".contains("archive may be changed by other users")
            }
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root may give a folder away"))
    func `A folder of another user is no archive`() async throws {
        try await World.withFolder { folder in
            try folder.folder("archive").make()
            #expect(chown(folder.path(of: "archive"), 65_534, 65_534) == 0)
            await #expect { try await apply(in: folder) } throws: { error in
                "\(error)".contains("archive belongs to another user (id 65534)")
            }
        }
    }

    @Test func `The archive itself may be a link that its owner made`() async throws {
        try await World.withFolder { folder in
            try folder.folder("elsewhere").make()
            try link(folder.path(of: "archive"), to: folder.path(of: "elsewhere"))
            #expect(try await apply(in: folder).exitStatus == .done)
            #expect(try folder.folder("elsewhere").names() == ["lock", "runs"])
        }
    }
}
