import Foundation
@testable import SimulatedAWS
import Testing

/// What fails in the same way in many places is reported once, with its cause, and never hidden.
@Suite(.timeLimit(.minutes(5))) struct SaidOnceTests {
    private static let noCredentials = [
        "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_EC2_METADATA_DISABLED": "true",
    ]

    private func occurrences(of word: String, in text: String) -> Int {
        text.components(separatedBy: word).count - 1
    }

    @Test(arguments: ["plan m.csv", "plan m.csv --quiet", "apply m.csv --yes", "access m.csv"])
    func `Without credentials there is one message and no plan`(command: String) async throws {
        try await withWorkplace { work in
            try work.matrix(
                "m.csv", "111122223333,us-east-1;eu-west-1,base/*,444455556666,pull",
                "222233334444,us-east-1,base/go,444455556666,pull")
            let result = try await work.ecrShare(command, environment: Self.noCredentials)
            #expect(result.exitStatus == 1 && result.output.isEmpty, "\(result.output)")
            #expect(occurrences(of: "no AWS credentials", in: result.errors) == 1, "\(result.errors)")
            #expect(!result.errors.contains(#"\n"#), "\(result.errors)")
            #expect(result.errors.contains("\n  environment variables: "), "\(result.errors)")
            #expect(try work.runs().isEmpty)
        }
    }

    @Test func `A role that is refused everywhere is one message and no plan`() async throws {
        try await withWorkplace { work in
            try work.matrix(
                "m.csv", "111122223333,us-east-1,base/*,444455556666,pull",
                "222233334444,us-east-1;eu-west-1,base/*,444455556666,pull",
                "222233334444,us-east-1,base/go,444455556666,pull")
            let nobody = "--role arn:{partition}:iam::{account}:role/Nobody"
            for command in ["plan m.csv \(nobody)", "apply m.csv --yes \(nobody)", "access m.csv \(nobody)"] {
                let result = try await work.ecrShare(command)
                #expect(result.exitStatus == 1, "\(result.errors)")
                #expect(occurrences(of: "may not assume", in: result.errors) == 1, "\(result.errors)")
                #expect(occurrences(of: "may not assume", in: result.output) == 0, "\(result.output)")
                #expect(result.errors.contains("role/Nobody in account {account}"), "\(result.errors)")
            }
        }
    }

    @Test
    func `A role that is refused in one account is reported once, and the last line says why it ends with 3`()
        async throws
    {
        try await withWorkplace { work in
            try work.matrix(
                "m.csv", "111122223333,us-east-1,base/go,444455556666,pull",
                "222233334444,us-east-1;eu-west-1,base/*,444455556666,pull",
                "222233334444,us-east-1,base/go,444455556666,pull")
            try work.folder.appending(path: "ecr-share.yaml").write(
                "accounts:\n  '222233334444': {role: 'arn:aws:iam::222233334444:role/Nobody'}\n")
            for command in ["plan m.csv", "apply m.csv --yes"] {
                let result = try await work.ecrShare(command)
                #expect(result.exitStatus == 3)
                #expect(occurrences(of: "may not", in: result.output) == 1, "\(result.output)")
                #expect(occurrences(of: "may not", in: result.errors) == 0, "\(result.errors)")
                #expect(
                    result.errors.hasSuffix(
                        "error: 3 problems: 2 registries and 1 repository are left out of the plan (AccessDenied)\n"),
                    "\(result.errors)")
            }
            // The plan has no request ids; who asks for details gets one as an example.
            let verbose = try await work.ecrShare("plan m.csv --verbose")
            #expect(occurrences(of: "request id", in: verbose.output) == 0, "\(verbose.output)")
            #expect(occurrences(of: "AccessDenied: request id ", in: verbose.errors) == 1, "\(verbose.errors)")
            // The others do not show it, or not here.
            for command in ["plan m.csv --quiet", "plan m.csv --format json", "plan m.csv --output plan.txt"] {
                let result = try await work.ecrShare(command)
                #expect(result.exitStatus == 3)
                #expect(occurrences(of: "may not assume", in: result.errors) == 1, "\(result.errors)")
                #expect(occurrences(of: "(request id ", in: result.errors) == 1, "\(result.errors)")
            }
            let resumed = try await work.ecrShare("apply --resume latest")
            #expect(resumed.exitStatus == 1 && resumed.errors.contains("is complete"), "\(resumed.errors)")
        }
    }

    @Test func `An apply that fails alike everywhere says it once, in quiet too`() async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", "111122223333,us-east-1,base/*,444455556666,pull")
            work.server.cloud.setFaults(
                Faults(
                    FaultRule(
                        .refuse(code: "AccessDeniedException", message: "no writing", status: 400),
                        target: FaultTarget(operations: ["SetRepositoryPolicy"]))))
            for command in ["apply m.csv --yes --max-failures 1000", "apply m.csv --yes --quiet --max-failures 1000"] {
                let result = try await work.ecrShare(command)
                #expect(result.exitStatus == 3)
                #expect(occurrences(of: "no writing", in: result.errors) == 1, "\(result.errors)")
                #expect(occurrences(of: "request id", in: result.errors) == 1, "\(result.errors)")
                #expect(result.errors.contains("repositories in 111122223333 us-east-1 (base/"), "\(result.errors)")
                #expect(result.errors.contains("ecr-share apply --resume"), "\(result.errors)")
                #expect(!result.errors.contains("To undo"), "nothing was written: \(result.errors)")
            }
            let shown = try await work.ecrShare("runs show latest")
            #expect(occurrences(of: "no writing", in: shown.output) == 1, "\(shown.output)")
            #expect(shown.output.contains("\nNot done\n") && !shown.output.contains("Access given"), "\(shown.output)")
        }
    }

    @Test func `Quiet says which principal ECR may not know`() async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", "111122223333,us-east-1,base/go,444455556666,pull")
            work.server.cloud.setFaults(
                Faults(
                    FaultRule(
                        .refuse(
                            code: "InvalidParameterException", message: "Principal not found", status: 400),
                        target: FaultTarget(operations: ["SetRepositoryPolicy"]))))
            let result = try await work.ecrShare("apply m.csv --yes --quiet --max-failures 1")
            #expect(result.exitStatus == 3 && result.errors.contains("444455556666 (m.csv:2)"), "\(result.errors)")
        }
    }
}
