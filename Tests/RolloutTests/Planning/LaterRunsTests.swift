import AWSValues
import Foundation
import Rollout
import SharePlan
import Synchronization
import Testing

/// Rollbacks of one of several runs, with the real rules: what the other runs did is read from the archive.
@Suite(.timeLimit(.minutes(2))) struct LaterRunsTests {
    private static let (a, b) = ("444455556666", "555566667777")

    @Test func `What a later run gave is not taken, though the first was refused`() async throws {
        try await World.withFolder { folder in
            let isDenied = Mutex(true)
            let work = Workplace(folder) { call, _ throws(StoreError) in
                if call == .write(Workplace.repositories[0]), isDenied.withLock({ $0 }) { throw .denied }
            }
            let first = try await work.apply(Self.a)
            isDenied.withLock { $0 = false }
            try await work.apply(Self.a)
            let result = try await work.plan(undoing: first)
            #expect(result.plan.slots.map(\.repository) == [Workplace.repositories[1]])
            #expect(result.plan.summary.changes == 1 && result.neverWritten == 1)
        }
    }

    @Test func `A later run is a conflict, until it is undone`() async throws {
        try await World.withFolder { folder in
            let work = Workplace(folder)
            let first = try await work.apply(Self.a)
            let left = work.live
            let second = try await work.apply(Self.a, Self.b)
            for repository in Workplace.repositories { work.store.edit(repository, left[0]) }
            // The policies are as the first run left them, by somebody's hand.
            #expect(try await work.plan(undoing: first).plan.summary.problems == 2)
            let merging = RollbackRules(sidPrefix: "EcrShare", mergeLaterEdits: true)
            #expect(try await work.plan(undoing: first, merging).plan.summary.changes == 2)
            _ = second
        }
        try await World.withFolder { folder in
            let work = Workplace(folder)
            let first = try await work.apply(Self.a)
            let second = try await work.apply(Self.a, Self.b)
            #expect(try await work.plan(undoing: first).plan.summary.problems == 2)
            let undone = try await work.rollback(second)
            #expect(try await work.plan(undoing: first).plan.summary.delete == 2)
            try await work.rollback(undone)
            #expect(try await work.plan(undoing: first).plan.summary.problems == 2)
        }
    }

    @Test func `What somebody made anew after a run was undone is theirs`() async throws {
        // Another team grants what the run had granted.
        try await World.withFolder { folder in
            let work = Workplace(folder)
            let run = try await work.apply(Self.a)
            let left = work.live
            try await work.rollback(run)
            for repository in Workplace.repositories { work.store.edit(repository, left[0]) }
            #expect(try await work.plan(undoing: run).plan.summary.problems == 2)
            // Nor is it taken where the run's grants alone are undone.
            let merging = RollbackRules(sidPrefix: "EcrShare", mergeLaterEdits: true)
            #expect(try await work.plan(undoing: run, merging).plan.summary.changes == 0)
        }
        // A person takes what the run had taken.
        try await World.withFolder { folder in
            let work = Workplace(folder)
            try await work.apply(Self.a)
            let run = try await work.apply()
            try await work.rollback(run)
            for repository in Workplace.repositories { work.store.edit(repository, nil) }
            let again = try await work.plan(undoing: run)
            #expect(again.plan.summary.changes == 0 && again.plan.summary.problems == 2)
        }
    }

    @Test func `A saved rollback is refused when its run went on since`() async throws {
        try await World.withFolder { folder in
            let work = Workplace(folder)
            let run = try await work.apply(Self.a)
            let path = folder.path(of: "rollback.jsonl")
            try await work.plan(undoing: run).plan.save(as: path)
            let saved = try PlanFile(opening: path)
            let journal = work.file("journal.jsonl", of: run)
            let whole = try String(contentsOfFile: journal, encoding: .utf8)
            let last = try #require(whole.split(separator: "\n").last)
            try (whole + last + "\n").write(toFile: journal, atomically: false, encoding: .utf8)
            await #expect(throws: RolloutError.undoneRunWentOn(run)) { try await work.execute(saved) }
            try whole.write(toFile: journal, atomically: false, encoding: .utf8)
            try await work.execute(saved)
            #expect(work.live == [nil, nil])
        }
    }

    @Test func `One run that cannot be read does not block the others`() async throws {
        try await World.withFolder { folder in
            let work = Workplace(folder)
            let first = try await work.apply(Self.a)
            let second = try await work.apply(Self.a, Self.b)
            try await work.rollback(second)
            for run in [second, try await #require(try work.archive.runs().first?.id)] {
                try "no plan\n".write(toFile: work.file("plan.jsonl", of: run), atomically: false, encoding: .utf8)
            }
            let result = try await work.plan(undoing: first)
            #expect(result.unreadableRuns.map(\.run).first == second && result.unreadableRuns.count == 2)
            #expect(result.plan.summary.delete == 2)
        }
    }

    @Test func `A later run without its journal may have written what it planned`() async throws {
        for damage in ["no journal\n", nil] {
            try await World.withFolder { folder in
                let work = Workplace(folder)
                let first = try await work.apply(Self.a)
                let left = work.live
                let second = try await work.apply(Self.a, Self.b)
                for repository in Workplace.repositories { work.store.edit(repository, left[0]) }
                let journal = work.file("journal.jsonl", of: second)
                if let damage {
                    try damage.write(toFile: journal, atomically: false, encoding: .utf8)
                } else {
                    try FileManager.default.removeItem(atPath: journal)
                }
                let result = try await work.plan(undoing: first)
                #expect(result.plan.summary.problems == 2 && result.unreadableRuns.map(\.run) == [second])
            }
        }
    }

    @Test func `Without a journal nothing is undone`() async throws {
        for damage in ["", "no journal\n", nil] {
            try await World.withFolder { folder in
                let work = Workplace(folder)
                let run = try await work.apply(Self.a)
                let journal = work.file("journal.jsonl", of: run)
                if let damage {
                    try damage.write(toFile: journal, atomically: false, encoding: .utf8)
                } else {
                    try FileManager.default.removeItem(atPath: journal)
                }
                await #expect(throws: RolloutError.self) { try await work.plan(undoing: run) }
            }
        }
    }

    @Test func `What a killed run's journal does not tell is looked at, and left alone`() async throws {
        try await World.withFolder { folder in
            let work = Workplace(folder)
            let run = try await work.apply(Self.a)
            let path = work.file("journal.jsonl", of: run)
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            func cut(keeping isKept: (Substring) -> Bool) throws {
                try (lines.filter(isKept).joined(separator: "\n") + "\n").write(
                    toFile: path, atomically: false, encoding: .utf8)
            }
            let lost = Workplace.repositories[1]
            // With its end the journal is whole: what it does not record did not happen.
            try cut { !$0.contains(lost.name.text) }
            let whole = try await work.plan(undoing: run)
            #expect(whole.plan.summary.changes == 1 && whole.plan.summary.problems == 0)
            try cut { !$0.contains(lost.name.text) && !$0.contains("\"finished\"") }
            let result = try await work.plan(undoing: run)
            #expect(result.plan.summary.changes == 1 && result.plan.summary.problems == 1)
            #expect(result.neverWritten == 1 && !result.isComplete)
            // As it was before the run: there is nothing to say.
            work.store.edit(lost, nil)
            let calm = try await work.plan(undoing: run)
            #expect(calm.plan.slots.count == 1 && calm.isComplete)
            // What a later run wrote there is known to be that run's.
            try await work.apply(Self.a)
            let later = try await work.plan(undoing: run)
            #expect(later.plan.summary.problems == 0 && later.isComplete)
        }
    }

    @Test func `The archive knows what runs of a prefix wrote`() async throws {
        try await World.withFolder { folder in
            let work = Workplace(folder) { call, _ throws(StoreError) in
                if call == .write(Workplace.repositories[0]) { throw .denied }
            }
            let first = try await work.apply(Self.a)
            let second = try await work.apply(Self.b)
            func written(_ prefix: String = "EcrShare") async throws -> Set<RepositoryID> {
                try await work.archive.repositoriesWritten(withSidPrefix: prefix).repositories
            }
            #expect(try await written() == [Workplace.repositories[1]])
            #expect(try await written("Other").isEmpty)
            // What a lost journal does not tell, the plan does; a run that has lost both is named.
            try FileManager.default.removeItem(atPath: work.file("journal.jsonl", of: second))
            #expect(try await written() == Set(Workplace.repositories))
            for run in [first, second] {
                try "no plan\n".write(toFile: work.file("plan.jsonl", of: run), atomically: false, encoding: .utf8)
            }
            let lost = try await work.archive.repositoriesWritten(withSidPrefix: "EcrShare")
            #expect(lost.repositories.isEmpty && lost.unreadable.map(\.run) == [second, first])
            #expect(lost.unreadable.allSatisfy { $0.reason.contains("plan.jsonl") }, "\(lost.unreadable)")
            // A failed read is never empty.
            try FileManager.default.removeItem(atPath: work.archive.folder.path(of: "runs"))
            try "".write(toFile: work.archive.folder.path(of: "runs"), atomically: false, encoding: .utf8)
            await #expect(throws: (any Error).self) { try await written() }
        }
    }

    @Test func `Every choice that finds nothing is an error that says what the run has`() async throws {
        try await World.withFolder { folder in
            let work = Workplace(folder)
            let run = try await work.apply(Self.a)
            let rules = RollbackRules(sidPrefix: "EcrShare")
            let found = try #require(RepositoryPattern("r000"))
            let none = try #require(RepositoryPattern("nope/*"))
            let (a, stranger) = (try #require(Consumer(Self.a)), try #require(Consumer(Self.b)))
            let choices: [(RollbackSelection, String)] = [
                (.init(repositories: [none]), "matches --repository nope/*: it changed r000, r001"),
                (.init(repositories: [found, none]), "matches --repository nope/*: it changed r000, r001"),
                (.init(consumers: ["b": [stranger]]), "matches --consumer b: it changed the access of \(Self.a)"),
                (.init(consumers: ["a": [a], "b": [stranger], "c": []]), "matches --consumer b and --consumer c: "),
            ]
            for (selection, words) in choices {
                do {
                    _ = try await work.plan(undoing: run, rules, selection)
                    Issue.record("planned")
                } catch let error as RolloutError {
                    #expect(error.description.contains(words), "\(error)")
                }
            }
            // Of a group, one member is enough.
            let group = RollbackSelection(repositories: [found], consumers: ["@g": [a, stranger]])
            #expect(try await work.plan(undoing: run, rules, group).plan.summary.changes == 1)
        }
    }

    @Test func `Undoing an expiry gives the grant back with a warning`() async throws {
        try await World.withFolder { folder in
            let work = Workplace(folder)
            let end = try #require(CalendarDate("2026-12-01"))
            try await work.apply(Self.a, Self.b, expires: end)
            let run = try await work.apply(Self.b, expires: end)
            // The last day with the grant, and the first without it.
            for (seconds, isOver) in [(1_795_996_800, false), (1_796_083_200, true)] {
                let plan = try await work.plan(undoing: run, at: Timestamp(milliseconds: seconds * 1000)).plan
                try plan.forEachEntry { entry in
                    guard case .change(let change) = entry else {
                        Issue.record("\(entry)")
                        return
                    }
                    #expect(change.grants.added.map(\.expires) == [isOver ? nil : end])
                    #expect(change.warnings.contains { $0.contains("expired on 2026-12-01") } == isOver)
                }
            }
        }
    }
}
