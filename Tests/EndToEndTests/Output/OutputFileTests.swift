import Foundation
import SimulatedAWS
import Testing

/// Files of `--output`: they replace no other file, and no link is followed.
@Suite(.timeLimit(.minutes(5))) struct OutputFileTests {
    private func withFolder(_ body: (Workplace) async throws -> Void) async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", "111122223333,us-east-1,base/go,444455556666,pull")
            try await body(work)
        }
    }

    @Test func `A link is not followed`() async throws {
        try await withFolder { work in
            try work.folder.appending(path: "victim.txt").write("precious\n")
            for target in ["victim.txt", "missing.txt"] {
                let link = work.folder.appending(path: "out.md").path
                try? FileManager.default.removeItem(atPath: link)
                try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
                let result = try await work.ecrShare("plan m.csv --format markdown --output out.md")
                #expect(result.exitStatus == 1 && result.errors.contains("symbolic link"), "\(result.errors)")
                #expect(try work.text(of: "victim.txt") == "precious\n")
                #expect(!FileManager.default.fileExists(atPath: work.folder.appending(path: "missing.txt").path))
            }
        }
    }

    @Test func `A file that waits under a name that could be foreseen is left alone`() async throws {
        try await withFolder { work in
            let line = """
                echo precious >victim.txt
                sh -c 'ln -s victim.txt out.md.partial-$$; exec ecr-share check m.csv --output out.md'
                """
            let result = try await work.shell(line)
            #expect(result.exitStatus == 0, "\(result.errors)")
            #expect(try work.text(of: "victim.txt") == "precious\n")
            #expect(try work.text(of: "out.md").contains("1 row"))
            let left = try FileManager.default.contentsOfDirectory(atPath: work.folder.path)
            #expect(left.filter { $0.contains("partial") }.count == 1, "only the other's link: \(left)")
        }
    }

    @Test func `The system's own links to open streams are followed`() async throws {
        try await withFolder { work in
            for place in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
                let piped = try await work.ecrShare("check m.csv --output \(place)")
                #expect(piped.exitStatus == 0 && piped.output.contains("1 row"), "\(place): \(piped.errors)")
                let file = try await work.shell("ecr-share check m.csv --output \(place) >out.txt; cat out.txt")
                #expect(file.output.contains("1 row"), "\(place): \(file.errors)")
            }
            #expect(try await work.ecrShare("check m.csv --output /dev/null").exitStatus == 0)
        }
    }

    @Test func `Nothing that the command reads or saves is replaced`() async throws {
        try await withFolder { work in
            #expect(try await work.ecrShare("plan m.csv --out plan.jsonl").exitStatus == 0)
            try work.folder.appending(path: "g.csv").write("group,consumer\nteam,444455556666\n")
            try work.folder.appending(path: "list.csv").write("consumer\n444455556666\n")
            try work.folder.appending(path: "ecr-share.yaml").write("allow: [list.csv]\n")
            try FileManager.default.linkItem(
                at: work.folder.appending(path: "m.csv"), to: work.folder.appending(path: "hard.csv"))
            let names = ["m.csv", "plan.jsonl", "g.csv", "list.csv", "ecr-share.yaml"]
            let before = try names.map { try work.text(of: $0) }
            for command in [
                "check m.csv --output m.csv", "check m.csv --output ./m.csv", "check m.csv --output hard.csv",
                "plan m.csv --output m.csv", "plan m.csv --groups g.csv --output g.csv",
                "plan m.csv --output list.csv", "plan m.csv --output ecr-share.yaml",
                "plan m.csv --out new.jsonl --output new.jsonl", "render m.csv --output m.csv",
                "access m.csv --output m.csv", "doctor m.csv --output m.csv", "apply m.csv --yes --output m.csv",
                "apply --plan plan.jsonl --yes --output plan.jsonl", "rollback latest --yes --output ecr-share.yaml",
            ] {
                let result = try await work.ecrShare(command)
                #expect(
                    result.exitStatus == 64 && result.errors.contains("would replace"),
                    "\(command): \(result.errors)")
            }
            #expect(try names.map { try work.text(of: $0) } == before)
            #expect(work.server.cloud.count("SetRepositoryPolicy").total == 0)
        }
    }
}
