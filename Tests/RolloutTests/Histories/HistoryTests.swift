import Foundation
import Rollout
import Testing

/// Random histories of applies, rollbacks, resumes, kills and other people's edits, each drawn from one seed and judged
/// by an oracle of its own; see docs/design.md, "Tests".
///
/// `ECR_SHARE_HISTORIES=N` plays this many, `ECR_SHARE_HISTORY_SEED=N` one again, with its story.
@Suite struct HistoryTests {
    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    private struct Played {
        let violations: [String]
        let trace: UInt64
        let story: [String]
        let figures: Judge.Figures
    }

    private static func play(_ seed: Int, tellsStory: Bool = false) -> Played {
        Histories.withFolder { folder in
            let history = History(seed: UInt64(seed), in: folder, tellsStory: tellsStory)
            history.play()
            return Played(
                violations: history.judge.violations, trace: history.simulation.trace, story: history.simulation.story,
                figures: history.judge.figures)
        }
    }

    @Test func `Nothing is lost without a report, whatever happens in whatever order`() async throws {
        if let seed = HistoryTests.number("ECR_SHARE_HISTORY_SEED") {
            let played = HistoryTests.play(seed, tellsStory: true)
            let end = ["The end of seed \(seed), trace \(played.trace)"]
            print((["The history of seed \(seed):"] + played.story + played.violations + end).joined(separator: "\n"))
            #expect(played.violations.isEmpty)
            return
        }
        let count = HistoryTests.number("ECR_SHARE_HISTORIES") ?? 300
        let first = HistoryTests.number("ECR_SHARE_HISTORIES_FROM") ?? 1
        let workers = min(ProcessInfo.processInfo.activeProcessorCount, 8)
        let results = await withTaskGroup(of: (Judge.Figures, [Int]).self) { group in
            for worker in 0..<workers {
                group.addTask {
                    await Histories.onThread {
                        var sum = Judge.Figures()
                        var bad: [Int] = []
                        for seed in stride(from: first + worker, to: first + count, by: workers) {
                            let played = HistoryTests.play(seed)
                            sum.add(played.figures)
                            if !played.violations.isEmpty { bad.append(seed) }
                        }
                        return (sum, bad)
                    }
                }
            }
            return await group.reduce(into: (Judge.Figures(), [Int]())) { all, one in
                all.0.add(one.0)
                all.1 += one.1
            }
        }
        let seeds = results.1.sorted()
        for (index, seed) in seeds.enumerated() {
            let played = HistoryTests.play(seed, tellsStory: index < 3)
            print("ECR_SHARE_HISTORY_SEED=\(seed)")
            print((played.story + played.violations).joined(separator: "\n"))
        }
        #expect(seeds.isEmpty, "replay with ECR_SHARE_HISTORY_SEED=\(seeds.first ?? 0)")
        print("\(count) histories: \(results.0.summary)")
    }

    @Test func `Two histories of one seed are the same`() async {
        let traces = await Histories.onThread {
            (1...10).map { (HistoryTests.play($0).trace, HistoryTests.play($0, tellsStory: true).trace) }
        }
        for (first, second) in traces { #expect(first == second) }
    }
}

enum Histories {
    /// Does `body` on a thread of its own: it takes long, and other tests need those of the tasks.
    static func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: body()) }
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    /// Gives `body` a folder for archives, in memory where the system has such a place, and removes it afterwards.
    static func withFolder<Value>(_ body: (Folder) -> Value) -> Value {
        let parent = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        let folder = Folder(parent).folder("ecr-share-history-\(UUID().uuidString)")
        try? folder.make()
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        return body(folder)
    }
}

extension Judge.Figures {
    var summary: String {
        let sorted = windows.sorted()
        let window =
            sorted.isEmpty
            ? ""
            : ", look to write \(sorted[sorted.count / 2] / 1000) ms (median), \((sorted.last ?? 0) / 1000) ms (longest)"
        return
            "\(runs) runs, \(done) with status 0, \(writes) writes, \(edits) edits, \(kills) kills; erased in the round "
            + "trip: \(lostEdits) edits, \(lostWrites) writes of the other team, \(unseen) unseen\(window)"
    }
}
