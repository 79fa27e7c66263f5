import AWSValues
import Crypto
import Foundation
import TestSupport
import Testing

@testable import AWSClient

@Suite struct BotocoreComparisonTests {
    /// A request and what it is signed with, as sign-with-botocore.py reads it.
    private struct Case: Codable {
        var method: String
        var url: String
        var headers: [[String]]
        var body: String
        var accessKeyID: String
        var secretAccessKey: String
        var sessionToken: String?
        var service: String
        var region: String
        var time: Int
    }

    @Test func `1,000 random requests are signed exactly as botocore signs them`() throws {
        var random = SeededGenerator(seed: 20_260_102)
        let cases = (0..<1_000).map { _ in randomCase(&random) }
        let expected = try signWithBotocore(cases)
        #expect(expected.count == cases.count)
        let signer = RequestSigner()
        for (one, authorization) in zip(cases, expected) {
            let url = try HTTPURL(parsing: one.url)
            var request = HTTPRequest(
                method: try #require(HTTPRequest.Method(rawValue: one.method)),
                url: url,
                body: Array(one.body.utf8)
            )
            for header in one.headers { request.headers.append(header[0], header[1]) }
            if one.service == "s3" {
                let hash = Array(SHA256.hash(data: request.body)).hexadecimal
                request.headers.append("x-amz-content-sha256", hash)
            }
            signer.sign(
                &request,
                with: Credentials(
                    accessKeyID: one.accessKeyID,
                    secretAccessKey: one.secretAccessKey,
                    sessionToken: one.sessionToken
                ),
                service: one.service,
                region: one.region,
                at: Timestamp(secondsSinceEpoch: Double(one.time))
            )
            try #require(request.headers["Authorization"] == authorization, "\(one)")
        }
    }

    private func signWithBotocore(_ cases: [Case]) throws -> [String] {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "sign-with-botocore.py")
        let python = ProcessInfo.processInfo.environment["ECR_SHARE_TEST_PYTHON"] ?? "python3"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [python, script.path]
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("signer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let input = folder.appendingPathComponent("cases.json")
        let output = folder.appendingPathComponent("signatures.json")
        try JSONEncoder().encode(cases).write(to: input)
        try Data().write(to: output)
        process.standardInput = try FileHandle(forReadingFrom: input)
        process.standardOutput = try FileHandle(forWritingTo: output)
        try process.run()
        process.waitUntilExit()
        try #require(
            process.terminationStatus == 0,
            "\(python) could not sign with botocore (pip install botocore; ECR_SHARE_TEST_PYTHON names the interpreter)"
        )
        return try JSONDecoder().decode([String].self, from: Data(contentsOf: output))
    }

    private func randomCase(_ random: inout SeededGenerator) -> Case {
        func pick<Element>(_ elements: [Element]) -> Element {
            elements[Int.random(in: 0..<elements.count, using: &random)]
        }
        let hosts = [
            "api.ecr.eu-west-1.amazonaws.com", "localhost:4566", "127.0.0.1:80", "example.com:443", "[::1]:99",
        ]
        let paths = [
            "", "/", "/a", "/a/b/", "/a//b", "/a/../b", "/a/./b/..", "/a%20b", "/%C3%BC", "/a~b_c-d.e", "/a:b",
            "//a", "/./a", "/a%2Bb/%F0%9F%90%B3", "/a%3Ab~", "/%2541", "/team//a%20/",
        ]
        let queries = ["", "?a=b", "?b=2&a=1", "?a=2&a=1", "?a", "?a=%20b", "?a-b=c~d", "?Z=1&a=2"]
        let values = ["application/x-amz-json-1.1", "a", "  a   b ", "x;y=\"z\"", "tab\there"]
        var headers: [[String]] = []
        if Bool.random(using: &random) { headers.append(["Content-Type", pick(values)]) }
        if Bool.random(using: &random) { headers.append(["X-Amz-Target", "Prefix.Operation"]) }
        if Bool.random(using: &random) {
            headers.append(["x-amz-Custom-\(Int.random(in: 0..<9, using: &random))", pick(values)])
        }
        if Bool.random(using: &random) { headers.append(["X-Amzn-Trace-Id", "Root=1"]) }
        if Bool.random(using: &random) { headers.append(["User-Agent", "agent"]) }
        let scalars = Array("abcXYZ019/+=-_ü€\u{1F600}\n\"{}")
        func text(_ range: ClosedRange<Int>) -> String {
            String((0..<Int.random(in: range, using: &random)).map { _ in pick(scalars) })
        }
        let service = pick(["ecr", "sts", "organizations", "s3"])
        // Of a URL without a path botocore signs none for S3, which it never asks for.
        let path = service == "s3" ? pick(paths.filter { !$0.isEmpty }) : pick(paths)
        return Case(
            method: pick(["GET", "POST", "PUT", "DELETE"]),
            url: "\(pick(["http", "https"]))://\(pick(hosts))\(path)\(pick(queries))",
            headers: headers,
            body: text(0...200),
            accessKeyID: "AKIA\(Int.random(in: 1...1_000_000, using: &random))",
            secretAccessKey: text(1...60),
            sessionToken: Bool.random(using: &random)
                ? "FwoGZXIvYXdzE\(Int.random(in: 1...9_999, using: &random))/+==" : nil,
            service: service,
            region: pick(["us-east-1", "eu-west-1", "us-gov-west-1", "cn-north-1"]),
            time: Int.random(in: 0...4_000_000_000, using: &random)
        )
    }
}
