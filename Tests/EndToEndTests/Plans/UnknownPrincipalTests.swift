import Foundation
@testable import SimulatedAWS
import Testing

/// ECR refuses a whole document for one principal that it does not know, and does not say which.
@Suite(.timeLimit(.minutes(5))) struct UnknownPrincipalTests {
    private func withUnknownAccount(_ body: @Sendable (Workplace) async throws -> Void) async throws {
        var world = try World.sandbox()
        world.principals.missing = ["666677778888"]
        try await withWorkplace(world) { work in
            try work.matrix(
                "matrix.csv",
                "111122223333,us-east-1,base/go,444455556666,pull", "111122223333,us-east-1,base/go,555566667777,push",
                "111122223333,us-east-1,base/go,666677778888,pull", "111122223333,us-east-1,base/go,777788889999,pull",
                "111122223333,us-east-1,base/node,444455556666,pull")
            try await body(work)
        }
    }

    private func policy(_ work: Workplace, _ name: String) -> String {
        work.server.cloud.policyText(account: "111122223333", region: "us-east-1", name: name) ?? ""
    }

    @Test func `The suspects are named with their lines, and the other repositories are done`() async throws {
        try await withUnknownAccount { work in
            let result = try await work.ecrShare("apply matrix.csv --yes")
            #expect(result.exitStatus == 3)
            #expect(result.errors.contains("Principal not found"), "\(result.errors)")
            #expect(result.errors.contains("666677778888 (matrix.csv:4)"), "\(result.errors)")
            #expect(policy(work, "base/node").contains("444455556666"))
            #expect(!policy(work, "base/go").contains("EcrShare"))
        }
    }

    @Test func `They are found by trial, everything else is granted, and both runs can be undone`() async throws {
        try await withUnknownAccount { work in
            let before = work.server.policies
            let result = try await work.ecrShare("apply matrix.csv --yes --isolate-principals")
            #expect(result.exitStatus == 3)
            #expect(
                result.errors.contains("ECR does not know 666677778888 (matrix.csv:4)\n"), "\(result.errors)")
            let granted = policy(work, "base/go")
            #expect(
                granted.contains("444455556666") && granted.contains("555566667777") && granted.contains("777788889999")
            )
            #expect(!granted.contains("666677778888"))

            let runs = try work.runs()
            #expect(runs.count == 2)
            for run in runs.reversed() {
                let rollback = try await work.ecrShare("rollback \(run) --yes")
                #expect(rollback.exitStatus == 0, "\(rollback.errors)")
            }
            #expect(work.server.policies == before)
        }
    }

    /// The search writes by the same rules as every other write: what somebody else writes meanwhile stays, and a lost
    /// answer is settled by reading.
    @Test(arguments: [FaultRule.Effect.resetAfterWork, .cut, .serverError(status: 504, afterWork: true)])
    func `A lost answer during the search is settled, and both runs can be undone`(effect: FaultRule.Effect)
        async throws
    {
        try await withUnknownAccount { work in
            let before = work.server.policies
            work.server.cloud.setFaults(
                Faults(FaultRule(effect, target: FaultTarget(operations: ["SetRepositoryPolicy"]), skip: 3, count: 2)))
            let result = try await work.ecrShare("apply matrix.csv --yes --isolate-principals --timeout 5")
            work.server.cloud.setFaults(Faults())
            #expect(result.exitStatus == 3, "\(result.errors)")
            #expect(!policy(work, "base/go").contains("666677778888"))
            for run in try work.runs().reversed() {
                let rollback = try await work.ecrShare("rollback \(run) --yes")
                #expect(rollback.exitStatus == 0, "\(rollback.errors)")
            }
            #expect(work.server.policies == before)
        }
    }

    @Test func `What somebody writes during the search is kept`() async throws {
        let foreign =
            #"{"Version":"2008-10-17","Statement":[{"Sid":"LambdaECRImageRetrievalPolicy","Effect":"Allow","Principal":"#
            + #"{"Service":"lambda.amazonaws.com"},"Action":["ecr:BatchGetImage","ecr:SetRepositoryPolicy"]}]}"#
        // After the other reads comes a write that ECR takes: an edit in between is lost to any client, since ECR's
        // writes know no condition.
        for reads in [2, 3, 5, 6, 8] {
            try await withUnknownAccount { work in
                var faults = Faults()
                faults.foreignWriters = [
                    Faults.ForeignWriter(
                        afterRead: reads, policy: foreign, target: FaultTarget(repositories: ["base/go"]))
                ]
                work.server.cloud.setFaults(faults)
                let result = try await work.ecrShare("apply matrix.csv --yes --isolate-principals")
                #expect(result.exitStatus == 3, "\(result.errors)")
                #expect(
                    policy(work, "base/go").contains("LambdaECRImageRetrievalPolicy"),
                    "lost after read \(reads): \(result.errors)")
            }
        }
    }

    /// The trial with the policy as it is comes first, so that nobody of the matrix is blamed for it.
    @Test(arguments: ["AROAEXAMPLEID12345678", "arn:aws:iam::333344445555:role/Gone"])
    func `A principal in somebody else's statement is blamed on that statement`(gone: String) async throws {
        var world = try World.sandbox()
        world.principals.missing = [gone]
        try await withWorkplace(world) { work in
            work.server.cloud.editPolicy(
                of: RepositoryAddress(account: "111122223333", region: "us-east-1", name: "base/go"),
                to: #"{"Version":"2012-10-17","Statement":[{"Sid":"Other team","Effect":"Allow","Principal":{"AWS":"#
                    + #"["\#(gone)","arn:aws:iam::222233334444:root"]},"Action":"ecr:BatchGetImage"}]}"#)
            let before = work.server.policies
            try work.matrix(
                "matrix.csv", "111122223333,us-east-1,base/go,444455556666,pull",
                "111122223333,us-east-1,base/go,555566667777,pull")
            let plain = try await work.ecrShare("apply matrix.csv --yes")
            #expect(plain.exitStatus == 3)
            let suspect =
                gone.hasPrefix("AROA") ? "\(gone) in the foreign statement" : "a principal of"
            #expect(plain.errors.contains("\(suspect) \"Other team\""), "\(plain.errors)")
            #expect(plain.errors.contains("unless it is one of a foreign statement") == gone.hasPrefix("AROA"))
            let isolated = try await work.ecrShare("apply matrix.csv --yes --isolate-principals")
            #expect(isolated.exitStatus == 3)
            #expect(isolated.errors.contains("is in \"Other team\""), "\(isolated.errors)")
            #expect(!isolated.errors.contains("ECR does not know 444455556666"), "\(isolated.errors)")
            #expect(work.server.policies == before)
        }
    }

    @Test func `The search may use the size that the apply was allowed`() async throws {
        try await withUnknownAccount { work in
            let long = String(repeating: "x", count: 9_450)
            let foreign =
                #"{"Version":"2012-10-17","Statement":[{"Sid":"Tag","Effect":"Deny","Principal":"*","Action":"ecr:PutImage","#
                + #""Condition":{"StringEquals":{"aws:PrincipalTag/t":"\#(long)"}}}]}"#
            work.server.cloud.editPolicy(
                of: RepositoryAddress(account: "111122223333", region: "us-east-1", name: "base/go"), to: foreign)
            let plain = try await work.ecrShare("plan matrix.csv")
            #expect(plain.exitStatus == 3 && plain.output.contains("characters"), "\(plain.output)")
            let result = try await work.ecrShare("apply matrix.csv --yes --isolate-principals --max-policy-size 10240")
            #expect(result.exitStatus == 3)
            #expect(result.errors.contains("ECR does not know 666677778888 (matrix.csv:4)\n"), "\(result.errors)")
            #expect(policy(work, "base/go").contains("444455556666"))
        }
    }

    @Test func `A search that is killed is undone`() async throws {
        for trials in 2...5 {
            try await withUnknownAccount { work in
                let before = work.server.policies
                var faults = Faults()
                faults.latencyMilliseconds = 40
                work.server.cloud.setFaults(faults)
                let running = try Program.ecrShare.start(
                    ["apply", "matrix.csv", "--yes", "--isolate-principals"], environment: work.server.environment,
                    folder: work.folder)
                while running.process.isRunning, work.server.cloud.count("SetRepositoryPolicy").total < 1 + trials {
                    try await Task.sleep(for: .milliseconds(1))
                }
                kill(running.process.processIdentifier, SIGKILL)
                _ = await running.result()
                work.server.cloud.setFaults(Faults())
                for run in try work.runs().reversed() {
                    let rollback = try await work.ecrShare("rollback \(run) --yes")
                    #expect(rollback.exitStatus == 0, "\(rollback.errors)")
                }
                #expect(work.server.policies == before, "after \(trials) trials")
            }
        }
    }
}
