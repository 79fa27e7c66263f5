import Foundation
import Platform
@testable import Rollout
import TestSupport
import Testing

/// What a folder promises beyond every store.
@Suite struct FolderStoreTests {
    @Test func `Folders and files are for their owner alone`() async throws {
        try await World.withFolder { folder in
            let root = folder.folder("deep/archive")
            _ = try await FolderStore(root).create("runs/r/plan.jsonl", [1])
            for path in ["deep", "deep/archive", "deep/archive/runs", "deep/archive/runs/r"] {
                #expect(try permissions(folder.path(of: path)) == 0o700)
            }
            #expect(try permissions(root.path(of: "runs/r/plan.jsonl")) == 0o600)
            #expect(try root.folder("runs/r").names() == ["plan.jsonl"])
        }
    }

    @Test func `Nothing is reached through a link`() async throws {
        try await World.withFolder { folder in
            let store = FolderStore(folder.folder("archive"))
            _ = try await store.create("runs/r/a", [1])
            try FileManager.default.createSymbolicLink(
                atPath: folder.path(of: "archive/runs/link"), withDestinationPath: "r")
            try FileManager.default.createSymbolicLink(
                atPath: folder.path(of: "archive/runs/r/b"), withDestinationPath: "a")
            for name in ["runs/link/a", "runs/r/b"] {
                await #expect(throws: FileError.self) { try await store.read(name, limit: 9) }
                await #expect(throws: FileError.self) { try await store.open(name) }
                await #expect(throws: FileError.self) { try await store.delete(name, if: ObjectTag("")) }
            }
            await #expect(throws: FileError.self) { try await store.list("runs/link") }
            await #expect(throws: FileError.self) { try await store.create("runs/link/c", [2]) }
            #expect(try await store.create("runs/r/b", [2]) == .exists)
            #expect(try await store.list("runs/r").map(\.size) == [1, nil])
        }
    }

    @Test func `A read that fails is an error, and never nothing`() async throws {
        try await World.withFolder { folder in
            let store = FolderStore(folder)
            try folder.folder("runs/r/a").make()
            await #expect(throws: FileError.self) { try await store.read("runs/r/a", limit: 9) }
            try "".write(toFile: folder.path(of: "file"), atomically: false, encoding: .utf8)
            await #expect(throws: FileError.self) { try await store.list("file") }
            await #expect(throws: FileError.self) { try await store.read("file/a", limit: 9) }
        }
    }

    @Test func `Where files have one name only, a create still has one winner`() async throws {
        try await World.withFolder { folder in
            let store = FolderStore(folder, usesLinks: false)
            let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<16 {
                    group.addTask {
                        let outcome = try await store.create("runs/a", [UInt8(number)])
                        return if case .created = outcome { true } else { false }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(winners == 1)
            #expect(try folder.folder("runs").names() == ["a"])
        }
    }
}
