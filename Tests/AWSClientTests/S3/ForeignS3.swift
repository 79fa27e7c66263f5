import Foundation
import Testing

@testable import AWSClient

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An S3 that other people wrote, and that runs on this machine.
enum ForeignS3: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case moto
    case ministack

    var testDescription: String { rawValue }

    /// Those whose programs are there; `scripts/setup --tests` installs both.
    static var installed: [ForeignS3] { allCases.filter { $0.command(port: 0) != nil } }

    /// Nil when it is not installed.
    private func command(port: Int) -> (arguments: [String], environment: [String: String])? {
        switch self {
        case .moto:
            // Without the variable a test of signatures fails anyway, and says what is missing.
            guard let python = ProcessInfo.processInfo.environment["ECR_SHARE_TEST_PYTHON"] else { return nil }
            return ([python, "-m", "moto.server", "-H", "127.0.0.1", "-p", "\(port)"], [:])
        case .ministack:
            let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
            let program = project.appending(path: ".venv-ministack/bin/ministack").path
            guard FileManager.default.isExecutableFile(atPath: program) else { return nil }
            return (
                [program],
                [
                    "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": "\(port)", "SERVICES": "s3", "LOG_LEVEL": "ERROR",
                    "SFTP_ENABLED": "0", "IOT_MTLS_ENABLED": "0", "DOCKER_HOST": "unix:///nonexistent",
                ]
            )
        }
    }

    /// Runs the server for as long as `body` runs, with an empty bucket `team` in us-east-1.
    func run(_ body: @Sendable (S3Client) async throws -> Void) async throws {
        let port = try ForeignS3.freePort()
        let (arguments, environment) = try #require(command(port: port))
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.environment = environment.merging(["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"]) { own, _ in own }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        // moto lets SIGTERM pass, and ministack takes its time.
        defer {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        let endpoint = try HTTPURL(parsing: "http://127.0.0.1:\(port)")
        try await withHTTPClient { http in
            try await ForeignS3.waitUntilAnswering(http, endpoint)
            var url = endpoint
            url.path = "/team"
            let created = try await http.send(HTTPRequest(method: .put, url: url))
            try #require(created.isSuccess)
            let client = S3Client(
                AWSCaller(http, clock: .live), bucket: S3Bucket("team", region: "us-east-1"),
                endpoint: Endpoint(url: endpoint, signingRegion: "us-east-1", origin: "a test"),
                credentials: .fixed(.example))
            try await body(client)
        }
    }

    private static func waitUntilAnswering(_ http: HTTPClient, _ url: HTTPURL) async throws {
        for _ in 0..<600 {
            if (try? await http.send(HTTPRequest(method: .get, url: url))) != nil { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw StartError(description: "no answer at \(url) within a minute")
    }

    private struct StartError: Error, CustomStringConvertible {
        let description: String
    }

    /// A port without a listener. Another process could take it before the server does; then the test fails loudly.
    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
            }
        }
        guard isBound else { throw StartError(description: "no port is free") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
