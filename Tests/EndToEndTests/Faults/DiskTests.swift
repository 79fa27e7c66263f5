import Foundation
import SimulatedAWS
import Testing

/// A disk that takes no more, or never took anything, while the built program works.
@Suite(.timeLimit(.minutes(5))) struct DiskTests {
    /// A limit on file sizes plays the full disk, at every stage of a run: before the plan is kept, between its parts,
    /// in the middle of the journal.
    @Test(arguments: [1, 8, 16, 24, 28, 32, 36, 40, 44, 48, 56, 64, 80])
    func `A full disk loses nothing, and the run can be finished and undone`(blocks: Int) async throws {
        try await withWorkplace { work in
            try work.rollout()
            let before = try work.readings()
            let shell = Program(executable: URL(filePath: "/bin/sh"))
            let full = try await shell.run(
                [
                    "-c", "trap '' XFSZ; ulimit -f \(blocks); exec \"$0\" apply rollout.csv --yes",
                    Program.ecrShare.executable.path,
                ],
                environment: work.server.environment.merging(["TMPDIR": work.folder.path]) { $1 }, folder: work.folder)
            if full.exitStatus != 0 {
                #expect([1, 3].contains(full.exitStatus), "\(full.errors)")
                #expect(full.errors.contains("choose a folder on another disk"), "\(full.errors)")
            }
            for (repository, reading) in try work.readings() {
                #expect(reading.foreign == before[repository]?.foreign, "\(repository) lost a foreign statement")
                #expect(
                    reading == before[repository] || reading.pullers == ["444455556666", "555566667777"],
                    "\(repository) is neither as before nor done")
            }
            if try work.server.policies.mapValues({ try PolicyReading($0) }) != before {
                let listed = try await work.ecrShare("runs list")
                #expect(listed.exitStatus == 0 && !listed.output.contains("unreadable"), "\(listed.output)")
                let rollback = try await work.ecrShare("rollback latest --yes")
                #expect(rollback.exitStatus == 0, "\(rollback.errors)")
                #expect(try work.readings() == before)
            }
            #expect(try await work.ecrShare("apply rollout.csv --yes").exitStatus == 0)
            try work.expectDone(before: before)
        }
    }

    @Test(arguments: ["/proc/archive", "rollout.csv/archive"])
    func `Without an archive nothing is written`(archive: String) async throws {
        try await withWorkplace { work in
            try work.rollout()
            let before = work.server.policies
            let result = try await work.ecrShare("apply rollout.csv --yes --archive \(archive)")
            #expect(result.exitStatus == 1)
            #expect(result.errors.contains(archive), "\(result.errors)")
            #expect(work.server.policies == before)
        }
    }
}
