import AWSClient
import Foundation
import Testing

/// How a cached token reaches the disk.
@Suite struct CacheFileTests {
    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "ecr-share-cache-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    @Test func `A file is replaced in one step, for its owner alone, and nothing is left beside it`() throws {
        try withFolder { folder in
            let path = folder.appending(path: "token.json").path
            for text in ["first", "second"] {
                try Environment.current().writeFile(path, Array(text.utf8))
                #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
            }
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["token.json"])
        }
    }

    @Test func `Nothing is written through a link, whoever made it`() throws {
        try withFolder { folder in
            let path = folder.appending(path: "token.json").path
            let victim = folder.appending(path: "victim").path
            try "text".write(toFile: victim, atomically: false, encoding: .utf8)
            let process = ProcessInfo.processInfo.processIdentifier
            for name in [path, "\(path).tmp", "\(path).\(process).tmp"] {
                try FileManager.default.createSymbolicLink(atPath: name, withDestinationPath: victim)
            }
            try Environment.current().writeFile(path, Array("token".utf8))
            #expect(try String(contentsOfFile: victim, encoding: .utf8) == "text")
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "token")
        }
    }
}
