import Foundation
@testable import SimulatedAWS
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

extension ListingTests {
    @Test func `A repository that the matrix has lost is named in every form, until its grants are pruned`()
        async throws
    {
        try await withWorkplace { work in
            try work.matrix(
                "m.csv", "111122223333,us-east-1,base/go,444455556666,pull",
                "222233334444,us-east-1,tools/lint,444455556666,pull",
                "222233334444,us-east-1,tools/lint,555566667777,push")
            #expect(try await work.ecrShare("apply m.csv --yes").exitStatus == 0)
            try work.matrix("m.csv", "111122223333,us-east-1,base/go,444455556666,pull")
            let words = "managed statements still grant pull to 444455556666 and push to 555566667777; --prune"
            for form in ["text", "markdown", "html"] {
                let plan = try await work.ecrShare("plan m.csv --format \(form)", environment: ["COLUMNS": "400"])
                #expect(plan.exitStatus == 0 && plan.output.contains(words), "\(form): \(plan.output)")
            }
            let json = try await work.ecrShare("plan m.csv --format json")
            #expect(json.output.contains(#"{"kind":"orphan","repository":{"account":"222233334444""#))
            // It is nothing that a plan would do, so the digest is that of somebody without the archive.
            let stranger = try await work.ecrShare("plan m.csv --format json --archive elsewhere")
            #expect(!stranger.output.contains("orphan"))
            #expect(
                json.output.split(separator: "\n").last?.contains("digest") == true
                    && json.output.split(separator: "\n").last == stranger.output.split(separator: "\n").last)
            // A plan with orphans can be saved and applied.
            #expect(try await work.ecrShare("plan m.csv --out p.jsonl").exitStatus == 0)
            #expect(try await work.ecrShare("apply --plan p.jsonl --yes").exitStatus == 0)

            let pruned = try await work.ecrShare("apply m.csv --prune --yes --allow-revocations")
            #expect(pruned.exitStatus == 0, "\(pruned.errors)")
            #expect(work.server.policies["222233334444/us-east-1/tools/lint"] == .some(nil))
            #expect(!(try await work.ecrShare("plan m.csv")).output.contains("no longer in the matrix"))
            #expect(try await work.ecrShare("apply m.csv --prune --yes --allow-revocations").exitStatus == 0)
        }
    }

    @Test func `What a registry policy denies is a warning and no certain gain; one that may not be read is a note`()
        async throws
    {
        var world = try World.sandbox()
        let deny =
            #"{"Version":"2012-10-17","Statement":[{"Sid":"NoPull","Effect":"Deny","Principal":{"AWS":"#
            + #""arn:aws:iam::444455556666:root"},"Action":"ecr:BatchGetImage","#
            + #""Resource":"arn:aws:ecr:us-east-1:111122223333:repository/base/*"}]}"#
        world.registryPolicies = [RegistryAddress(account: "111122223333", region: "us-east-1"): deny]
        try await withWorkplace(world) { work in
            try work.matrix("m.csv", "\(registry),base/go,444455556666,pull", "\(registry),base/go,555566667777,pull")
            let plan = try await work.ecrShare("plan m.csv --out p.jsonl", environment: ["COLUMNS": "400"])
            #expect(plan.exitStatus == 0, "\(plan.errors)")
            #expect(plan.output.contains("statement \"NoPull\" of the registry policy denies pull to 444455556666"))
            #expect(
                plan.output.contains("555566667777 gains pull") && !plan.output.contains("444455556666 gains pull\n"))
            #expect(
                plan.output.contains("444455556666 gains ecr:BatchCheckLayerAvailability ecr:GetDownloadUrlForLayer"))
            #expect(try await work.ecrShare("apply --plan p.jsonl --yes").exitStatus == 0)
            // It is reported for what is there already as well.
            let again = try await work.ecrShare("plan m.csv", environment: ["COLUMNS": "400"])
            #expect(again.output.contains("of the registry policy denies pull to 444455556666"))

            work.server.cloud.setFaults(
                Faults(
                    FaultRule(
                        .refuse(code: "AccessDeniedException", message: "no", status: 400),
                        target: FaultTarget(operations: ["GetRegistryPolicy"]))))
            let blind = try await work.ecrShare("plan m.csv", environment: ["COLUMNS": "400"])
            #expect(blind.exitStatus == 0, "\(blind.errors)")
            #expect(blind.output.contains("whether the registry's own policy denies anything was not checked"))

            // Without an archive nobody knows what there is to prune; a plan that takes nothing away only says so.
            try "".write(to: work.folder.appending(path: "file"), atomically: true, encoding: .utf8)
            let untold = try await work.ecrShare("plan m.csv --archive file", environment: ["COLUMNS": "400"])
            #expect(untold.exitStatus == 0, "\(untold.errors)")
            #expect(untold.output.contains("so grants of earlier runs may be left"))
            let prune = try await work.ecrShare("plan m.csv --archive file --prune")
            #expect(prune.exitStatus == 1 && prune.errors.contains("file"), "\(prune.errors)")
        }
    }
}
