import Foundation
@testable import SimulatedAWS
import Testing

/// The main job with the built program against SimulatedAWS: check, plan, apply, a second plan, runs, rollback.
@Suite struct MainJobTests {
    private let matrix = "platform.csv --groups groups.csv"

    @Test func `A rollout is planned, applied, settled and rolled back`() async throws {
        try await withWorkplace { work in
            let before = work.server.policies

            let plan = try await work.ecrShare("plan \(matrix) --detailed-exitcode")
            #expect(plan.exitStatus == 2, "\(plan.errors)")
            #expect(plan.output.contains("Plan:"))
            #expect(work.server.policies == before, "a plan wrote something")

            let apply = try await work.ecrShare("apply \(matrix) --yes")
            #expect(apply.exitStatus == 0, "\(apply.errors)")
            #expect(work.server.policies != before)
            let writes = work.server.cloud.count("SetRepositoryPolicy").total
            #expect(writes > 0)

            let second = try await work.ecrShare("plan \(matrix) --detailed-exitcode")
            #expect(second.exitStatus == 0, "\(second.output)")
            let again = try await work.ecrShare("apply \(matrix) --yes")
            #expect(again.exitStatus == 0)
            #expect(work.server.cloud.count("SetRepositoryPolicy").total == writes, "the second run wrote")

            let runs = try await work.ecrShare("runs")
            #expect(runs.output.contains("share platform.csv: completed"), "\(runs.output)")

            let rollback = try await work.ecrShare("rollback latest --yes")
            #expect(rollback.exitStatus == 0, "\(rollback.errors)")
            #expect(work.server.policies == before, "the rollback left something behind")

            let done = try await work.ecrShare("rollback latest --yes")
            #expect(done.exitStatus == 0 && work.server.policies == before, "latest is the run, not its rollback")
            let redo = try await work.ecrShare("rollback \(try #require(try work.runs().last)) --yes")
            #expect(redo.exitStatus == 0, "\(redo.errors)")
            let third = try await work.ecrShare("plan \(matrix) --detailed-exitcode")
            #expect(third.exitStatus == 0, "a rollback can be rolled back")
        }
    }

    @Test func `Exactly the saved plan is applied, and a cut or edited one is refused`() async throws {
        try await withWorkplace { work in
            let before = work.server.policies
            let plan = try await work.ecrShare("plan \(matrix) --out plan.jsonl")
            #expect(plan.exitStatus == 0, "\(plan.errors)")
            let text = try work.text(of: "plan.jsonl")

            let file = work.folder.appending(path: "edited.jsonl")
            try file.write(text.replacing("444455556666", with: "123412341234"))
            let edited = try await work.ecrShare("apply --plan edited.jsonl --yes")
            #expect(edited.exitStatus == 1)
            try file.write(String(text.dropLast(200)))
            let cut = try await work.ecrShare("apply --plan edited.jsonl --yes")
            #expect(cut.exitStatus == 1)
            let unexpected = try await work.ecrShare(
                "apply --plan plan.jsonl --yes --expect \(String(repeating: "0", count: 64))")
            #expect(unexpected.exitStatus == 4)
            #expect(work.server.policies == before, "a refused plan wrote something")

            let applied = try await work.ecrShare("apply --plan plan.jsonl --yes")
            #expect(applied.exitStatus == 0, "\(applied.errors)")
            let second = try await work.ecrShare("plan \(matrix) --detailed-exitcode")
            #expect(second.exitStatus == 0)
        }
    }

    @Test func `A plan has the same bytes whatever the concurrency`() async throws {
        try await withWorkplace { work in
            var plans: [String] = []
            for concurrency in [1, 64] {
                let result = try await work.ecrShare("plan \(matrix) --format json --concurrency \(concurrency)")
                #expect(result.exitStatus == 0, "\(result.errors)")
                // Only the header differs, by its id and time.
                plans.append(result.output.split(separator: "\n").dropFirst().joined(separator: "\n"))
            }
            #expect(plans[0] == plans[1])
            #expect(plans[0].contains(#"{"kind":"change","repository":{"account":"111122223333""#))
        }
    }

