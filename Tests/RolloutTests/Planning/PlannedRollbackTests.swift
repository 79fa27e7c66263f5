import AWSValues
import Foundation
import Rollout
import SharePlan
import TestSupport
import Synchronization
import Testing

/// What a rollback's plan holds, and what becomes of it when other runs come between it and its execution.
@Suite(.timeLimit(.minutes(2))) struct PlannedRollbackTests {
    private static let (a, b) = ("444455556666", "555566667777")

    @Test func `A consumer who lost less than a whole grant is found, and what it lost is left alone`() async throws {
        try await World.withFolder { folder in
            let work = Workplace(folder)
            work.store.edit(
                Workplace.repositories[0],
                #"{"Version":"2008-10-17","Statement":[{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":"#
                    + #"{"AWS":"\#(Self.b)"},"Action":"ecr:BatchGetImage"}]}"#)
            let run = try await work.apply(Self.a, rules: SharingRules(takeOver: true))
            let b = try #require(Consumer(Self.b))
            let rules = RollbackRules(sidPrefix: "EcrShare", consumers: [b])
            let plan = try await work.plan(undoing: run, rules, .init(consumers: [Self.b: [b]])).plan
            #expect(plan.slots.map(\.repository) == [Workplace.repositories[0]])
            let entry = try #require(try plan.entry(for: Workplace.repositories[0]))
            #expect(entry.leftAlone.count == 1 && plan.summary.problems == 1, "\(entry)")
        }
    }

    @Test func `What a later run granted is not taken by a rollback that was planned before`() async throws {
        for consumers in [nil, [Self.a]] {
            try await World.withFolder { folder in
                let work = Workplace(folder)
                let run = try await work.apply(Self.a, Self.b)
                let rules = RollbackRules(
                    sidPrefix: "EcrShare", consumers: consumers.map { Set($0.compactMap { Consumer($0) }) })
                let planned = try await work.plan(undoing: run, rules).plan
                let path = folder.path(of: "rollback.jsonl")
                try planned.save(as: path)
                // Meanwhile the same rollback is made in one repository, and a new run grants it all again.
                let one = RollbackSelection(repositories: [RepositoryPattern(Workplace.repositories[0].name)])
                try await work.execute(try await work.plan(undoing: run, rules, one).plan)
                let later = try await work.apply(Self.a, Self.b)
                let live = work.live
                let result = try await work.result(of: try PlanFile(opening: path))
                #expect(
                    result.leftToLaterRuns == [Workplace.repositories[0]: later] && result.exitStatus == .incomplete)
                #expect(work.live[0] == live[0] && work.live[1] != live[1] && result.report.counts[.written] == 1)
                #expect(result.report.conflicts.map(\.repository) == [Workplace.repositories[0]])
                // Nor does it do so when it is resumed.
                await #expect(
                    throws: RolloutError.nothingToResume(result.run, leftTo: [later], repositories: 1)
                ) { try await work.runner.resume(try work.archive.run(result.run.text)) }
                #expect(work.live[0] == live[0])
            }
        }
    }

    @Test func `A rollback's plan that is executed again finds everything done`() async throws {
        try await World.withFolder { folder in
            let work = Workplace(folder)
            let run = try await work.apply(Self.a)
            let granted = work.live
            let planned = try await work.plan(undoing: run).plan
            for _ in 0..<2 { #expect(try await work.result(of: planned).exitStatus == .done) }
            // What somebody made anew meanwhile is theirs.
            work.store.edit(Workplace.repositories[1], granted[1])
            let again = try await work.result(of: planned)
            #expect(
                again.exitStatus == .incomplete && again.leftToLaterRuns.keys.elementsEqual([Workplace.repositories[1]])
            )
        }
    }

    @Test func `A rollback that failed leaves what a later run had written before it began when it is resumed`()
        async throws
    {
        try await World.withFolder { folder in
            let isDenied = Mutex(false)
            let work = Workplace(folder) { call, _ throws(StoreError) in
                if call == .write(Workplace.repositories[1]), isDenied.withLock({ $0 }) { throw .denied }
            }
            let run = try await work.apply(Self.a)
            let planned = try await work.plan(undoing: run).plan
            let one = RollbackSelection(repositories: [RepositoryPattern(Workplace.repositories[0].name)])
            try await work.execute(try await work.plan(undoing: run, RollbackRules(sidPrefix: "EcrShare"), one).plan)
            let later = try await work.apply(Self.a)
            let live = work.live
            isDenied.withLock { $0 = true }
            let failed = try await work.result(of: planned)
            #expect(failed.report.counts[.failed] == 1 && failed.leftToLaterRuns.count == 1 && work.live == live)
            isDenied.withLock { $0 = false }
            let resumed = try await work.runner.resume(try work.archive.run(failed.run.text))
            #expect(resumed.leftToLaterRuns == [Workplace.repositories[0]: later] && resumed.exitStatus == .incomplete)
            #expect(work.live == [live[0], nil])
        }
    }

    @Test func `A rollback is refused when a run in between went on since it was planned`() async throws {
        try await World.withFolder { folder in
            let work = Workplace(folder)
            let run = try await work.apply(Self.a)
            let between = try await work.apply(Self.a, Self.b)
            let merging = RollbackRules(sidPrefix: "EcrShare", mergeLaterEdits: true)
            let planned = try await work.plan(undoing: run, merging).plan
            #expect(planned.header.newestRun == between.text)
            let journal = work.file("journal.jsonl", of: between)
            let whole = try String(contentsOfFile: journal, encoding: .utf8)
            let last = try #require(whole.split(separator: "\n").last)
            try (whole + last + "\n").write(toFile: journal, atomically: false, encoding: .utf8)
            await #expect(throws: RolloutError.undoneRunWentOn(run)) { try await work.execute(planned) }
        }
    }
}
