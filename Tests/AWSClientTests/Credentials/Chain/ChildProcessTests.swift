import Foundation
import Testing

@testable import AWSClient

/// Credential processes as processes.
@Suite struct ChildProcessTests {
    private func shell(_ script: String, limit: Duration = .seconds(20)) throws(FileAccessError) -> ProgramResult {
        try ChildProcess.run(["/bin/sh", "-c", script], timeLimit: limit)
    }

    @Test func `Output, error output and status come back`() throws {
        let result = try shell("echo out; echo err >&2; exit 3")
        #expect(String(decoding: result.output, as: UTF8.self) == "out\n")
        #expect(String(decoding: result.errorOutput, as: UTF8.self) == "err\n")
        #expect(result.status == 3)
        #expect(try shell("kill -9 $$").status == -9)
        let long = try shell("head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2")
        #expect(long.output.count == 300_000 && long.errorOutput.count == 300_000)
    }

    @Test func `Signals that this process ignores end the program`() throws {
        let numbers = [SIGINT, SIGTERM, SIGHUP]
        let before = numbers.map { signal($0, SIG_IGN) }
        defer { for (number, handler) in zip(numbers, before) { signal(number, handler) } }
        for number in numbers {
            #expect(try shell("kill -\(number) $$; echo survived").status == -number)
        }
    }

    @Test func `A program that hangs is ended, also one that does not listen`() {
        for script in ["exec sleep 60", "trap '' TERM; while :; do sleep 1; done", "sleep 3 & exec sleep 60"] {
            let start = ContinuousClock.now
            let failure = #expect(throws: FileAccessError.self) { try shell(script, limit: .milliseconds(200)) }
            #expect(failure?.description.contains("did not finish within") == true)
            #expect(ContinuousClock.now - start < .seconds(10))
        }
    }

    @Test func `What a program leaves behind holds nobody up, and endless output neither`() throws {
        // Not for long: it has the sockets of other tests as well.
        let result = try shell("(sleep 3; echo late) & echo done")
        #expect(String(decoding: result.output, as: UTF8.self) == "done\n")
        #expect(throws: FileAccessError.self) { try shell("yes") }
    }
}
