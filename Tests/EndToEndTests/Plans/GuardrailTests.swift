import AWSValues
import Foundation
import SharePlan
import TestSupport
@testable import SimulatedAWS
import Testing

/// What a run may do at most: refusals end with 4, say the numbers, and write nothing.
@Suite(.timeLimit(.minutes(5))) struct GuardrailTests {
    @Test(arguments: [
        ("--max-changes 3", "16 of 16 repositories, more than --max-changes 3"),
        ("--max-changes 50%", "16 of 16 repositories, more than --max-changes 50%"),
        (
            "--expect 0000000000000000000000000000000000000000000000000000000000000000",
            "is not the plan that was reviewed"
        ),
    ]) func `A plan beyond its limits is refused with the numbers`(options: String, words: String) async throws {
        try await withWorkplace { work in
            try work.rollout()
            let before = work.server.policies
            let result = try await work.ecrShare("apply rollout.csv --yes \(options)")
            #expect(result.exitStatus == 4)
            #expect(result.errors.contains(words), "\(result.errors)")
            #expect(result.errors.contains("Nothing was written"))
            #expect(work.server.policies == before)
            #expect(try work.runs().isEmpty)
        }
    }

    @Test func `Revocations are held against a number of grants or a share of repositories`() async throws {
        try await withWorkplace { work in
            try work.rollout()
            #expect(try await work.ecrShare("apply rollout.csv --yes").exitStatus == 0)
            try work.matrix(
                "less.csv", "111122223333,us-east-1;eu-west-1,base/java,444455556666,pull",
                "111122223333,us-east-1;eu-west-1,base/go,444455556666,pull")
            let all = "apply less.csv --yes --allow-revocations"
            for (limit, refuses) in [("1", true), ("3", true), ("4", false)] {
                let before = work.server.policies
                let result = try await work.ecrShare("\(all) --max-revocations \(limit)")
                #expect(result.exitStatus == (refuses ? 4 : 0), "\(result.errors)")
                if refuses {
                    #expect(result.errors.contains("takes 4 grants away, on 4 of 4 repositories"), "\(result.errors)")
                    #expect(work.server.policies == before)
                }
            }
        }
    }

    @Test func `Protected repositories and consumers that are not allowed are refused`() async throws {
        try await withWorkplace { work in
            try work.rollout()
            let before = work.server.policies
            try work.folder.appending(path: "accounts.csv").write("name,consumer\nbuild,444455556666\n")
            try work.folder.appending(path: "ecr-share.yaml").write(
                "protect: [base/java*]\nallow: [o-a1b2c3d4e5, accounts.csv]\n")
            let refused = try await work.ecrShare("apply rollout.csv --yes")
            #expect(refused.exitStatus == 4)
            #expect(refused.errors.contains("writes 4 protected repositories: 111122223333 eu-west-1 base/java"))
            #expect(refused.errors.contains("1 consumer that is not allowed: 555566667777"), "\(refused.errors)")
            #expect(work.server.policies == before)

            try work.folder.appending(path: "accounts.csv").write("consumer\n444455556666\n\n555566667777\n")
            try work.folder.appending(path: "ecr-share.yaml").write("allow:\n  - accounts.csv\n")
            #expect(try await work.ecrShare("apply rollout.csv --yes").exitStatus == 0)

            try work.folder.appending(path: "accounts.csv").write("consumer\n44445555666\n")
            for command in ["plan rollout.csv", "apply rollout.csv --yes"] {
                let unread = try await work.ecrShare(command)
                #expect(unread.exitStatus == 1 && unread.errors.contains("accounts.csv:2:1: error"), "\(unread.errors)")
            }
        }
    }

    @Test(arguments: ["max-changes: 20%", "max-changes: 0", "max-revocations: 1", "max-revocations: 0%"])
    func `Limits on numbers let every rollback through, whole or in part`(limit: String) async throws {
        try await withWorkplace { work in
            try work.rollout()
            let before = try work.readings()
            let options = "--yes --max-changes 100 --max-revocations 100"
            try work.folder.appending(path: "ecr-share.yaml").write("\(limit)\n")
            #expect(try await work.ecrShare("apply rollout.csv \(options)").exitStatus == 0)
            let run = try #require(try work.runs().first)
            for consumer in ["444455556666", "555566667777"] {
                let part = try await work.ecrShare("rollback \(run) --consumer \(consumer) --yes --max-changes 1")
                #expect(part.exitStatus == 0, "\(part.errors)")
            }
            #expect(try work.readings() == before)
            #expect(try await work.ecrShare("apply rollout.csv \(options)").exitStatus == 0)
            try work.folder.appending(path: "ecr-share.yaml").write("\(limit)\nprotect: [base/*]\n")
            #expect(try await work.ecrShare("rollback latest --yes").exitStatus == 4)
            try work.folder.appending(path: "ecr-share.yaml").write("\(limit)\n")
            #expect(try await work.ecrShare("rollback latest --yes").exitStatus == 0)
            #expect(try work.readings() == before)
        }
    }

    @Test func `A plan answers the guardrails, and is shown and saved all the same`() async throws {
        try await withWorkplace { work in
            try work.rollout()
            try work.folder.appending(path: "ecr-share.yaml").write("protect: [base/java]\nallow: [555566667777]\n")
            for options in [
                "", "--detailed-exitcode", "--max-changes 3", "--expect \(String(repeating: "0", count: 64))",
                "--format json",
            ] {
                let result = try await work.ecrShare("plan rollout.csv --out saved.jsonl \(options)")
                #expect(result.exitStatus == 4, "\(options): \(result.errors)")
                #expect(result.output.contains("java"))
                #expect(result.errors.contains("protected repositories") && result.errors.contains("Saved as"))
                #expect(try work.text(of: "saved.jsonl").contains(#""kind":"summary""#))
                try FileManager.default.removeItem(at: work.folder.appending(path: "saved.jsonl"))
            }
            // Never asked of a plan: whether access may be taken away.
            try FileManager.default.removeItem(at: work.folder.appending(path: "ecr-share.yaml"))
            #expect(try await work.ecrShare("apply rollout.csv --yes").exitStatus == 0)
            try work.matrix("less.csv", "111122223333,us-east-1,base/java,444455556666,pull")
            let less = try await work.ecrShare("plan less.csv --archive elsewhere")
            #expect(less.exitStatus == 0 && less.output.contains("LOSES"), "\(less.errors)")
            #expect(try await work.ecrShare("plan less.csv --max-revocations 0").exitStatus == 4)
        }
    }

    @Test func `1 comes before 4, 4 before 3, and 3 before 2`() async throws {
        try await withWorkplace { work in
            try work.matrix(
                "m.csv", "111122223333,us-east-1,base/go,444455556666,pull",
                "111122223333,us-east-1,base/missing,444455556666,pull")
            #expect(try await work.ecrShare("plan m.csv --detailed-exitcode").exitStatus == 3)
            #expect(try await work.ecrShare("plan m.csv --detailed-exitcode --max-changes 0").exitStatus == 4)
            #expect(try await work.ecrShare("apply m.csv --yes --max-changes 0").exitStatus == 4)
            let role = "--role arn:aws:iam::{account}:role/Nobody"
            for command in [
                "plan m.csv --expect \(String(repeating: "0", count: 64))",
                "apply m.csv --yes --expect \(String(repeating: "0", count: 64))", "apply m.csv --yes",
            ] {
                #expect(try await work.ecrShare("\(command) \(role)").exitStatus == 1, "\(command)")
            }
            #expect(try await work.ecrShare("apply m.csv --yes").exitStatus == 3)
            #expect(try await work.ecrShare("rollback latest --yes \(role)").exitStatus == 1)
        }
    }

    @Test func `A saved plan and a rollback obey the folder that they run in, wherever the plan is`() async throws {
        try await withWorkplace { work in
            try work.rollout()
            let elsewhere = work.folder.appending(path: "elsewhere")
            try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
            #expect(try await work.ecrShare("plan rollout.csv --out elsewhere/plan.jsonl").exitStatus == 0)
            try elsewhere.appending(path: "ecr-share.yaml").write("archive: planted\nrole: none\n")
            try work.folder.appending(path: "ecr-share.yaml").write("protect: [base/java]\narchive: kept\n")
            let before = work.server.policies
            let refused = try await work.ecrShare("apply --plan elsewhere/plan.jsonl --yes")
            #expect(refused.exitStatus == 4 && work.server.policies == before, "\(refused.errors)")
            try work.folder.appending(path: "ecr-share.yaml").write("archive: kept\n")
            #expect(try await work.ecrShare("apply --plan elsewhere/plan.jsonl --yes").exitStatus == 0)
            #expect(FileManager.default.fileExists(atPath: work.folder.appending(path: "kept/runs").path))
            #expect(!FileManager.default.fileExists(atPath: elsewhere.appending(path: "planted").path))
        }
    }

    @Test func `No more is started after so many failures, and the rest is resumed`() async throws {
        let faults = Faults(
            FaultRule(
                .refuse(code: "AccessDeniedException", message: "no"),
                target: FaultTarget(operations: ["SetRepositoryPolicy"])))
        try await withWorkplace(faults: faults) { work in
            try work.rollout()
            let before = try work.readings()
            let result = try await work.ecrShare("apply rollout.csv --yes --max-failures 2 --concurrency 1")
            #expect(result.exitStatus == 3)
            #expect(result.errors.contains("2 failed, 14 not started"), "\(result.errors)")
            #expect(result.errors.contains("apply --resume"))
            work.server.cloud.setFaults(Faults())
            #expect(try await work.ecrShare("apply --resume latest").exitStatus == 0)
            try work.expectDone(before: before)
        }
    }

    @Test func `A canary that fails keeps the others from being written`() async throws {
        let faults = Faults(
            FaultRule(
                .refuse(code: "AccessDeniedException", message: "no"),
                target: FaultTarget(regions: ["us-east-1"], operations: ["SetRepositoryPolicy"])))
        try await withWorkplace(faults: faults) { work in
            try work.rollout()
            let result = try await work.ecrShare("apply rollout.csv --yes --canary 2")
            #expect(result.exitStatus == 3)
            #expect(result.errors.contains("1 failed, 14 not started"), "\(result.errors)")
            #expect(work.server.cloud.count("SetRepositoryPolicy").total == 2)
        }
    }

    @Test func `A run that fails is undone when asked to, and says what could not be`() async throws {
        var faults = Faults(
            FaultRule(
                .refuse(code: "AccessDeniedException", message: "no"),
                target: FaultTarget(operations: ["SetRepositoryPolicy"], repositories: ["base/python-slim"])))
        try await withWorkplace(faults: faults) { work in
            try work.rollout()
            let before = work.server.policies
            let result = try await work.ecrShare("apply rollout.csv --yes --rollback-on-failure")
            #expect(result.exitStatus == 3)
            #expect(result.errors.contains("Undoing the run"), "\(result.errors)")
            #expect(work.server.policies == before)
            #expect(try work.runs().count == 2, "the rollback is a run of its own")
        }
        faults.rules.append(
            FaultRule(
                .refuse(code: "AccessDeniedException", message: "no deletion"),
                target: FaultTarget(operations: ["DeleteRepositoryPolicy"], repositories: ["base/node"])))
        try await withWorkplace(faults: faults) { work in
            try work.rollout()
            let result = try await work.ecrShare("apply rollout.csv --yes --rollback-on-failure")
            #expect(result.exitStatus == 3)
            #expect(
                result.errors.contains("(base/node in each): AccessDeniedException: no deletion"), "\(result.errors)")
        }
    }

    // MARK: - Plans made by hand

    /// Saves the plan of `rollout.csv` with every change altered, with the right counts and the right digest.
    private func saveAltered(
        _ work: Workplace, as name: String = "edited.jsonl", _ alter: (Change) -> Change
    ) async throws {
        let plan = try await work.ecrShare("plan rollout.csv --out plan.jsonl")
        #expect(plan.exitStatus == 0, "\(plan.errors)")
        var summary = PlanSummary()
        var bytes: [UInt8] = []
        let lines = try work.text(of: "plan.jsonl").split(separator: "\n")
        var reader = PlanReader()
        _ = try reader.read(Array(lines[0].utf8)[...])
        var digest = PlanDigest(try #require(reader.header))
        bytes.append(contentsOf: Array(lines[0].utf8) + [UInt8(ascii: "\n")])
        for line in lines.dropFirst().dropLast() {
            var entry = try PlanEntry(decoding: Array(line.utf8)[...])
            if case .change(let change) = entry { entry = .change(alter(change)) }
            digest.add(entry)
            bytes.append(contentsOf: PlanLine.entry(entry).bytes + [UInt8(ascii: "\n")])
            summary.count(entry)
        }
        PlanLine.summary(PlanLine.Totals(summary, digest: digest.hexadecimal)).append(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        try Data(bytes).write(to: work.folder.appending(path: name))
    }

    private static func policy(_ statements: String) -> String {
        #"{"Version":"2008-10-17","Statement":[\#(statements)]}"#
    }

    private static let pull =
        #""Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]"#

    @Test(arguments: [
        // Drops what is not ours.
        policy(
            #"{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":["444455556666","555566667777"]},\#(pull)}"#
        ),
        // Makes the repository public.
        policy(#"{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":"*",\#(pull)}"#),
        // Grants more than it says.
        policy(
            #"{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":["444455556666","555566667777","123412341234"]},\#(pull)}"#
        ),
        // Adds a statement that is not ours.
        policy(#"{"Sid":"mine","Effect":"Allow","Principal":{"AWS":"123412341234"},"Action":"ecr:*"}"#),
        "{", "{}",
    ]) func `A plan made by hand that breaks a promise is not sent`(policy: String) async throws {
        try await withWorkplace { work in
            try work.rollout()
            let before = work.server.policies
            // Where there is nothing to lose, the first document above is a good one.
            try await saveAltered(work) { change in
                guard change.repository.name.text == "base/java" else { return change }
                return Change(
                    repository: change.repository, before: change.before, after: Policy(policy), grants: change.grants)
            }
            let result = try await work.ecrShare("apply --plan edited.jsonl --yes")
            #expect(result.exitStatus == 3, "\(result.errors)")
            #expect(result.errors.contains("(base/java in each): broken-promise: "), "\(result.errors)")
            for (repository, policy) in work.server.policies where repository.hasSuffix("/base/java") {
                #expect(policy == before[repository], "\(repository) was written")
            }
        }
    }

    @Test func `A plan made by hand that does not fit, or deletes what is not ours, is not sent`() async throws {
        try await withWorkplace { work in
            try work.rollout()
            let before = work.server.policies
            let accounts = (0..<700).map { "\"\(100_000_000_000 + $0)\"" }.joined(separator: ",")
            let huge = Self.policy(
                #"{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":[\#(accounts)]},\#(Self.pull)}"#)
            for policy in [huge, nil] {
                try await saveAltered(work) { change in
                    guard change.before != nil else { return change }
                    return Change(
                        repository: change.repository, before: change.before, after: policy.map { Policy($0) },
                        grants: change.grants)
                }
                let result = try await work.ecrShare("apply --plan edited.jsonl --yes --max-failures 1000")
                #expect(result.exitStatus == 3)
                #expect(result.errors.contains("broken-promise"), "\(result.errors)")
                for (repository, policy) in before where policy != nil {
                    #expect(work.server.policies[repository] == policy, "\(repository) was written")
                }
            }
        }
    }
}
