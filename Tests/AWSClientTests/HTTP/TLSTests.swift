import Foundation
import Testing

@testable import AWSClient

@Suite struct TLSTests {
    /// Runs `body` with the port of a server whose certificate, in the file, is its own.
    private func withTLSServer(_ body: (_ port: Int, _ certificate: String) async throws -> Void) async throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("serve-tls.py")
        let python = ProcessInfo.processInfo.environment["ECR_SHARE_TEST_PYTHON"] ?? "python3"
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [python, script.path, folder.path]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        defer {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let port = try #require(
            Int(line.trimmingCharacters(in: .whitespacesAndNewlines)),
            "\(python) could not serve https (pip install cryptography; ECR_SHARE_TEST_PYTHON names the interpreter)"
        )
        try await body(port, folder.appendingPathComponent("certificate.pem").path)
    }

    private func post(to host: String, _ port: Int, trusting bundle: String?) async throws -> Result<Int, HTTPError> {
        var configuration = HTTPConfiguration()
        configuration.caBundlePath = bundle
        let url = try HTTPURL(parsing: "https://\(host):\(port)/")
        return await withHTTPClient(configuration) { client in
            do throws(HTTPError) {
                let request = HTTPRequest(method: .post, url: url, body: Array("hello".utf8))
                return .success(try await client.send(request).body.count)
            } catch {
                return .failure(error)
            }
        }
    }

    @Test func `A certificate is accepted only when it is trusted and made out for the host`() async throws {
        try await withTLSServer { port, certificate in
            let trusted = try await post(to: "localhost", port, trusting: certificate)
            #expect(try trusted.get() == 5)
            for (host, bundle) in [("localhost", nil), ("127.0.0.1", certificate)] {
                guard case .failure(let error) = try await post(to: host, port, trusting: bundle) else {
                    Issue.record("\(host) was trusted")
                    continue
                }
                #expect(error.kind == .untrusted)
                #expect(!error.mayHaveReachedServer)
                #expect(!error.isTransient)
            }
        }
    }
}
