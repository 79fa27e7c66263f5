import Foundation
@testable import SimulatedAWS
import Testing

/// `ecr-share.yaml`: what it may say, who wins over it, and what is wrong with a bad one.
@Suite(.timeLimit(.minutes(5))) struct ConfigurationTests {
    @Test(arguments: [
        ("roles: x\n", "ecr-share.yaml:1: unknown key \"roles\""),
        ("role: x\nmax-changes: many\n", "ecr-share.yaml:2: expected a number or a share such as 10%"),
        ("concurrency: 0\n", "ecr-share.yaml:1: expected a number from 1 to 4096"),
        ("adopt: perhaps\n", "ecr-share.yaml:1: expected true or false"),
        ("role: a\nregion: b\nrole: b\n", "ecr-share.yaml:3: \"role\" appears more than once"),
        ("merge: add\naccounts:\n  '111122223333': {role: x}\n  '111122223333': {}\n", "ecr-share.yaml:4: \"1111"),
        ("role: x\nallow: [a, b\nprune: true\n", "ecr-share.yaml:2: not YAML"),
        ("role: x\nbad\nregion: y\n", "ecr-share.yaml:2: not YAML"),
        ("role: x\n\tbad: y\n", "ecr-share.yaml:2: not YAML"),
        ("accounts:\n  1111: {role: x}\n", "ecr-share.yaml:2: \"1111\" is not a 12-digit account id"),
        ("accounts:\n  '111122223333':\n    roles: x\n", "ecr-share.yaml:3: unknown key \"roles\""),
        ("merge: [\n", "ecr-share.yaml:"),
        ("- role\n", "ecr-share.yaml:1: expected a mapping"),
        ("via: none\nrole: Operator\n", "ecr-share.yaml:2: \"Operator\" is not the ARN of a role"),
        ("via: none\n", "ecr-share.yaml:1: \"none\" is not the ARN of a role"),
        ("timeout: 1000\nprofil: x\n", "ecr-share.yaml:2: unknown key \"profil\""),
    ]) func `What is wrong is reported with its line, and nothing is read from AWS`(text: String, problem: String)
        async throws
    {
        try await withWorkplace { work in
            try work.folder.appending(path: "ecr-share.yaml").write(text)
            for command in ["plan base-images.csv", "apply base-images.csv --yes", "check base-images.csv"] {
                let result = try await work.ecrShare(command)
                #expect(result.exitStatus == 1)
                #expect(result.errors.contains(problem), "\(result.errors)")
            }
            #expect(work.server.cloud.totalCount.total == 0)
        }
    }

    @Test func `Every shared option may be in the file`() async throws {
        try await withWorkplace { work in
            try work.folder.appending(path: "ecr-share.yaml").write(
                """
                # All keys at once.
                role: "arn:{partition}:iam::{account}:role/EcrShareOperator"
                session-name: nightly
                session-duration: 900
                region: eu-west-1
                endpoint-url: \(work.server.endpoint)
                timeout: 20
                concurrency: 3
                archive: kept/runs
                groups: groups.csv
                merge: add
                adopt: false
                take-over: false
                prune: false
                sid-prefix: Shared
                max-policy-size: 9000
                allow-revocations: true
                max-changes: 100%
                max-revocations: 10
                max-failures: 5
                canary: 1
                rollback-on-failure: false
                protect:
                  - secret/*
                allow: [444455556666, o-a1b2c3d4e5, "arn:aws:iam::444455556666:role/ci-builder", 555566667777, 666677778888, 777788889999, 888899990000]
                accounts:
                  "222233334444":
                    role: arn:aws:iam::222233334444:role/EcrShareOperator
                    external-id: unused

                """)
            var environment = work.server.environment
            environment["AWS_ENDPOINT_URL"] = nil
            environment["AWS_REGION"] = nil
            let result = try await Program.ecrShare.run(
                ["apply", "platform.csv", "--yes"], environment: environment, folder: work.folder)
            #expect(result.exitStatus == 0, "\(result.errors)")
            #expect(FileManager.default.fileExists(atPath: work.folder.appending(path: "kept/runs/runs").path))
            let policy = work.server.cloud.policyText(account: "111122223333", region: "us-east-1", name: "base/go")
            #expect(policy?.contains("SharedAllowPull") == true, "\(policy ?? "-")")
        }
    }

    @Test func `An account may have a role and an external id of its own`() async throws {
        var world = try World.sandbox()
        world.roles.removeAll { $0.account == "222233334444" }
        world.roles.append(
            Role(account: "222233334444", name: "Shared", trusts: ["999900001111"], externalID: "handshake"))
        try await withWorkplace(world) { work in
            try work.matrix(
                "m.csv", "111122223333,us-east-1,base/go,444455556666,pull",
                "222233334444,us-east-1,tools/lint,444455556666,pull")
            #expect(try await work.ecrShare("plan m.csv").exitStatus == 3)
            try work.folder.appending(path: "own.yaml").write(
                """
                accounts:
                  "222233334444":
                    role: arn:aws:iam::222233334444:role/Shared
                    external-id: handshake

                """)
            let own = try await work.ecrShare("plan m.csv --config own.yaml")
            #expect(own.exitStatus == 0, "\(own.errors)")
            // A flag is for all accounts and wins.
            let flag = try await work.ecrShare("plan m.csv --config own.yaml --external-id other")
            #expect(flag.exitStatus == 3)
        }
    }

    @Test func `A flag wins over a variable and a variable over the file`() async throws {
        try await withWorkplace { work in
            try work.folder.appending(path: "ecr-share.yaml").write(
                "endpoint-url: http://127.0.0.1:1\nmax-changes: 1\ntimeout: 20\n")
            #expect(try await work.ecrShare("plan base-images.csv --max-changes 100").exitStatus == 0, "the variable")
            let flag = try await work.ecrShare(
                "plan base-images.csv --max-changes 100 --endpoint-url \(work.server.endpoint)",
                environment: ["AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_ECR": "http://127.0.0.1:1"])
            #expect(flag.exitStatus == 0, "\(flag.errors)")
            #expect(try await work.ecrShare("plan base-images.csv").exitStatus == 4)
            #expect(try await work.ecrShare("apply base-images.csv --yes").exitStatus == 4)
            #expect(try await work.ecrShare("apply base-images.csv --yes --max-changes 100").exitStatus == 0)
        }
    }
}
