import Foundation
@testable import SimulatedAWS
import Testing

/// Where base credentials come from, compared with botocore, which the AWS CLI uses.
@Suite struct BotocoreChainTests {
    /// What botocore found in one scenario, and the environment in which it did.
    private struct Answer: Decodable {
        var name: String
        var environment: [String: String]
        var key: String?
        var error: String?
    }

    @Test func `The program signs in with the key that botocore finds, or fails where botocore fails`() async throws {
        let scenarios = CredentialScenario.all
        #expect(Set(scenarios.map(\.name)).count == scenarios.count)
        try await withScratchFolder { folder in
            try await withBotocore(scenarios, folder) { answers in
                try await withSimulatedAWS(world(for: scenarios)) { server in
                    try folder.appending(path: "m.csv").write(
                        """
                        owner_account,region,repository,consumer,access
                        111122223333,us-east-1,base/python,444455556666,pull

                        """)
                    var planned = 0
                    for (scenario, answer) in zip(scenarios, answers) {
                        let result = try await run(scenario, answer, server, folder)
                        if result.exitStatus == 0 { planned += 1 }
                        check(scenario, answer, result, folder)
                    }
                    // Keys without a session open the simulated AWS, so these runs went through to a plan.
                    #expect(planned >= 20)
                }
            }
        }
    }

    /// Plans with the base credentials as they are, so that the first call to STS shows which they are.
    private func run(
        _ scenario: CredentialScenario, _ answer: Answer, _ server: SimulatedAWSServer, _ folder: URL
    ) async throws -> Program.Result {
        var environment = answer.environment
        environment["AWS_ENDPOINT_URL_ECR"] = server.endpoint
        var arguments = ["plan", folder.appending(path: "m.csv").path, "--role", "none", "--verbose"]
        if let profile = scenario.profile { arguments += ["--profile", profile] }
        return try await Program.ecrShare.run(arguments, environment: environment, folder: folder)
    }

    private func check(
        _ scenario: CredentialScenario, _ answer: Answer, _ result: Program.Result, _ folder: URL
    ) {
        let keys = (try? String(contentsOf: folder.appending(path: "\(scenario.name)/keys"), encoding: .utf8)) ?? ""
        let found = Set(keys.split(separator: "\n").map(String.init))
        let theirs = answer.key.map(CredentialScenario.Outcome.key) ?? .failure
        let ours: CredentialScenario.Outcome = found.count == 1 ? .key(found.first ?? "") : .failure
        let expected = scenario.ours ?? theirs
        #expect(
            ours == expected,
            "\(scenario.name): \(found) instead of \(expected); botocore: \(answer.error ?? "found one")\n\(result.errors)"
        )
        if scenario.difference != nil {
            #expect(expected != theirs, "\(scenario.name) differs no more; take it off the list and the docs")
        }
        if expected == .failure {
            #expect(result.exitStatus == 1, "\(scenario.name)")
            #expect(result.errors.contains("credentials"), "\(scenario.name): \(result.errors)")
        }
        let said = result.output + result.errors
        #expect(!said.contains("hush-"), "\(scenario.name) lets a secret out:\n\(said)")
    }

    @Test func `Every difference from botocore is in the docs`() throws {
        let page = try String(contentsOf: URL.project.appending(path: "docs/credentials.md"), encoding: .utf8)
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for scenario in CredentialScenario.all {
            guard let difference = scenario.difference else { continue }
            #expect(page.contains(difference), "docs/credentials.md does not say: \(difference)")
        }
    }

    /// A world in which every static key opens the account that owns the repository.
    private func world(for scenarios: [CredentialScenario]) -> World {
        let texts = scenarios.flatMap { Array($0.files.values) + Array($0.environment.values) }
        let names = Set(texts.flatMap { $0.matches(of: /STATIC[A-Z]+/).map { String($0.output) } })
        var world = World(
            accessKeys: names.map { name in
                AccessKey(
                    id: name, secret: "hush-\(name)", account: "111122223333",
                    arn: "arn:aws:iam::111122223333:user/\(name)")
            })
        world.addRepository(account: "111122223333", region: "us-east-1", name: "base/python")
        return world
    }

    /// Lets botocore resolve all scenarios, and keeps their services running for the time of `body`.
    private func withBotocore(
        _ scenarios: [CredentialScenario], _ folder: URL, _ body: ([Answer]) async throws -> Void
    ) async throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "resolve-with-botocore.py")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let python = ProcessInfo.processInfo.environment["ECR_SHARE_TEST_PYTHON"] ?? "python3"
        process.arguments = [python, script.path, folder.path]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        defer {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
        try input.fileHandleForWriting.write(contentsOf: JSONEncoder().encode(scenarios) + Data("\n".utf8))
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let part = output.fileHandleForReading.availableData
            try #require(
                !part.isEmpty,
                "\(python) could not resolve with botocore (pip install botocore; ECR_SHARE_TEST_PYTHON names it)")
            line += part
        }
        let answers = try JSONDecoder().decode([Answer].self, from: line)
        try #require(answers.map(\.name) == scenarios.map(\.name))
        try await body(answers)
    }
}