    @Test func `A repository that fails does not stop the others and is named with its cause`() async throws {
        let faults = Faults(
            FaultRule(
                .refuse(code: "AccessDeniedException", message: "User is not authorized"),
                target: FaultTarget(operations: ["SetRepositoryPolicy"], repositories: ["base/java"])))
        try await withWorkplace(faults: faults) { work in
            let result = try await work.ecrShare("apply base-images.csv --yes")
            #expect(result.exitStatus == 3)
            #expect(result.errors.contains("111122223333 us-east-1 base/java"), "\(result.errors)")
            #expect(result.errors.contains("AccessDeniedException"))
            let policy = work.server.cloud.policyText(account: "111122223333", region: "us-east-1", name: "base/go")
            #expect(policy?.contains("EcrShareAllowPull") == true)
        }
    }

    @Test func `A failed read is never an empty policy`() async throws {
        let effects: [FaultRule.Effect] = [
            .refuse(code: "AccessDeniedException", message: "no"), .serverError(body: .html), .cut, .corrupt,
        ]
        for effect in effects {
            let faults = Faults(
                FaultRule(
                    effect, target: FaultTarget(operations: ["GetRepositoryPolicy"], repositories: ["base/java"])))
            try await withWorkplace(faults: faults) { work in
                let before = work.server.policies
                let result = try await work.ecrShare("apply base-images.csv --yes")
                #expect(result.exitStatus == 3, "\(result.errors)")
                let after = work.server.policies
                for (repository, policy) in after where repository.contains("base/java") {
                    #expect(policy == before[repository], "\(repository) was written without being read")
                }
            }
        }
    }

    @Test func `A role that cannot be assumed names the account, the role, the caller and what is missing`()
        async throws
    {
        var world = try World.sandbox()
        world.roles.removeAll { $0.account == "222233334444" }
        try await withWorkplace(world) { work in
            let result = try await work.ecrShare("plan \(matrix)")
            #expect(result.exitStatus == 3)
            for part in [
                "222233334444", "arn:aws:iam::222233334444:role/EcrShareOperator", "user/platform", "sts:AssumeRole",
                "\"Principal\"",
            ] {
                // The lines of the plan's text break between words.
                #expect(result.output.contains(part), "\(part) is missing in: \(result.output)")
            }
            #expect(result.errors.contains("(AccessDenied)"), "\(result.errors)")
            #expect(result.output.contains("111122223333"), "the other account is planned all the same")
        }
    }

    @Test func `Access is not taken away without a word`() async throws {
        try await withWorkplace { work in
            try work.matrix(
                "more.csv", "111122223333,us-east-1,base/go,444455556666,pull",
                "111122223333,us-east-1,base/go,555566667777,pull")
            try work.matrix("less.csv", "111122223333,us-east-1,base/go,444455556666,pull")
            #expect(try await work.ecrShare("apply more.csv --yes").exitStatus == 0)
            let refused = try await work.ecrShare("apply less.csv --yes")
            #expect(refused.exitStatus == 4)
            #expect(refused.errors.contains("--allow-revocations"), "\(refused.errors)")
            let silent = try await work.ecrShare("apply less.csv")
            #expect(silent.exitStatus == 4, "there is nobody to ask")
            #expect(try await work.ecrShare("apply less.csv --yes --allow-revocations").exitStatus == 0)
            let added = try await work.ecrShare("plan less.csv --merge add --detailed-exitcode")
            #expect(added.exitStatus == 0)
        }
    }

    @Test func `What the archive holds is for its owner only`() async throws {
        try await withWorkplace { work in
            _ = try await work.ecrShare("apply base-images.csv --yes")
            let run = try #require(try work.runs().first)
            func mode(_ path: String) throws -> Int {
                let attributes = try FileManager.default.attributesOfItem(
                    atPath: work.folder.appending(path: path).path)
                return attributes[.posixPermissions] as? Int ?? 0
            }
            #expect(try mode(".ecr-share") == 0o700)
            #expect(try mode(".ecr-share/runs/\(run)") == 0o700)
            #expect(try mode(".ecr-share/runs/\(run)/plan.jsonl") == 0o600)
            #expect(try mode(".ecr-share/runs/\(run)/journal.jsonl") == 0o600)
            for file in ["plan", "journal"] {
                let text = try work.text(of: ".ecr-share/runs/\(run)/\(file).jsonl")
                #expect(!text.contains(AccessKey.platform.secret))
            }
        }
    }
}
