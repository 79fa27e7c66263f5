import Foundation
import SimulatedAWS
import Testing

/// What a run does with what it does not know: repositories that could not be listed, accounts that could not be signed
/// in to, repositories that the matrix does not name.
@Suite(.timeLimit(.minutes(5))) struct ListingTests {
    private let registry = "111122223333,us-east-1"
    private static let refusal = Faults(
        FaultRule(
            .refuse(code: "AccessDeniedException", message: "no listing", status: 400),
            target: FaultTarget(operations: ["DescribeRepositories"])))

    @Test func `A listing that fails takes nothing away that a glob grants, and is a problem of the plan`() async throws
    {
        try await withWorkplace { work in
            try work.matrix(
                "m.csv", "\(registry),base/*,444455556666,pull", "\(registry),base/go,555566667777,pull",
                "\(registry),tools/*,444455556666,pull")
            #expect(try await work.ecrShare("apply m.csv --yes").exitStatus == 0)
            let before = work.server.policies
            work.server.cloud.setFaults(Self.refusal)
            let result = try await work.ecrShare("apply m.csv --prune --yes --allow-revocations")
            #expect(result.exitStatus == 3 && result.output.contains("[listing]"), "\(result.output)")
            #expect(work.server.policies == before)
            let json = try await work.ecrShare("plan m.csv --format json")
            #expect(json.exitStatus == 3)
            #expect(
                json.output.contains(
                    #"{"kind":"problem","registry":{"account":"111122223333","region":"us-east-1"},"code":"listing""#))
            // What a glob lists to be removed is removed where it is known, and the rest is reported.
            let removal = try await work.ecrShare("apply m.csv --merge remove --yes --allow-revocations")
            #expect(removal.exitStatus == 3)
            #expect(work.server.policies["111122223333/us-east-1/base/go"] == .some(nil))
            #expect(
                work.server.policies["111122223333/us-east-1/base/node"] == before["111122223333/us-east-1/base/node"])
        }
    }

    @Test func `A plan that could read nothing ends with 1, one whose policies are problems with 3`() async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", "\(registry),base/*,444455556666,pull", "\(registry),base/go,444455556666,pull")
            for command in ["plan m.csv", "apply m.csv --yes"] {
                let result = try await work.ecrShare(command + " --role arn:{partition}:iam::{account}:role/Nobody")
                #expect(result.exitStatus == 1, "\(command): \(result.errors)")
            }
            try work.matrix("absent.csv", "\(registry),base/absent,444455556666,pull")
            for command in ["plan absent.csv", "apply absent.csv --yes"] {
                #expect(try await work.ecrShare(command).exitStatus == 3, "\(command)")
            }
        }
    }

    @Test func `Pruning adopts nothing of what others wrote`() async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", "\(registry),base/go,444455556666,pull")
            let before = work.server.policies["111122223333/us-east-1/base/python"]
            let result = try await work.ecrShare("apply m.csv --prune --adopt --yes --allow-revocations")
            #expect(result.exitStatus == 0, "\(result.errors)")
            #expect(work.server.policies["111122223333/us-east-1/base/python"] == before)
            let named = try await work.ecrShare("plan base-images.csv --adopt")
            #expect(named.output.contains("adopts \"AllowPull\""), "\(named.output)")
        }
    }
}
