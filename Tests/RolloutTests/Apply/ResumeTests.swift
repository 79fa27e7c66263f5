import AWSValues
import Foundation
import Platform
@testable import Rollout
import SharePlan
import Synchronization
import Testing

/// Which run is meant, and what is left to do of one that is resumed.
@Suite(.timeLimit(.minutes(1))) struct ResumeTests {
    private static let repositories = World.repositories(4)
    private static let account = "555566667777"

    private func store(
        _ repositories: ArraySlice<RepositoryID> = repositories[...], before: @escaping MemoryStore.Hook = { _, _ in }
    ) -> MemoryStore {
        MemoryStore(Dictionary(uniqueKeysWithValues: repositories.map { ($0, nil) }), before: before)
    }

    private func wanted(
        _ consumers: [String], _ repositories: ArraySlice<RepositoryID> = repositories[...]
    ) -> [RepositoryID: [String]] {
        Dictionary(uniqueKeysWithValues: repositories.map { ($0, consumers) })
    }

    private func archive(_ folder: Folder) -> Archive {
        Archive(folder.path(of: "archive"))
    }

    private func apply(
        _ store: MemoryStore, _ wanted: [RepositoryID: [String]], in folder: Folder
    ) async throws -> Runner.Result {
        let plan = try await World.plan(store, wanted, in: folder)
        return try await Runner(store, folder).execute(plan)
    }

    // MARK: - Ids

    @Test func `The latest run is the one that was started last, not the one that was planned last`() async throws {
        try await World.withFolder { folder in
            let store = store()
            let early = try await World.plan(store, wanted([Self.account], Self.repositories[..<1]), in: folder)
            try early.save(as: folder.path(of: "p"))
            let other = try await apply(store, wanted(["666677778888"], Self.repositories[1...]), in: folder)
            let late = try await Runner(store, folder).execute(try PlanFile(opening: folder.path(of: "p")))
            #expect(late.run > other.run)
            #expect(try await archive(folder).run("latest").id == late.run)
            #expect(try await archive(folder).runs().map(\.id) == [late.run, other.run])
            #expect(try await archive(folder).run("latest").plan().header.id == late.run.text)
        }
    }

    @Test(arguments: ["99981231T235959Z-ffffff", "20261124T210359Z-ffffff", "20991231T235959Z-000000"])
    func `A clock that was set back does not put a run before others`(newest: String) async throws {
        try await World.withFolder { folder in
            let store = store()
            try archive(folder).folder.folder("runs").folder(newest).make()
            var last = try #require(RunID(newest))
            for _ in 0..<3 {
                let run = try await apply(
                    store, wanted([Self.account, "\(store.writes.count + 100_000_000_000)"]), in: folder
                )
                .run
                #expect(run > last && RunID(run.text) == run)
                last = run
            }
        }
    }

    @Test func `What rollback takes for the latest run is no rollback`() async throws {
        try await World.withFolder { folder in
            let store = store()
            let first = try await apply(store, wanted([Self.account]), in: folder)
            let planner = Planner(store: store, spoolFolder: folder)
            let archive = archive(folder)
            let run = try await archive.run("latest", latest: .toUndo)
            let undoing = try await planner.plan(undoing: run, by: .ofTests, id: RunID(at: .now), createdAt: .now).plan
            let rollback = try await Runner(store, folder).execute(undoing)
            #expect(try await archive.run("latest").id == rollback.run)
            #expect(try await archive.run("latest", latest: .toUndo).id == first.run)
            try FileManager.default.removeItem(atPath: run.folder.path)
            await #expect(throws: RolloutError.onlyRollbacks(archive: archive.folder.path)) {
                try await archive.run("latest", latest: .toUndo)
            }
        }
    }

    // MARK: - Complete runs

    @Test func `A run that is complete is not resumed`() async throws {
        try await World.withFolder { folder in
            let store = store()
            let run = try await apply(store, wanted([Self.account]), in: folder).run
            for repository in Self.repositories { store.edit(repository, nil) }
            let count = store.calls.count
            await #expect(throws: RolloutError.isComplete(run)) {
                try await Runner(store, folder).resume(try archive(folder).run("latest"))
            }
            #expect(store.calls.count == count)
            #expect(try await archive(folder).run("latest").state().ending == .completed)
        }
    }

    @Test func `A rollback that left conflicts and did all else is complete`() async throws {
        try await World.withFolder { folder in
            let store = store()
            _ = try await apply(store, wanted([Self.account]), in: folder)
            store.edit(Self.repositories[1], World.policy(["666677778888"]))
            let planner = Planner(store: store, spoolFolder: folder)
            let undoing = try await planner.plan(
                undoing: try archive(folder).run("latest"), by: .ofTests, id: RunID(at: .now), createdAt: .now
            ).plan
            #expect(undoing.summary.problems == 1)
            let rollback = try await Runner(store, folder).execute(undoing)
            #expect(rollback.exitStatus == .incomplete && rollback.report.counts[.written] == 3)
            await #expect(throws: RolloutError.isComplete(rollback.run)) {
                try await Runner(store, folder).resume(try archive(folder).run("latest"))
            }
        }
    }

    @Test func `Only what the journal does not call done is looked at again`() async throws {
        try await World.withFolder { folder in
            let refused = Self.repositories[2]
            let edited = Self.repositories[3]
            let store = store(before: { call, store throws(StoreError) in
                if call == .write(refused) { throw .denied }
                if call == .turn(edited) { store.edit(edited, World.policy(["666677778888"])) }
            })
            let first = try await apply(store, wanted([Self.account]), in: folder)
            #expect(first.report.counts[.failed] == 1 && first.report.counts[.conflict] == 1)
            // Somebody takes the access away where it was given. It stays away.
            let calm = MemoryStore(store.policies)
            calm.edit(Self.repositories[0], nil)
            calm.edit(edited, nil)
            let resumed = try await Runner(calm, folder).resume(try archive(folder).run("latest"))
            #expect(resumed.report.counts[.alreadyDone] == 2 && resumed.report.counts[.written] == 2)
            #expect(Set(calm.calls.compactMap(\.repository)) == [refused, edited])
            #expect(calm.policies[Self.repositories[0]] == .some(nil))
            await #expect(throws: RolloutError.isComplete(first.run)) {
                try await Runner(calm, folder).resume(try archive(folder).run("latest"))
            }
        }
    }

    // MARK: - Later runs

    @Test func `A repository that a later run wrote is left to that`() async throws {
        try await World.withFolder { folder in
            let refused = Set(Self.repositories[1...2])
            let isCalm = Mutex(false)
            let store = store(before: { call, _ throws(StoreError) in
                guard case .write(let repository) = call, refused.contains(repository), !isCalm.withLock({ $0 }) else {
                    return
                }
                throw .denied
            })
            let first = try await apply(store, wanted([Self.account]), in: folder)
            #expect(first.report.counts[.failed] == 2)
            isCalm.withLock { $0 = true }
            // A later run gives and another takes: live is again what the first run planned from.
            _ = try await apply(store, wanted([Self.account], Self.repositories[1...1]), in: folder)
            let last = try await apply(store, wanted([], Self.repositories[1...1]), in: folder)
            let run = try await archive(folder).run(first.run.text)
            let resumed = try await Runner(store, folder).resume(run)
            #expect(resumed.leftToLaterRuns == [Self.repositories[1]: last.run])
            #expect(resumed.report.counts[.written] == 1 && resumed.report.counts[.alreadyDone] == 2)
            #expect(resumed.exitStatus == .incomplete)
            #expect(store.policies[Self.repositories[1]] == .some(nil))
            await #expect(
                throws: RolloutError.nothingToResume(
                    first.run, leftTo: [last.run], repositories: 1)
            ) { try await Runner(store, folder).resume(run) }
        }
    }

    @Test(arguments: [false, true])
    func `A later run whose journal is lost or damaged may have written all that it planned`(isLost: Bool) async throws
    {
        try await World.withFolder { folder in
            let refused = Self.repositories[1]
            let isCalm = Mutex(false)
            let store = store(before: { call, _ throws(StoreError) in
                if call == .write(refused), !isCalm.withLock({ $0 }) { throw .denied }
            })
            let first = try await apply(store, wanted([Self.account]), in: folder)
            isCalm.withLock { $0 = true }
            let later = try await apply(store, wanted(["666677778888"], Self.repositories[1...1]), in: folder)
            let run = try await archive(folder).run(later.run.text)
            run.folder.remove("journal.jsonl")
            if !isLost { try Data("{}\n".utf8).write(to: URL(fileURLWithPath: run.folder.path(of: "journal.jsonl"))) }
            await #expect(
                throws: RolloutError.nothingToResume(first.run, leftTo: [run.id], repositories: 1)
            ) { try await Runner(store, folder).resume(try archive(folder).run(first.run.text)) }
        }
    }

    // MARK: - Damaged runs

    @Test func `A run that cannot be read blocks nothing, and is named`() async throws {
        try await World.withFolder { folder in
            let stop = StopSignal()
            stop.request()
            let store = store()
            let plan = try await World.plan(store, wanted([Self.account]), in: folder)
            let first = try await Runner(store, folder).execute(plan, stop: stop).run
            let runs = archive(folder).folder.folder("runs")
            let header = #"{"kind":"plan","version":2}"# + "\n"
            let texts = [header, "not a plan", String(repeating: " ", count: 100)]
            var ids: [String] = []
            for (number, text) in texts.enumerated() {
                ids.append("2099010\(number + 1)T000000Z-000000")
                let bad = runs.folder(ids[number])
                try bad.make()
                try Data(text.utf8).write(to: URL(fileURLWithPath: bad.path(of: "plan.jsonl")))
            }
            // A folder where the plan should be, a link to another run, and a plan that was changed in its middle.
            ids.append("20990110T000000Z-000000")
            try runs.folder(ids[3]).folder("plan.jsonl").make()
            ids.append("20990111T000000Z-000000")
            try FileManager.default.createSymbolicLink(
                atPath: runs.path(of: ids[4]), withDestinationPath: runs.path(of: first.text))
            ids.append("20990112T000000Z-000000")
            try FileManager.default.copyItem(atPath: runs.path(of: first.text), toPath: runs.path(of: ids[5]))
            let edited = runs.folder(ids[5]).path(of: "plan.jsonl")
            try String(contentsOfFile: edited, encoding: .utf8).replacingOccurrences(
                of: Self.account, with: "111111111111"
            )
            .write(toFile: edited, atomically: false, encoding: .utf8)

            let warnings = Mutex<Set<String>>([])
            let archive = Archive(folder.path(of: "archive")) { text in warnings.withLock { _ = $0.insert(text) } }
            #expect(try await archive.runs().count == 7)
            #expect(try await archive.run("latest").id == first)
            #expect(try await archive.run("latest", latest: .toUndo).id == first)
            for id in ids { #expect(warnings.withLock { $0.contains { $0.contains("run \(id) cannot be read") } }) }

            var runner = Runner(store, folder)
            runner.archive = archive
            let resumed = try await runner.resume(try archive.run(first.text))
            #expect(resumed.exitStatus == .done && resumed.report.counts[.written] == 4)
            await #expect(throws: RolloutError.self) { try await archive.run(ids[0]).plan() }
        }
    }

    @Test func `A journal tells whether it is whole, empty, missing or damaged`() async throws {
        try await World.withFolder { folder in
            let store = store()
            _ = try await apply(store, wanted([Self.account]), in: folder)
            let run = try await archive(folder).run("latest")
            let path = run.folder.path(of: "journal.jsonl")
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let whole = try await run.journal()
            #expect(whole.condition == .whole && whole.state.repositories.count == 4)

            func put(_ text: String) throws { try text.write(toFile: path, atomically: false, encoding: .utf8) }
            try put(text + #"{"event":"wri"#)
            #expect(try await run.journal() == whole)
            try put(text + "torn\nin the middle\n" + text)
            let damaged = try await run.journal()
            guard case .damaged(line: let line, _) = damaged.condition else { return #expect(Bool(false)) }
            #expect(line == text.split(separator: "\n").count + 1)
            #expect(damaged.state.repositories.keys == whole.state.repositories.keys)
            await #expect(throws: RolloutError.self) { try await run.state() }
            for isEmpty in [true, false] {
                if isEmpty { try put("") } else { run.folder.remove("journal.jsonl") }
                #expect(try await run.journal() == JournalRecord(state: RunState(), condition: .missing))
                await #expect(throws: RolloutError.noJournal(run.id)) { try await run.state() }
                guard case .unreadable? = try await archive(folder).runs().first?.phase else {
                    return #expect(Bool(false))
                }
            }
        }
    }

    @Test func `The journal of another run, and one without its beginning, are damaged`() async throws {
        try await World.withFolder { folder in
            let store = store()
            _ = try await apply(store, wanted([Self.account]), in: folder)
            let run = try await archive(folder).run("latest")
            let path = run.folder.path(of: "journal.jsonl")
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let other = text.replacingOccurrences(of: run.id.text, with: "20990101T000000Z-000000")
            let cut = text.split(separator: "\n").dropFirst().joined(separator: "\n") + "\n"
            for bad in [other, cut] {
                #expect(bad != text)
                try bad.write(toFile: path, atomically: false, encoding: .utf8)
                guard case .damaged(line: 1, _) = try await run.journal().condition else { return #expect(Bool(false)) }
                guard case .unreadable? = try await archive(folder).runs().first?.phase else {
                    return #expect(Bool(false))
                }
            }
        }
    }

    @Test func `A run without an end is called unfinished only if it can be resumed and undone`() async throws {
        try await World.withFolder { folder in
            let store = store()
            _ = try await apply(store, wanted([Self.account]), in: folder)
            let run = try await archive(folder).run("latest")
            let path = run.folder.path(of: "journal.jsonl")
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            func put(_ lines: [Substring]) throws {
                try (lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: false, encoding: .utf8)
            }
            try put(lines.dropLast())
            #expect(try await archive(folder).runs().first?.phase == .unfinished)
            try put(Array(lines[..<4]) + ["torn"] + lines[4...].dropLast())
            guard case .unreadable? = try await archive(folder).runs().first?.phase else {
                return #expect(Bool(false))
            }
            try put(Array(lines[..<1]))
            #expect(try await archive(folder).runs().first?.phase == .neverStarted)
        }
    }

    @Test func `A journal that cannot be opened ends a resume before anything happens`() async throws {
        try await World.withFolder { folder in
            let stop = StopSignal()
            stop.request()
            let store = store()
            let plan = try await World.plan(store, wanted([Self.account]), in: folder)
            _ = try await Runner(store, folder).execute(plan, stop: stop)
            let run = try await archive(folder).run("latest")
            try FileManager.default.moveItem(
                atPath: run.folder.path(of: "journal.jsonl"), toPath: run.folder.path(of: "elsewhere"))
            try FileManager.default.createSymbolicLink(
                atPath: run.folder.path(of: "journal.jsonl"), withDestinationPath: "elsewhere")
            await #expect(throws: FileError.self) { try await Runner(store, folder).resume(run) }
            #expect(store.policies.values.allSatisfy { $0 == nil })
        }
    }

    @Test func `What ECR took and somebody undid is left alone, however often the run is resumed`() async throws {
        try await World.withFolder { folder in
            let (undone, refused) = (Self.repositories[0], Self.repositories[1])
            let store = store(before: { call, store throws(StoreError) in
                if call == .write(refused) { throw .denied }
            })
            _ = try await apply(store, wanted([Self.account]), in: folder)
            // Killed before the read-back of the first: its last word is that ECR took it.
            let run = try await archive(folder).run("latest")
            let path = run.folder.path(of: "journal.jsonl")
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
                .filter { !$0.contains("\"verified\"") && !$0.contains("\"finished\"") }
            try (lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: false, encoding: .utf8)
            store.edit(undone, nil)
            for _ in 0..<3 {
                let resumed = try await Runner(store, folder).resume(run)
                #expect(resumed.exitStatus == .incomplete && resumed.report.conflicts.map(\.repository) == [undone])
                #expect(store.policies[undone] == .some(nil))
            }
        }
    }

    @Test func `A run whose journal is missing is not resumed, since nothing tells what it did`() async throws {
        try await World.withFolder { folder in
            let store = store()
            let first = try await apply(store, wanted([Self.account]), in: folder)
            let run = try await archive(folder).run("latest")
            run.folder.remove("journal.jsonl")
            for repository in Self.repositories { store.edit(repository, nil) }
            await #expect(throws: RolloutError.noJournal(first.run)) {
                try await Runner(store, folder).resume(run)
            }
            #expect(store.policies.values.allSatisfy { $0 == nil })
        }
    }

    @Test func `A rollback whose journal is lost may have undone its run`() async throws {
        try await World.withFolder { folder in
            let stop = StopSignal()
            stop.request()
            let store = store()
            let plan = try await World.plan(store, wanted([Self.account]), in: folder)
            let first = try await Runner(store, folder).execute(plan, stop: stop).run
            let header = PlanHeader(
                id: "x", createdAt: World.header.createdAt, operation: .rollback, mode: .match, sidPrefix: "EcrShare",
                matrix: nil, undoes: first.text)
            let later = try await archive(folder).begin(
                try PlanSpool(in: folder).finish(header: header), as: try #require(RunID("20990101T000000Z-000000")))
            later.run.folder.remove("journal.jsonl")
            await #expect(throws: RolloutError.rolledBack(first, by: later.run.id)) {
                try await Runner(store, folder).resume(try archive(folder).run(first.text))
            }
        }
    }
}
