import Foundation
import SimulatedAWS
import Testing

/// That memory grows with what must be known, not with what passes through. The sizes are below docs/performance.md's.
@Suite struct MemoryTests {
    /// A program prints its own peak of resident memory when it is run through this shell line: in kilobytes, last.
    private func peak(_ words: String, in work: Workplace) async throws -> (megabytes: Int, result: Program.Result) {
        let shell = Program(executable: URL(filePath: "/bin/sh"))
        // The peak of a process that has ended is only in its parent's hands, so the program is watched while it runs.
        let script = """
            "$0" \(words) >out.txt 2>err.txt & pid=$!
            peak=0
            while now=$(grep VmHWM "/proc/$pid/status" 2>/dev/null); do
                set -- $now
                [ "$2" -gt "$peak" ] && peak=$2
                sleep 0.01
            done
            wait $pid
            status=$?
            echo "$peak"
            exit $status
            """
        let result = try await shell.run(
            ["-c", script, Program.ecrShare.executable.path], environment: work.server.environment, folder: work.folder)
        let kilobytes = try #require(Int(result.output.trimmingCharacters(in: .whitespacesAndNewlines)))
        return (kilobytes / 1024, result)
    }

    @Test func `Five hundred repositories with a hundred consumers are planned, applied and rolled back in 100 MB`()
        async throws
    {
        let world = World.generated(accounts: 2, regions: 2, repositories: 125)
        try await withWorkplace(world) { work in
            let consumers = (0..<100).map { ",\(300_000_000_001 + $0),pull\n" }
            var rows = "owner_account,region,repository,consumer,access\n"
            for repository in world.repositories {
                let address = repository.address
                let head = "\(address.registry.account),\(address.registry.region),\(address.name)"
                for consumer in consumers { rows += head + consumer }
            }
            try work.folder.appending(path: "matrix.csv").write(rows)
            for words in ["plan matrix.csv --out saved.plan", "apply --plan saved.plan --yes", "rollback latest --yes"]
            {
                let (megabytes, result) = try await peak(words, in: work)
                #expect(result.exitStatus == 0, "\(words): \((try? work.text(of: "err.txt")) ?? "")")
                // A debug build needs more than a release build; growth with the policies would be far above either.
                #expect(megabytes < 100, "\(words) took \(megabytes) MB")
            }
        }
    }
}
