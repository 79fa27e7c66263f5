import Foundation
import Rollout
import SharePlan
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct FullDiskTests {
    @Test func `A disk that fills up stops the run before the next write, and the run is resumed`() async {
        await #expect(processExitsWith: .success) {
            // In a process of its own, since the limit of file sizes is the process's.
            signal(SIGXFSZ, SIG_IGN)
            try await World.withFolder { folder in
                let runs = folder.folder("archive/runs")
                let wanted = Dictionary(uniqueKeysWithValues: World.repositories(40).map { ($0, ["555566667777"]) })
                let policies = wanted.mapValues { _ in World.policy(["444455556666"]) }
                let isFull = Atomic(false)
                let store = MemoryStore(
                    policies,
                    after: { _, store in
                        guard store.writes.count >= 10, !isFull.exchange(true, ordering: .relaxed) else { return }
                        let journal = runs.folder((try? runs.names().first) ?? "").path(of: "journal.jsonl")
                        let attributes = try? FileManager.default.attributesOfItem(atPath: journal)
                        limitFiles(to: (attributes?[.size] as? Int ?? 0) + 50)
                    })
                let plan = try await World.plan(MemoryStore(policies), wanted, in: folder)
                do {
                    _ = try await Runner(store, folder, ApplyOptions(concurrency: 4)).execute(plan)
                    Issue.record("the run did not notice")
                } catch RolloutError.brokenOff(let run, let reason) {
                    #expect(try runs.names() == [run.text] && reason.contains("journal.jsonl"))
                }
                let run = try await Archive(folder.path(of: "archive")).run("latest")
                let state = try await run.state()
                #expect((10...18).contains(store.writes.count))
                #expect(state.ending == nil)
                #expect(store.writes.allSatisfy { state.mayHaveWritten($0) })

                limitFiles(to: Int(Int32.max))
                let calm = MemoryStore(store.policies)
                let resumed = try await Runner(calm, folder).resume(run)
                #expect(resumed.exitStatus == .done)
                #expect(calm.policies.values.allSatisfy { $0 == World.policy(["555566667777"]) })
            }
        }
    }
}

/// No file of this process may grow beyond `size` bytes.
private func limitFiles(to size: Int) {
    var limit = rlimit(rlim_cur: rlim_t(size), rlim_max: rlim_t(Int.max))
    #if canImport(Glibc)
        _ = setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    #else
        _ = setrlimit(RLIMIT_FSIZE, &limit)
    #endif
}
