import Foundation
import SimulatedAWS
import Testing

/// ECR refuses a whole document for one principal that it does not know, and does not say which.
@Suite struct UnknownPrincipalTests {
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
}
