import AWSValues
import Testing

@testable import AWSClient

extension CredentialChainTests {
    @Test func `A program's answer is used`() async throws {
        let answer =
            #"{"Version":1,"AccessKeyId":"PKEY","SecretAccessKey":"s","SessionToken":"t","#
            + #""Expiration":"2026-05-01T13:00:00+00:00","AccountId":"111122223333"}"#
        let files = TestFiles(
            ["/home/me/.aws/config": "[profile p]\ncredential_process = ~/bin/get \"a b\" 'c\\d' e\\ f\n"],
            programs: [["/home/me/bin/get", "a b", "c\\d", "e f"]: ProgramResult(answer)]
        )
        let found = try await find([:], files, profile: "p")
        #expect(found.session?.credentials.accessKeyID == "PKEY", "\(String(describing: found.error))")
        #expect(found.session?.expiration == Self.now + .seconds(3_600))
        #expect(found.session?.account == "111122223333")
    }

    @Test(arguments: [
        ProgramResult(#"{"Version":2,"AccessKeyId":"A","SecretAccessKey":"hunter2"}"#),
        ProgramResult(#"{"Version":1,"AccessKeyId":"A"}"#), ProgramResult("hunter2"), ProgramResult(""),
        ProgramResult(
            #"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"hunter2","Expiration":"2020-01-01T00:00:00Z"}"#
        ),
    ]) func `A program that fails is an error without its output`(result: ProgramResult) async throws {
        let config = ["/home/me/.aws/config": "[profile p]\ncredential_process = get\n"]
        let found = try await find([:], TestFiles(config, programs: [["get"]: result]), profile: "p")
        #expect(found.error?.description.contains("hunter2") == false)
    }

    @Test func `A program's error output is not repeated, whatever is in it`() async throws {
        let output = [
            "password hunter2secret rejected", "Enter password for bob: hunter2", "VAULT_PW=hunter2", "pwd hunter2",
            "apikey hunter2", "-u bob:hunter2", "bearer hunter2", "hvs.hunter2", "glpat-hunter2", "xoxb-hunter2",
            "SecretAccessKey is hunter2", "SecretAccessKey=hunter2 hunter2 failed", "5d672d79hunter2cfba6789a8edb4c82",
        ]
        for (status, ending) in [(1, "exited with status 1."), (-9, "was ended by signal 9.")] as [(Int32, String)] {
            for errors in output + [""] {
                let description = try await failure(errors, status: status)
                #expect(!description.contains("hunter2"), "\(description)")
                #expect(description.contains("credential_process get \(ending) What it printed is not shown"))
            }
        }
        let usual = try await failure("Error: the token has Expired, run `aws sso login` hunter2", status: 255)
        #expect(
            usual.contains("exited with status 255; its error output mentions: expired, aws sso login. What"),
            "\(usual)")
        let shell = try await failure("", status: 127, command: "TOKEN=hunter2hunter2 get")
        #expect(!shell.contains("hunter2"), "\(shell)")
    }

    private func failure(_ errors: String, status: Int32, command: String = "get") async throws -> String {
        let files = TestFiles(
            ["/home/me/.aws/config": "[profile p]\ncredential_process = \(command)\n"],
            programs: [
                command.split(separator: " ").map(String.init): ProgramResult("", errors: errors, status: status)
            ])
        let found = try await find([:], files, profile: "p")
        return try #require(found.error?.description)
    }

    @Test(
        arguments: [
            ("a b", ["a", "b"]), ("  a\t b ", ["a", "b"]), ("'a b'c", ["a bc"]), (#""a\"b\c""#, [#"a"b\c"#]),
            (#"a\ b"#, ["a b"]), ("''", [""]), ("", []), ("'a", nil), ("\"a", nil), ("a\\", nil),
        ] as [(String, [String]?)]) func `Commands are split as a shell splits them`(command: String, words: [String]?)
    {
        #expect(CommandWords.split(command) == words)
    }

    @Test func `A real program runs, and its streams are read to the end`() async throws {
        // Where SIGPIPE is ignored, yes complains when head has enough.
        let big = "yes 2>/dev/null | head -c 300000; yes 2>/dev/null | head -c 300000 >&2; exit 3"
        let result = try await Environment.current().run(["sh", "-c", big])
        #expect(result.status == 3)
        #expect(result.output.count == 300_000)
        #expect(result.errorOutput.count == 300_000)
        await #expect(throws: FileAccessError.self) { try await Environment.current().run(["/nonexistent/program"]) }
    }
}
