import AWSValues
import Foundation
import Rollout
import SharePlan
import TestSupport
import Testing

@Suite struct ArchiveTests {
    private func id(_ text: String) throws -> RunID { try #require(RunID(text)) }

    private func emptyPlan(in folder: Folder) throws -> PlanFile {
        try PlanSpool(in: folder).finish(header: World.header)
    }

    @Test func `Ids sort by time, and those of one moment differ`() {
        var generator = SeededGenerator(seed: 1)
        let ids = (0..<100).map { RunID(at: Timestamp(milliseconds: 1_795_554_239_000 + $0 * 77), using: &generator) }
        #expect(ids == ids.sorted())
        #expect(ids[0].text.hasPrefix("20261124T210359Z-"))
        #expect(ids.allSatisfy { RunID($0.text) == $0 })
        let now = Timestamp(milliseconds: 1_795_554_239_000)
        #expect(RunID(at: now, using: &generator) != RunID(at: now, using: &generator))
    }

    @Test(arguments: [
        "", "latest", "../../../../etc/passwd12", "20261124T210359Z-3F9A1C", "20261124T210359Z_3f9a1c",
        "20261124T210359Z-3f9a1c0", "20261324T210359Z-3f9a1c", "20260230T210359Z-3f9a1c", "20261124T240000Z-3f9a1c",
        "19691231T235959Z-3f9a1c", "2026112xT210359Z-3f9a1c",
    ])
    func `What is no id is none`(text: String) {
        #expect(RunID(text) == nil)
    }

    @Test func `A run is archived for its owner alone`() async throws {
        try await World.withFolder { folder in
            let archive = Archive(folder.path(of: "deep/archive"))
            let plan = try emptyPlan(in: folder)
            let id = try id("20261201T000000Z-000000")
            let run = try await archive.withLock(for: id) { try await archive.begin(plan, as: id).run }
            for path in ["deep", "deep/archive", "deep/archive/runs", "deep/archive/runs/\(id)"] {
                #expect(try permissions(folder.path(of: path)) == 0o700)
            }
            for path in ["lock", "runs/\(id)/plan.jsonl", "runs/\(id)/journal.jsonl"].map({ "deep/archive/\($0)" }) {
                #expect(try permissions(folder.path(of: path)) == 0o600)
            }
            let archived = try await run.plan()
            #expect(archived.header.id == id.text)
            #expect(archived.header.createdAt == plan.header.createdAt)
            #expect(archived.digest == plan.digest)
        }
    }

    @Test func `Two runs cannot overlap, and the second learns of the first`() async throws {
        try await World.withFolder { folder in
            let archive = Archive(folder.path)
            let first = try id("20261201T000000Z-000000")
            let second = try id("20261201T000000Z-000001")
            try await archive.withLock(for: first) {
                _ = await #expect(
                    throws: RolloutError.archiveInUse(
                        archive: folder.path, run: first.text,
                        process: Int(ProcessInfo.processInfo.processIdentifier))
                ) {
                    try await archive.withLock(for: second) {}
                }
            }
            try await archive.withLock(for: second) {}
        }
    }

    @Test func `A process that died does not hold the lock`() async throws {
        try await World.withFolder { folder in
            let archive = Archive(folder.path)
            try Data(#"{"run":"20261201T000000Z-000000","process":1}"#.utf8)
                .write(to: URL(fileURLWithPath: folder.path(of: "lock")))
            try await archive.withLock(for: try id("20261201T000000Z-000001")) {}
        }
    }

    @Test func `Runs are listed the newest first, with how far they came`() async throws {
        try await World.withFolder { folder in
            let archive = Archive(folder.path)
            let plan = try emptyPlan(in: folder)
            let ids = try (0..<4).map { try id("20261201T00000\($0)Z-000000") }
            _ = try await archive.begin(plan, as: ids[0])
            let unfinished = try await archive.begin(plan, as: ids[1]).run
            try await Journal(unfinished.folder.path(of: "journal.jsonl")).record(.started(caller: nil))
            let finished = try await archive.begin(plan, as: ids[2]).run
            let journal = try Journal(finished.folder.path(of: "journal.jsonl"))
            try await journal.record(.started(caller: nil))
            try await journal.record(.finished(.completed, RunCounts()))
            try folder.folder("runs").folder(ids[3].text).makeNew()
            try folder.folder("runs").folder("other").makeNew()

            #expect(try await archive.runs().map(\.id) == ids.reversed())
            #expect(
                try await archive.runs().map(\.phase)
                    == [.neverStarted, .finished(.completed), .unfinished, .neverStarted])
            #expect(try await archive.runs().map { $0.header?.id } == [nil, ids[2].text, ids[1].text, ids[0].text])
            try await archive.withLock(for: ids[1]) {
                let process = Int(ProcessInfo.processInfo.processIdentifier)
                let phase = try await archive.runs()[2].phase
                #expect(phase == .running(process: process))
            }

            #expect(try await archive.run("latest").id == ids[2])
            #expect(try await archive.run(ids[1].text).id == ids[1])
            #expect(try await archive.run("20261201T000001").id == ids[1])
            await #expect(throws: RolloutError.ambiguousRun("2026", ids)) { try await archive.run("2026") }
            await #expect(throws: RolloutError.noSuchRun("2027", archive: folder.path)) {
                try await archive.run("2027")
            }
            await #expect(throws: RolloutError.noSuchRun("", archive: folder.path)) { try await archive.run("") }
            await #expect(throws: RolloutError.neverBegan(ids[3])) { try await archive.run(ids[3].text).plan() }
        }
    }

    @Test func `An archive that is not there has no runs`() async throws {
        let archive = Archive("/nonexistent/archive")
        #expect(try await archive.runs().isEmpty)
        await #expect(throws: RolloutError.noRuns(archive: "/nonexistent/archive")) { try await archive.run("latest") }
    }

    @Test func `A damaged run does not hide the others`() async throws {
        try await World.withFolder { folder in
            let archive = Archive(folder.path)
            let plan = try emptyPlan(in: folder)
            let good = try await archive.begin(plan, as: try id("20261201T000000Z-000000")).run
            let bad = try await archive.begin(plan, as: try id("20261201T000001Z-000000")).run
            try Data("{}\n".utf8).write(to: URL(fileURLWithPath: bad.folder.path(of: "plan.jsonl")))
            let runs = try await archive.runs()
            #expect(runs.map(\.id) == [bad.id, good.id])
            guard case .unreadable? = runs.first?.phase else { return #expect(Bool(false)) }
        }
    }

    @Test func `An archive that cannot be made is named with what to do`() async throws {
        let archive = Archive("/dev/null/archive")
        await #expect {
            try await archive.withLock(for: World.runID) {}
        } throws: { error in
            "\(error)" == "cannot create /dev/null/archive: Not a directory; a part of the path is a file; choose "
                + "another folder"
        }
    }
}
