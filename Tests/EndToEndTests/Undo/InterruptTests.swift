import Foundation
import Platform
@testable import SimulatedAWS
import Testing

/// Runs of the built program that are stopped from outside: signals, locks, disks.
@Suite(.timeLimit(.minutes(5))) struct InterruptTests {
    private static let slow: Faults = {
        var faults = Faults()
        faults.latencyMilliseconds = 60
        return faults
    }()

    /// Starts a slow apply and returns when some policies are written.
    private func startApply(_ work: Workplace, _ more: String = "") async throws -> Program.Running {
        let running = try Program.ecrShare.start(
            ["apply", "rollout.csv", "--yes", "--concurrency", "2"] + more.split(separator: " ").map(String.init),
            environment: work.server.environment, folder: work.folder)
        while running.process.isRunning, work.server.cloud.count("SetRepositoryPolicy").total < 3 {
            try await Task.sleep(for: .milliseconds(5))
        }
        return running
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `A signal finishes what is in flight and says how to resume`(number: Int32) async throws {
        try await withWorkplace(faults: Self.slow) { work in
            try work.rollout()
            let before = try work.readings()
            let running = try await startApply(work)
            kill(running.process.processIdentifier, number)
            let result = await running.result()
            #expect(result.exitStatus == 130, "\(result.errors)")
            let run = try #require(try work.runs().first)
            #expect(result.errors.contains("ecr-share apply --resume \(run)"), "\(result.errors)")
            #expect(result.errors.contains("not started"))

            // Everything that was announced was written, and the end is there. Reading back is left to the resumed run.
            let journal = try work.journal(of: run)
            let announced = journal.filter { $0.contains(#""event":"writing""#) }.count
            #expect(journal.filter { $0.contains(#""event":"applied""#) }.count == announced)
            #expect(journal.last?.contains(#""ending":"interrupted""#) == true)
            #expect(announced < Workplace.rolloutSize)

            for format in ["text --verbose", "markdown"] {
                let shown = try await work.ecrShare("runs show latest --format \(format)").output
                #expect(shown.contains("Not started") && shown.contains("nothing was written"), "\(shown)")
                #expect(shown.contains("\(announced) of \(Workplace.rolloutSize) repositories written"), "\(shown)")
                #expect(!shown.contains("apply --plan") && !shown.contains("<!--"), "\(shown)")
            }

            // The list of runs and the report of one say the same.
            for command in ["runs", "runs show latest"] {
                let shown = try await work.ecrShare("\(command) --format json").output
                #expect(shown.contains(#""state":"interrupted""#), "\(shown)")
            }

            let resumed = try await work.ecrShare("apply --resume latest")
            #expect(resumed.exitStatus == 0, "\(resumed.errors)")
            try work.expectDone(before: before)
        }
    }

    @Test func `A second signal ends the program at once, and the run is resumed all the same`() async throws {
        let stall = Faults(FaultRule(.stall, target: FaultTarget(operations: ["SetRepositoryPolicy"]), skip: 3))
        try await withWorkplace(faults: stall) { work in
            try work.rollout()
            let before = try work.readings()
            let running = try await startApply(work)
            while work.server.cloud.count("SetRepositoryPolicy").total < 5 {
                try await Task.sleep(for: .milliseconds(5))
            }
            running.process.interrupt()
            try await Task.sleep(for: .milliseconds(300))
            #expect(running.process.isRunning, "it did not wait for what is in flight")
            running.process.interrupt()
            let clock = ContinuousClock.now
            let result = await running.result()
            #expect(result.exitStatus == 130)
            #expect(ContinuousClock.now - clock < .seconds(15))
            work.server.cloud.setFaults(Faults())
            #expect(try await work.ecrShare("apply --resume latest").exitStatus == 0)
            try work.expectDone(before: before)
        }
    }

    @Test func `A terminal that is gone ends a run in order, however often it says so`() async throws {
        try await withWorkplace(faults: Self.slow) { work in
            try work.rollout()
            let before = try work.readings()
            let running = try Program.ecrShare.start(
                ["apply", "rollout.csv", "--yes", "--concurrency", "2"], environment: work.server.environment,
                folder: work.folder, isHeard: false)
            while running.process.isRunning, work.server.cloud.count("SetRepositoryPolicy").total < 3 {
                try await Task.sleep(for: .milliseconds(5))
            }
            for _ in 0..<3 { kill(running.process.processIdentifier, SIGHUP) }
            #expect(await running.result().exitStatus == 130)
            let run = try #require(try work.runs().first)
            #expect(try work.journal(of: run).last?.contains(#""ending":"interrupted""#) == true)
            #expect(try await work.ecrShare("apply --resume latest").exitStatus == 0)
            try work.expectDone(before: before)
        }
    }

    @Test func `A program for credentials ends with the program that waits for it, and all that it started`()
        async throws
    {
        try await withWorkplace { work in
            try work.rollout()
            try work.folder.appending(path: "process").write(
                "(sleep 2; touch late) &\ntouch started\nsleep 2\ntouch late\n")
            let process = work.folder.appending(path: "process").path
            try work.folder.appending(path: "config").write("[profile p]\ncredential_process = /bin/sh \(process)\n")
            // In a session of its own it has no terminal.
            let result = try await work.shell(
                "unset AWS_ACCESS_KEY_ID; export AWS_CONFIG_FILE=config AWS_PROFILE=p; setsid ecr-share plan rollout.csv & "
                    + "while [ ! -e started ]; do sleep 0.1; done; kill -TERM $!; wait $!")
            #expect(result.exitStatus == 130, "\(result.errors)")
            #expect(!result.errors.contains("status"), "\(result.errors)")
            try await Task.sleep(for: .seconds(3))
            #expect(throws: (any Error).self) { try work.text(of: "late") }
        }
    }

    @Test func `A run that was started with nohup outlives the terminal`() async throws {
        try await withWorkplace(faults: Self.slow) { work in
            try work.rollout()
            let line = "trap '' HUP; ecr-share apply rollout.csv --yes --concurrency 2 & sleep 1; kill -HUP $!; wait $!"
            let result = try await work.shell(line)
            #expect(result.exitStatus == 0, "\(result.errors)")
        }
    }

    @Test(arguments: [8, 16, 24]) func `Too few open files are an error before anything is written`(limit: Int)
        async throws
    {
        try await withWorkplace { work in
            try work.rollout()
            let before = work.server.policies
            for command in ["apply rollout.csv --yes", "plan rollout.csv", "access rollout.csv", "doctor rollout.csv"] {
                let result = try await work.shell("ulimit -n \(limit); ecr-share \(command)")
                #expect(result.exitStatus == 1, "\(command): \(result.errors)")
                #expect(result.errors.contains("ulimit -n"), "\(result.errors)")
            }
            #expect(work.server.policies == before)
        }
    }

    @Test(arguments: [32, 40, 64]) func `Few open files make a run slower, not worse`(limit: Int) async throws {
        try await withWorkplace { work in
            try work.rollout()
            let before = try work.readings()
            let result = try await work.shell("ulimit -n \(limit); ecr-share apply rollout.csv --yes")
            #expect(result.exitStatus == 0, "\(result.errors)")
            try work.expectDone(before: before)
        }
    }

    @Test(arguments: ["<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-", ">/dev/full"])
    func `Closed streams get nobody's words, and the archive none of the program's`(streams: String) async throws {
        try await withWorkplace { work in
            try work.rollout()
            let result = try await work.shell("ecr-share apply rollout.csv --yes \(streams)")
            let isHeard = !streams.contains(">&-") || streams == "<&- 2>&-" || streams == "2>&-"
            #expect(result.exitStatus == (isHeard && streams != ">/dev/full" ? 0 : 1), "\(result.errors)")
            for run in try work.runs() {
                let files = ["plan.jsonl", "journal.jsonl"].map { ".ecr-share/runs/\(run)/\($0)" }
                for line in try files.flatMap({ try work.text(of: $0).split(separator: "\n") }) {
                    #expect(line.hasPrefix("{") && line.hasSuffix("}"), "\(line)")
                }
            }
            if !streams.contains("2>&-"), result.exitStatus == 1 {
                #expect(result.errors.contains("cannot be written to standard output"), "\(result.errors)")
            }
        }
    }

    @Test func `Two runs of one archive do not overlap, and the second names the first`() async throws {
        // Slow enough that the first is there when the second has come so far, on a busy machine too.
        var slow = Self.slow
        slow.latencyMilliseconds = 300
        try await withWorkplace(faults: slow) { work in
            try work.rollout()
            let running = try await startApply(work)
            let run = try #require(try work.runs().first)
            try work.matrix("other.csv", "222233334444,us-east-1,tools/lint,444455556666,pull")
            let second = try await work.ecrShare("apply other.csv --yes")
            #expect(second.exitStatus == 1)
            #expect(second.errors.contains("in use by run \(run), process \(running.process.processIdentifier)"))
            let list = try await work.ecrShare("runs")
            #expect(list.output.contains("running, process"), "\(list.output)")
            #expect(await running.result().exitStatus == 0)
        }
    }

    @Test func `A reader that goes away does not end a run`() async throws {
        try await withWorkplace { work in
            try work.rollout()
            let result = try await work.shell("ecr-share apply rollout.csv --yes 2>&1 | true; sleep 2; ecr-share runs")
            #expect(!result.output.contains("unfinished"), "\(result.output)")
        }
    }

    @Test func `A disk that is full before the plan is archived ends with 1, and nothing is written`() async throws {
        try await withWorkplace { work in
            try work.rollout()
            let before = work.server.policies
            let result = try await work.shell("ulimit -f 4; ecr-share apply rollout.csv --yes")
            #expect(result.exitStatus == 1, "\(result.errors)")
            #expect(result.errors.contains("cannot write"), "\(result.errors)")
            #expect(work.server.policies == before)
        }
    }

    @Test func `A journal that cannot be written in mid-run ends with 3 and the way to resume`() async throws {
        try await withWorkplace(faults: Self.slow) { work in
            try work.rollout()
            let before = try work.readings()
            let running = try await startApply(work)
            running.process.interrupt()
            _ = await running.result()
            let run = try #require(try work.runs().first)
            // Filled up to just below the limit that the shell sets, in blocks of 512 bytes.
            let journal = work.folder.appending(path: ".ecr-share/runs/\(run)/journal.jsonl")
            var text = try String(contentsOf: journal, encoding: .utf8)
            while text.utf8.count < 80 * 512 - 400 {
                text += #"{"event":"started","time":"2026-11-24T21:03:59Z"}"# + "\n"
            }
            try journal.write(text)

            let full = try await work.shell("ulimit -f 80; ecr-share apply --resume \(run) --concurrency 1")
            #expect(full.exitStatus == 3, "\(full.errors)")
            #expect(full.errors.contains("apply --resume \(run)"), "\(full.errors)")
            let resumed = try await work.ecrShare("apply --resume \(run)")
            #expect(resumed.exitStatus == 0, "\(resumed.errors)")
            try work.expectDone(before: before)
        }
    }

    @Test func `An archive that cannot be made ends with 1, and nothing is written`() async throws {
        try await withWorkplace { work in
            let before = work.server.policies
            let result = try await work.ecrShare("apply base-images.csv --yes --archive base-images.csv/archive")
            #expect(result.exitStatus == 1)
            #expect(result.errors.contains("cannot create base-images.csv"), "\(result.errors)")
            #expect(work.server.policies == before)
        }
    }

    @Test(arguments: ["000", "077", "777"]) func `The archive is for its owner whatever the umask`(umask: String)
        async throws
    {
        try await withWorkplace { work in
            let result = try await work.shell("umask \(umask); ecr-share apply base-images.csv --yes")
            #expect(result.exitStatus == 0, "\(result.errors)")
            let run = try #require(try work.runs().first)
            for (path, mode) in [
                ("", 0o700), ("/runs", 0o700), ("/lock", 0o600), ("/runs/\(run)", 0o700),
                ("/runs/\(run)/plan.jsonl", 0o600), ("/runs/\(run)/journal.jsonl", 0o600),
            ] {
                let file = work.folder.appending(path: ".ecr-share\(path)").path
                let attributes = try FileManager.default.attributesOfItem(atPath: file)
                #expect(attributes[.posixPermissions] as? Int == mode, "\(path)")
            }
        }
    }
}

extension Workplace {
    /// Runs a line of shell in which `ecr-share` is the built program.
    func shell(_ line: String) async throws -> Program.Result {
        let folder = Program.ecrShare.executable.deletingLastPathComponent().path
        return try await Program(executable: URL(filePath: "/bin/sh")).run(
            ["-c", "PATH=\"\(folder):$PATH\"; \(line)"], environment: server.environment, folder: self.folder)
    }

    /// The whole lines of a run's journal.
    func journal(of run: String) throws -> [String] {
        try text(of: ".ecr-share/runs/\(run)/journal.jsonl").split(separator: "\n").map(String.init)
    }
}
