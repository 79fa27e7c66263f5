import Foundation
import Testing

/// `check` and `render`: no credentials, no network.
@Suite struct OfflineTests {
    /// No variable of AWS, and a proxy that would refuse every connection.
    private let nothing = [
        "HOME": "/nonexistent", "HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9",
    ]

    @Test(arguments: [
        ["base-images.csv"], ["base-images-wide.csv"], ["platform.csv", "--groups", "groups.csv"],
    ])
    func `The examples are clean`(arguments: [String]) async throws {
        let result = try await Program.ecrShare.run(
            ["check"] + arguments, environment: nothing,
            folder: .example("").deletingLastPathComponent().appending(path: "examples"))
        #expect(result.exitStatus == 0)
        #expect(!result.errors.contains("error"), "\(result.errors)")
        #expect(result.output.contains("rows for"))
    }

    @Test func `The two forms of the example render the same policies`() async throws {
        let long = try await Program.ecrShare.run(
            ["render", URL.example("base-images.csv").path, "--format", "json"], environment: nothing)
        let wide = try await Program.ecrShare.run(
            ["render", URL.example("base-images-wide.csv").path, "--format", "json"], environment: nothing)
        #expect(long.exitStatus == 0)
        #expect(long.output.contains("EcrShareAllowPullAndPush"))
        #expect(long.output == wide.output)
    }

    @Test func `Without libcurl everything but the network is there, and that says why it is not`() async throws {
        #if os(Linux)
            try await withScratchFolder { folder in
                for name in ["libcurl.so.4", "libcurl-gnutls.so.4"] {
                    try folder.appending(path: name).write("not a library")
                }
                let environment = nothing.merging([
                    "LD_LIBRARY_PATH": folder.path, "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
                    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                ]) { $1 }
                let check = try await Program.ecrShare.run(
                    ["check", URL.example("base-images.csv").path], environment: environment)
                #expect(check.exitStatus == 0, "\(check.errors)")
                let access = try await Program.ecrShare.run(
                    ["access", "--account", "111122223333", "--owner-region", "us-east-1"], environment: environment)
                #expect(access.exitStatus == 1)
                #expect(access.errors.contains("libcurl cannot be loaded, install it"), "\(access.errors)")
            }
        #endif
    }

    @Test func `A matrix with globs is not rendered`() async throws {
        let result = try await Program.ecrShare.run(
            ["render", URL.example("platform.csv").path, "--groups", URL.example("groups.csv").path],
            environment: nothing)
        #expect(result.exitStatus == 1)
        #expect(result.errors.contains("base/*"))
    }

    @Test func `Every problem of a file is reported with its place, and nothing is asked of AWS`() async throws {
        try await withScratchFolder { folder in
            let file = folder.appending(path: "bad.csv")
            try file.write(
                """
                owner_account,region,repository,consumer,access
                11122223333,us-east-1,base/python,444455556666,pull
                111122223333,us-east-9x,base/python,444455556666,pull
                111122223333,us-east-1,Base/Python,4.44456E+11,pull
                111122223333,us-east-1,base/python,ou-ab12-1,pull
                111122223333,us-east-1,base/python,444455556666,read
                """)
            for command in ["check", "plan"] {
                let result = try await Program.ecrShare.run([command, "bad.csv"], environment: nothing, folder: folder)
                #expect(result.exitStatus == 1)
                for place in [
                    "bad.csv:2:1: error:", "bad.csv:3:14: error:", "bad.csv:4:24: error:", "bad.csv:4:36: error:",
                    "bad.csv:5:36: error:", "bad.csv:6:49: error:",
                ] {
                    #expect(result.errors.contains(place), "\(place) is missing in:\n\(result.errors)")
                }
                #expect(result.output.isEmpty)
            }
        }
    }

    @Test(
        arguments: [
            (["check", "/nonexistent/matrix.csv"], 1), (["plan"], 64), (["apply"], 64),
            (["apply", "a.csv", "--plan", "b"], 64),
            (["plan", "a.csv", "--concurrency", "0"], 64), (["nonsense"], 64), (["check", "a.csv", "--nonsense"], 64),
            (["rollback", "latest", "--consumer", "nobody"], 64), (["rollback", "latest"], 1), (["runs"], 0),
        ] as [([String], Int32)])
    func `Wrong usage and missing files end with their status and a word`(arguments: [String], status: Int32)
        async throws
    {
        try await withScratchFolder { folder in
            let result = try await Program.ecrShare.run(arguments, environment: nothing, folder: folder)
            #expect(result.exitStatus == status, "\(result.errors)")
            #expect(!(result.errors + result.output).isEmpty)
        }
    }
}
