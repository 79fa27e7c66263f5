import Foundation
import OrderedJSON
import SharePlan
@testable import SimulatedAWS
import Testing

/// What others wrote (policies, AWS, files, the command line) can neither steer a terminal nor command a CI system.
@Suite(.timeLimit(.minutes(5))) struct HostileTextTests {
    private static let hostile =
        "x\u{1B}[2J\u{1B}[1;1H\u{1B}]0;owned\u{7}\u{9B}31m\n::error::forged\r\n::stop-commands::t\n##[error]y\u{202E}z\u{2028}"
        + "\u{200B}##vso[task.setvariable variable=a]b"

    /// `isPage` is for a page of HTML, which no CI system reads as a log.
    private func expectHarmless(_ result: Program.Result, isPage: Bool = false) {
        for text in [result.output, result.errors] {
            let odd = text.unicodeScalars.filter { scalar in
                switch scalar.properties.generalCategory {
                case .control: scalar != "\n"
                case .format, .lineSeparator, .paragraphSeparator: true
                default: false
                }
            }
            #expect(odd.isEmpty, "\(text.debugDescription)")
            for line in text.split(separator: "\n") {
                #expect(!line.drop(while: \.isWhitespace).hasPrefix("::"), "\(line)")
                #expect(isPage || !(line.contains("##[") || line.contains("##vso[")), "\(line)")
            }
        }
    }

    private func policy(_ sid: String) -> String {
        let statement: JSONValue = [
            "Sid": .string(sid), "Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage",
        ]
        let document: JSONValue = ["Version": "2012-10-17", "Statement": [statement]]
        return document.minified
    }

    private let repository = RepositoryAddress(account: "111122223333", region: "us-east-1", name: "base/go")

    @Test func `A hostile Sid in plans, conflicts, access and reports`() async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", "111122223333,us-east-1,base/go,444455556666,pull")
            #expect(try await work.ecrShare("plan m.csv --out plan.jsonl").exitStatus == 0)
            work.server.cloud.editPolicy(of: repository, to: policy(Self.hostile))
            let conflict = try await work.ecrShare("apply --plan plan.jsonl --yes")
            #expect(conflict.exitStatus == 3 && conflict.errors.contains("found: 1 statement"))
            expectHarmless(conflict)
            for command in [
                "plan m.csv", "plan m.csv --verbose", "plan m.csv --format markdown", "plan m.csv --format html",
                "plan m.csv --format aws-cli", "access m.csv", "access m.csv --format csv", "runs", "runs show latest",
                "rollback latest --yes", "doctor m.csv",
            ] { expectHarmless(try await work.ecrShare(command), isPage: command.hasSuffix("html")) }
            work.server.cloud.editPolicy(of: repository, to: "no policy \(Self.hostile)")
            expectHarmless(try await work.ecrShare("apply --plan plan.jsonl --yes"))
        }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
    func `JSON on a terminal has escapes for what cannot be seen, and means the same`() async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", "111122223333,us-east-1,base/go,444455556666,pull")
            work.server.cloud.editPolicy(of: repository, to: policy("a\u{202E}\u{9B}b"))
            let piped = try await work.ecrShare("plan m.csv --format json --no-progress --quiet")
            #expect(piped.output.contains("a\u{202E}\u{9B}b"))
            let command = "\(Program.ecrShare.executable.path) plan m.csv --format json --no-progress --quiet"
            let shown = try await Program(executable: URL(filePath: "/usr/bin/script")).run(
                ["-qec", command, "/dev/null"], environment: work.server.environment.merging(["TERM": "dumb"]) { $1 },
                folder: work.folder)
            #expect(shown.output.contains(#"a\u202e\u009bb"#) && !shown.output.contains("\u{202E}"), "\(shown.output)")
        }
    }

    @Test func `Hostile words of AWS`() async throws {
        for operation in ["GetRepositoryPolicy", "DescribeRepositories", "AssumeRole", "SetRepositoryPolicy"] {
            let faults = Faults(
                FaultRule(
                    .refuse(code: "AccessDeniedException", message: Self.hostile),
                    target: FaultTarget(operations: [operation])))
            try await withWorkplace(faults: faults) { work in
                try work.matrix("m.csv", "111122223333,us-east-1,base/*,444455556666,pull")
                for command in ["plan m.csv", "access m.csv", "doctor m.csv", "apply m.csv --yes"] {
                    let result = try await work.ecrShare(command)
                    expectHarmless(result)
                }
            }
        }
    }

    @Test func `Hostile names of files, keys, values and options`() async throws {
        try await withWorkplace { work in
            func run(_ arguments: String...) async throws {
                let result = try await Program.ecrShare.run(
                    arguments, environment: work.server.environment, folder: work.folder)
                #expect(result.exitStatus != 0)
                expectHarmless(result)
            }
            let name = "::error::x\u{1B}[2J\u{202E}.csv"
            try work.folder.appending(path: name)
                .write("owner_account,region,repository,consumer,access\n1,2,3,4,\u{9B}\n")
            try await run("check", name)
            try await run("check", Self.hostile)
            try await run("plan", name, "--groups", Self.hostile)
            try await run(Self.hostile)
            try await run("plan", "base-images.csv", "--\(Self.hostile)")
            try await run("plan", "base-images.csv", "--format", Self.hostile)
            try await run("plan", "base-images.csv", "--max-changes", Self.hostile)
            try await run("apply", "--plan", Self.hostile)
            try await run("rollback", Self.hostile)
            try await run("rollback", "latest", "--consumer", Self.hostile)
            try await run("runs", "show", Self.hostile)
            try await run("access", "--account", Self.hostile, "--owner-region", "us-east-1")
            try await run("plan", "base-images.csv", "--role", "arn:aws:iam::{account}:role/\(Self.hostile)")
            for text in [
                #""pro\e[2Jfile\n::error::y": x"#, #"merge: "\e[2J\n::error::y""#, #"protect: ["\e[2J\n::error::y"]"#,
                #"allow: ["\e[2J\n::error::y.csv"]"#, #"role: "arn:aws:iam::1:role/\e[2J\n::error::y""#, "::error::x",
                #"allow-region: ["\e[2J"]"#, #"accounts: {"\e[2J": {}}"#, "\"a\": [\n::error::",
            ] {
                try work.folder.appending(path: "ecr-share.yaml").write(text + "\n")
                try await run("apply", "base-images.csv", "--yes")
            }
        }
    }
}
