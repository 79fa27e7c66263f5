import Foundation
import Platform
import SimulatedAWS
import Testing

/// Kills the built program, with SIGKILL, at every step of its journal and at random moments, and holds what it left
/// against a reading of the policies that is not the program's.
///
/// `ECR_SHARE_KILLS` says at how many random moments; scripts/soak asks for 100.
@Suite(.serialized, .timeLimit(.minutes(60))) struct KillTests {
    private static let randomKills =
        ProcessInfo.processInfo.environment["ECR_SHARE_KILLS"].flatMap { Int($0) } ?? 12

    private static let slow: Faults = {
        var faults = Faults()
        faults.latencyMilliseconds = 3
        faults.jitterMilliseconds = 4
        return faults
    }()

    private func start(_ work: Workplace) throws -> Program.Running {
        try Program.ecrShare.start(
            ["apply", "rollout.csv", "--yes", "--concurrency", "4"], environment: work.server.environment,
            folder: work.folder)
    }

    private func kill(_ running: Program.Running) async {
        sendKill(running.process.processIdentifier)
        _ = await running.result()
    }

    /// Kills an apply when `mayLive` says so, and checks what it left: nothing half-written, and resuming or undoing
    /// gives the end of an undisturbed run or the beginning.
    private func killApply(undoes: Bool, _ wait: (Workplace, Program.Running) async throws -> Void) async throws {
        try await withWorkplace(faults: Self.slow) { work in
            try work.rollout()
            let before = try work.readings()
            let texts = work.server.policies
            let running = try start(work)
            try await wait(work, running)
            await kill(running)

            // Each policy is as before or as wanted, never between.
            let left = try work.readings()
            for (repository, reading) in left {
                #expect(reading.foreign == before[repository]?.foreign, "\(repository) lost a foreign statement")
            }
            // A write that is not announced on disk would be one that nobody can undo.
            let changed = left.filter { $0.value != before[$0.key] }.keys
            let run = try work.runs().last
            let journal = run.map { try? work.journal(of: $0) } ?? nil
            for repository in changed {
                let parts = repository.split(separator: "/", maxSplits: 2)
                #expect(
                    journal?.contains {
                        $0.contains(#""event":"writing""#) && $0.contains(#""region":"\#(parts[1])""#)
                            && $0.contains(#""name":"\#(parts[2])""#)
                    } == true, "\(repository) was written without a word in the journal")
            }
            guard let run,
                FileManager.default.fileExists(
                    atPath: work.folder.appending(path: ".ecr-share/runs/\(run)/plan.jsonl").path)
            else {
                #expect(changed.isEmpty, "something was written before the plan was archived")
                return
            }
            if undoes, journal?.isEmpty == true {
                #expect(changed.isEmpty)
                #expect(try await work.ecrShare("rollback \(run) --yes").exitStatus == 1, "nothing tells what it did")
            } else if undoes {
                let undone = try await work.ecrShare("rollback \(run) --yes")
                #expect(undone.exitStatus == 0, "\(undone.errors)")
                #expect(work.server.policies == texts, "the rollback left something behind")
            } else {
                let resumed = try await work.ecrShare("apply --resume \(run)")
                // It may have come to its end before it was killed.
                let isComplete = resumed.exitStatus == 1 && resumed.errors.contains("is complete")
                #expect(resumed.exitStatus == 0 || isComplete, "\(resumed.errors)")
                try work.expectDone(before: before)
                let undone = try await work.ecrShare("rollback \(run) --yes")
                #expect(undone.exitStatus == 0, "\(undone.errors)")
                #expect(work.server.policies == texts, "the rollback of a resumed run left something behind")
            }
        }
    }

    /// The journal of an undisturbed run has a line for the start, three a repository, and one for the end. The soak
    /// takes every step.
    private static let steps = randomKills < 100 ? [1, 2, 3, 5, 9, 17, 33, 48, 49, 50] : Array(1...50)

    @Test(arguments: steps)
    func `A run that is killed at a step of its journal is resumed or undone`(lines: Int) async throws {
        for undoes in [false, true] {
            try await killApply(undoes: undoes) { work, running in
                while running.process.isRunning {
                    let run = try work.runs().first
                    if let run, let journal = try? work.journal(of: run), journal.count >= lines { return }
                    try await Task.sleep(for: .microseconds(200))
                }
            }
        }
    }

    @Test func `A run that is killed at any moment is resumed or undone`() async throws {
        var moments = Moments(seed: 20_261_124)
        // How long an undisturbed run takes here.
        let whole = try await withWorkplace(faults: Self.slow) { work in
            try work.rollout()
            let start = ContinuousClock.now
            #expect(await (try self.start(work)).result().exitStatus == 0)
            return ContinuousClock.now - start
        }
        for number in 0..<Self.randomKills {
            let moment = whole * moments.next()
            try await killApply(undoes: number.isMultiple(of: 2)) { _, _ in try await Task.sleep(for: moment) }
        }
    }

    @Test func `A rollback that is killed is resumed`() async throws {
        try await withWorkplace(faults: Self.slow) { work in
            try work.rollout()
            let texts = work.server.policies
            #expect(try await work.ecrShare("apply rollout.csv --yes").exitStatus == 0)
            let writes = work.server.cloud.count("DeleteRepositoryPolicy").total
            let running = try Program.ecrShare.start(
                ["rollback", "latest", "--yes", "--concurrency", "2"], environment: work.server.environment,
                folder: work.folder)
            while running.process.isRunning, work.server.cloud.count("DeleteRepositoryPolicy").total < writes + 4 {
                try await Task.sleep(for: .milliseconds(1))
            }
            await kill(running)
            #expect(work.server.policies != texts)
            let resumed = try await work.ecrShare("apply --resume latest")
            #expect(resumed.exitStatus == 0, "\(resumed.errors)")
            #expect(work.server.policies == texts)
        }
    }
}

/// Shares of a whole, evenly spread, the same for the same seed.
struct Moments {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> Double {
        // Knuth's constants for a linear congruential generator (MMIX).
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 11) / Double(1 << 53)
    }
}

private func sendKill(_ process: Int32) {
    kill(process, SIGKILL)
}
