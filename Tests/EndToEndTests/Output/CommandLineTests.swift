import Foundation
import SimulatedAWS
import Testing

/// Words of the command line that mean nothing, or something else than they seem to.
@Suite(.timeLimit(.minutes(5))) struct CommandLineTests {
    private let row = "111122223333,us-east-1,base/go,444455556666,pull"

    @Test(arguments: [
        ("plan m.csv --merge add --prune", "--prune needs --merge match"),
        ("plan m.csv --merge remove --prune", "--prune needs --merge match"),
        ("apply m.csv --isolate-principals --rollback-on-failure", "cannot be combined"),
        ("apply --plan plan.jsonl --merge add --groups g.csv", "--merge and --groups can only be used with a matrix"),
        ("apply --resume latest --prune", "--prune can only be used with a matrix"),
        ("access m.csv --adopt", "--format csv"),
        ("plan m.csv --out -", "--format json"),
        ("apply plan.jsonl", "ecr-share apply --plan plan.jsonl"),
        ("check plan.jsonl", "is a saved plan"),
        ("plan m.csv --role Operator", "is not the ARN of a role"),
        ("plan m.csv --role arn:aws:iam::{account}:user/x", "is not the ARN of a role"),
        ("apply m.csv --via none", "is not the ARN of a role"),
    ])
    func `What means nothing is refused`(command: String, words: String) async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", row)
            #expect(try await work.ecrShare("plan m.csv --out plan.jsonl").exitStatus == 0)
            let result = try await work.ecrShare(command)
            #expect(result.exitStatus == 64 && result.errors.contains(words), "\(result.errors)")
            #expect(work.server.cloud.count("SetRepositoryPolicy").total == 0)
        }
    }

    @Test(arguments: ["--expect", "--output", "--out"]) func `An empty value is refused`(option: String) async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", row)
            let result = try await Program.ecrShare.run(
                ["plan", "m.csv", option, ""], environment: work.server.environment, folder: work.folder)
            #expect(result.exitStatus == 64 && result.errors.contains("\(option) takes"), "\(result.errors)")
        }
    }

    @Test func `A hyphen for --output is standard output`() async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", row)
            let result = try await work.ecrShare("check m.csv --output -")
            #expect(result.exitStatus == 0 && result.output.contains("1 row"), "\(result.errors)")
            #expect(!FileManager.default.fileExists(atPath: work.folder.appending(path: "-").path))
        }
    }

    @Test func `A word of the command line begins no line of a message`() async throws {
        try await withWorkplace { work in
            for arguments in [
                ["plan", "m.csv", "--x\nerror: y"], ["plan", "m.csv", "--format", "a\n::error::y"],
                ["plan", "m.csv", "--format=a\nerror: y"], ["plan", "m.csv", "more\nerror: y"],
            ] {
                let result = try await Program.ecrShare.run(
                    arguments, environment: work.server.environment, folder: work.folder)
                #expect(result.exitStatus == 64)
                let starts = result.errors.split(separator: "\n").filter {
                    $0.hasPrefix("error: y") || $0.hasPrefix("::")
                }
                #expect(starts.isEmpty && result.errors.hasPrefix("error: "), "\(result.errors)")
            }
        }
    }

    @Test func `A plan that is refused does not tell how to apply it`() async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", row)
            let result = try await work.ecrShare("plan m.csv --out plan.jsonl --max-changes 0")
            #expect(result.exitStatus == 4 && result.errors.hasPrefix("Saved as plan.jsonl.\n"), "\(result.errors)")
            #expect(
                !result.errors.contains("apply --plan") && !result.errors.contains("Nothing was"), "\(result.errors)")
        }
    }

    @Test func `An endpoint of the file that is not used is named`() async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", row)
            try work.folder.appending(path: "ecr-share.yaml").write("endpoint-url: http://127.0.0.1:9\n")
            let result = try await work.ecrShare("plan m.csv --quiet")
            #expect(result.exitStatus == 0)
            #expect(
                result.errors.contains("warning: the endpoint-url of ecr-share.yaml is not used"), "\(result.errors)")
        }
    }

    @Test func `A rollback that has nothing left to undo says so`() async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", row)
            #expect(try await work.ecrShare("apply m.csv --yes").exitStatus == 0)
            #expect(try await work.ecrShare("rollback latest --yes").exitStatus == 0)
            let again = try await work.ecrShare("rollback latest --yes")
            #expect(again.exitStatus == 0)
            #expect(
                again.output.hasPrefix("Nothing to undo: the repository has nothing left of the run."),
                "\(again.output)")
        }
    }

    @Test func `A glob without a match is a warning of the plan, and a message where the form does not show it`()
        async throws
    {
        try await withWorkplace { work in
            try work.matrix("m.csv", row, "111122223333,us-east-1,zz/*,444455556666,pull")
            let words = "zz/* covers no repository"
            for form in ["text", "markdown"] {
                let result = try await work.ecrShare("plan m.csv --format \(form)")
                #expect(result.output.contains(words) && !result.errors.contains(words), "\(form): \(result.errors)")
            }
            for options in ["--format json", "--quiet", "--format html --output page.html"] {
                let result = try await work.ecrShare("plan m.csv \(options)")
                #expect(result.errors.contains("warning: ") && result.errors.contains(words), "\(result.errors)")
                #expect(result.errors.contains("(m.csv:3)"), "\(options): \(result.errors)")
            }
            #expect(try work.text(of: "page.html").contains(words))
            #expect(try await work.ecrShare("plan m.csv --format json").output.contains(words))
        }
    }
}
