import Foundation
import SimulatedAWS
import Testing

/// Rollback of the built program: whole, in part, over later edits, of large policies.
@Suite(.timeLimit(.minutes(5))) struct UndoTests {
    private func address(_ name: String, region: String = "us-east-1") -> RepositoryAddress {
        RepositoryAddress(account: "111122223333", region: region, name: name)
    }

    @Test func `A dry run shows the way back and writes nothing`() async throws {
        try await withWorkplace { work in
            try work.rollout()
            #expect(try await work.ecrShare("apply rollout.csv --yes").exitStatus == 0)
            let after = work.server.policies
            let dry = try await work.ecrShare("rollback latest --dry-run")
            #expect(dry.exitStatus == 0 && dry.output.contains("444455556666"), "\(dry.errors)")
            #expect(work.server.policies == after)
            #expect(try work.runs().count == 1)
        }
    }

    @Test func `Repositories and one bad consumer are taken back alone`() async throws {
        try await withWorkplace { work in
            try work.rollout()
            let before = try work.readings()
            #expect(try await work.ecrShare("apply rollout.csv --yes").exitStatus == 0)
            let run = try #require(try work.runs().first)
            let some = try await work.ecrShare("rollback \(run) --repository base/java* --yes")
            #expect(some.exitStatus == 0, "\(some.errors)")
            for (repository, reading) in try work.readings() where repository.contains("base/java") {
                #expect(reading == before[repository])
            }
            let bad = try await work.ecrShare("rollback \(run) --consumer 555566667777 --yes")
            #expect(bad.exitStatus == 0, "\(bad.errors)")
            for (repository, reading) in try work.readings() {
                #expect(reading.foreign == before[repository]?.foreign)
                let isShared = repository.contains("111122223333/") && repository.contains("/base/")
                let isBack = repository.contains("base/java") || !isShared
                #expect(reading.pullers == (isBack ? [] : ["444455556666"]), "\(repository)")
            }
            let redo = try await work.ecrShare("rollback \(try #require(try work.runs().last)) --yes")
            #expect(redo.exitStatus == 0, "\(redo.errors)")
            for (repository, reading) in try work.readings() where repository == "111122223333/us-east-1/base/go" {
                #expect(reading.pullers == ["444455556666", "555566667777"], "a rollback can be rolled back")
            }
        }
    }

    @Test func `A later edit is a conflict, and is kept when the run's own grants are taken back`() async throws {
        try await withWorkplace { work in
            try work.rollout()
            let before = try work.readings()
            #expect(try await work.ecrShare("apply rollout.csv --yes").exitStatus == 0)
            let live = try #require(work.server.cloud.policyText(of: address("base/node")))
            let edit =
                #"{"Sid":"later","Effect":"Allow","Principal":{"AWS":"123412341234"},"Action":"ecr:BatchGetImage"},"#
            work.server.cloud.editPolicy(
                of: address("base/node"), to: live.replacing("\"Statement\" : [ ", with: "\"Statement\" : [ " + edit))
            #expect(work.server.cloud.policyText(of: address("base/node"))?.contains("later") == true)

            let conflict = try await work.ecrShare("rollback latest --yes")
            #expect(conflict.exitStatus == 3, "\(conflict.errors)")
            #expect((conflict.output + conflict.errors).contains("--merge-later-edits"), "\(conflict.output)")
            #expect(conflict.errors.contains("from  wanted  found\n"), "\(conflict.errors)")
            let run = try #require(try work.runs().first)
            let merged = try await work.ecrShare("rollback \(run) --merge-later-edits --yes")
            #expect(merged.exitStatus == 0, "\(merged.errors)")
            for (repository, reading) in try work.readings() {
                let isEdited = repository == "111122223333/us-east-1/base/node"
                #expect(reading.pullers.isEmpty)
                #expect(reading.foreign.count == (before[repository]?.foreign.count ?? 0) + (isEdited ? 1 : 0))
            }
        }
    }

    /// ECR prints 300 root ARNs with more characters than it takes.
    @Test(arguments: [250, 304, 600]) func `A snapshot that is too long in ECR's print is put back`(accounts: Int)
        async throws
    {
        try await withWorkplace { work in
            let rows = (0..<accounts).map { "111122223333,us-east-1,base/go,\(300_000_000_000 + $0),pull" }
            let header = "owner_account,region,repository,consumer,access\n"
            try work.folder.appending(path: "many.csv").write(header + rows.joined(separator: "\n") + "\n")
            let many = try await work.ecrShare("apply many.csv --yes")
            #expect(many.exitStatus == 0, "\(many.errors)")
            let text = try #require(work.server.cloud.policyText(of: address("base/go")))
            if accounts > 250 { #expect(text.utf8.count > 10_240) }
            try work.matrix("few.csv", "111122223333,us-east-1,base/go,444455556666,pull")
            #expect(try await work.ecrShare("apply few.csv --yes --allow-revocations").exitStatus == 0)
            let undone = try await work.ecrShare("rollback latest --yes")
            #expect(undone.exitStatus == 0, "\(undone.errors)")
            #expect(work.server.cloud.policyText(of: address("base/go")) == text)
        }
    }

    @Test func `What was adopted or taken over comes back as it was`() async throws {
        try await withWorkplace { work in
            let edited =
                #"{"Version":"2012-10-17","Statement":[{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":"#
                + #"{"AWS":"444455556666"},"Action":"ecr:BatchGetImage"}]}"#
            work.server.cloud.editPolicy(of: address("base/node"), to: edited)
            try work.matrix(
                "m.csv", "111122223333,us-east-1,base/python,444455556666,pull",
                "111122223333,us-east-1,base/node,555566667777,pull")
            let before = work.server.policies
            let refused = try await work.ecrShare("apply m.csv --yes --adopt --take-over")
            #expect(refused.exitStatus == 4 && refused.errors.contains("takes 1 grant away"), "\(refused.errors)")
            let apply = try await work.ecrShare("apply m.csv --yes --adopt --take-over --allow-revocations")
            #expect(apply.exitStatus == 0, "\(apply.errors)")
            #expect(work.server.policies != before)
            let undone = try await work.ecrShare("rollback latest --yes")
            #expect(undone.exitStatus == 0, "\(undone.errors)")
            #expect(work.server.policies == before)
        }
    }

    @Test func `A group's part is taken back, and what a later run gave is named and left`() async throws {
        try await withWorkplace { work in
            try work.matrix(
                "m.csv", "111122223333,us-east-1,base/go,444455556666,pull",
                "111122223333,us-east-1,base/go,555566667777,pull",
                "111122223333,us-east-1,base/node,666677778888,pull")
            #expect(try await work.ecrShare("apply m.csv --yes").exitStatus == 0)
            let run = try #require(try work.runs().first)
            try work.matrix(
                "n.csv", "111122223333,us-east-1,base/go,444455556666,push",
                "111122223333,us-east-1,base/go,555566667777,pull")
            #expect(try await work.ecrShare("apply n.csv --yes").exitStatus == 0)
            try work.folder.appending(path: "groups.csv")
                .write("group,consumer\nteam,444455556666\nteam,555566667777\n")
            let planning = "rollback \(run) --consumer @team --groups groups.csv"
            let saved = try await work.ecrShare("\(planning) --dry-run --format json --output p.jsonl")
            let undone = try await work.ecrShare("apply --plan p.jsonl --yes --quiet")
            for result in [saved, undone] {
                #expect(result.exitStatus == 3)
                #expect(result.errors.contains("left alone: 444455556666 keeps pull for its push"), "\(result.errors)")
                #expect(result.errors.contains("something is left alone in 1 repository"), "\(result.errors)")
            }
            let managed = try work.readings()["111122223333/us-east-1/base/go"]?.managed
            #expect(managed == ["EcrShareAllowPullAndPush": ["444455556666"]])
            #expect(try work.readings()["111122223333/us-east-1/base/node"]?.pullers == ["666677778888"])

            let without = try await work.ecrShare("rollback \(run) --consumer @team --dry-run")
            #expect(without.exitStatus == 64 && without.errors.contains("--groups"), "\(without.errors)")
            for words in [
                "--consumer 888899990000", "--consumer 555566667777 --consumer 888899990000", "--repository other/*",
            ] {
                let nothing = try await work.ecrShare("rollback \(run) \(words) --yes")
                #expect(nothing.exitStatus == 1 && nothing.errors.contains("nothing in run"), "\(nothing.errors)")
            }
        }
    }

    @Test func `A saved rollback that had nothing to undo says what was written since`() async throws {
        try await withWorkplace { work in
            try work.matrix("m.csv", "111122223333,us-east-1,base/node,555566667777,pull")
            #expect(try await work.ecrShare("apply m.csv --yes").exitStatus == 0)
            let run = try #require(try work.runs().first)
            #expect(try await work.ecrShare("rollback \(run) --yes").exitStatus == 0)
            let save = "rollback \(run) --dry-run --format json --output saved.jsonl"
            #expect(try await work.ecrShare(save).exitStatus == 0)
            #expect(try await work.ecrShare("apply --plan saved.jsonl --yes").exitStatus == 0)
            #expect(try await work.ecrShare("apply m.csv --yes").exitStatus == 0)
            let late = try await work.ecrShare("apply --plan saved.jsonl --yes")
            #expect(late.exitStatus == 3 && late.errors.contains("plan the rollback again"), "\(late.errors)")
        }
    }

    @Test func `A rollback does not open a repository to everybody again`() async throws {
        try await withWorkplace { work in
            let open =
                #"{"Version":"2012-10-17","Statement":[{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":"*","#
                + #""Action":"ecr:BatchGetImage"}]}"#
            work.server.cloud.editPolicy(of: address("base/node"), to: open)
            try work.matrix("m.csv", "111122223333,us-east-1,base/node,555566667777,pull")
            // Everybody loses something.
            #expect(try await work.ecrShare("apply m.csv --yes --take-over").exitStatus == 4)
            let apply = try await work.ecrShare("apply m.csv --yes --take-over --allow-revocations")
            #expect(apply.exitStatus == 0, "\(apply.errors)")
            let closed = work.server.policies
            let undone = try await work.ecrShare("rollback latest --dry-run")
            #expect(undone.exitStatus != 0)
            #expect(
                undone.output.contains("not-restorable") && undone.output.contains("any AWS identity"),
                "\(undone.output)")
            #expect(try await work.ecrShare("rollback latest --yes").exitStatus != 0)
            #expect(work.server.policies == closed)
        }
    }
}
