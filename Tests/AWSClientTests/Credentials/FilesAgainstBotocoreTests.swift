import AWSValues
import Foundation
import TestSupport
import Testing

@testable import AWSClient

/// Generated shared files, read by botocore and by this program.
///
/// `ECR_SHARE_FILE_CASES` says how many, `ECR_SHARE_FUZZ_SEED` which; scripts/fuzz sets them.
@Suite(.serialized, .timeLimit(.minutes(60))) struct FilesAgainstBotocoreTests {
    private static let number = setting("ECR_SHARE_FILE_CASES") ?? 1_000
    private static let seed = UInt64(setting("ECR_SHARE_FUZZ_SEED") ?? 20_261_126)

    private static func setting(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    private struct Request: Encodable {
        var cases: [SharedFilesCase] = []
        var times: [String] = []
    }

    private struct Response: Decodable {
        var answers: [Answer]
        var times: [Double?]
    }

    /// What botocore found in one case.
    private struct Answer: Decodable {
        struct Settings: Decodable {
            var region: String?
            var caBundle: String?
            var fips: Bool
            var dualStack: Bool
            var endpoints: [String: String]
        }

        var key: String?
        var secret: String?
        var token: String?
        var error: String?
        var settings: Settings?
    }

    /// Where botocore has no credentials and the program may have some, by what botocore says; docs/credentials.md
    /// lists them with their reasons.
    private static let mayGoOn = [
        "ConfigParseError ByteOrderMark": "a byte-order mark",
        "ConfigParseError DuplicateSectionError": "a section that appears twice",
        "ConfigParseError DuplicateOptionError": "a key that appears twice in a section",
        "ProfileNotFound": "keys in variables beside the name of a profile that does not exist",
        "ParamValidationError": "a setting that is empty",
        "NoRegionError": "no region at all",
        "ValueError: invalid literal for int": "a number for the metadata service that is none, and is not needed",
        "InvalidConfigError: The profile": "an sso_session that is missing, in a profile that does not use it",
    ]

    @Test func `Generated files lead to botocore's identity, token and roles, or fail where botocore fails`()
        async throws
    {
        var generator = SharedFilesGenerator(seed: Self.seed)
        var tally: [String: Int] = [:]
        var done = 0
        while done < Self.number {
            let batch = min(1_000, Self.number - done)
            try await withLoopbackServer(PretendServices.handler) { server in
                let folder = FileManager.default.temporaryDirectory.appending(path: "shared-files-\(UUID().uuidString)")
                defer { try? FileManager.default.removeItem(at: folder) }
                let url = try server.url.description
                var request = Request()
                request.cases = (0..<batch).map { generator.next(home: "\(folder.path)/\($0)", server: url) }
                let answers = try resolve(request, folder).answers
                try #require(answers.count == batch)
                let pairs = Array(zip(request.cases, answers))
                let outcomes = await withTaskGroup(of: [String].self) { group in
                    for start in 0..<4 {
                        group.addTask {
                            var outcomes: [String] = []
                            for index in stride(from: start, to: pairs.count, by: 4) {
                                outcomes.append(await compare(pairs[index].0, pairs[index].1))
                                compareSettings(pairs[index].0, pairs[index].1)
                            }
                            return outcomes
                        }
                    }
                    return await group.reduce(into: []) { $0 += $1 }
                }
                for outcome in outcomes { tally[outcome, default: 0] += 1 }
            }
            done += batch
        }
        print("shared files against botocore, seed \(Self.seed):")
        for (outcome, count) in tally.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            print("  \(count) \(outcome)")
        }
        let agreed = tally.filter { $0.key.hasPrefix("both") }.values.reduce(0, +)
        #expect(agreed * 5 > Self.number * 2, "too few of the generated cases have credentials")
    }

    @Test func `Times are read as botocore's date library reads them`() throws {
        var random = SeededGenerator(seed: Self.seed)
        func pick(_ texts: [String]) -> String { texts[Int.random(in: 0..<texts.count, using: &random)] }
        let texts =
            SharedFilesGenerator.times
            + (0..<max(Self.number, 500)).map { _ in
                pick(["2099-01-31", "2024-02-29", "20240229", "2001/12/01"]) + pick(["T", " ", "t", "  "])
                    + pick([
                        "00:00:00", "23:59:59", "12:34", "123456", "1234", "01:02:03.5", "01:02:03,25", "010203.123456",
                        "23:59:59.123456789",
                    ]) + pick(["", "", " "])
                    + pick([
                        "Z", "z", "UTC", "GMT", "+0000", "-0500", "+01:00", "+01", "-12", "+23:59", "", "+24:00", "+1",
                        "X",
                    ])
            }
        var request = Request()
        request.times = texts
        let folder = FileManager.default.temporaryDirectory
        let theirs = try resolve(request, folder).times
        try #require(theirs.count == texts.count)
        for (text, time) in zip(texts, theirs) {
            let ours = Timestamp(expiration: text)?.secondsSinceEpoch
            if let ours, let time { #expect(abs(ours - time) < 1e-3, "\(text)") }
            if ours != nil, time == nil { Issue.record("\(text) is not a time for botocore") }
            // An offset of one digit does not occur.
            if ours == nil, time != nil, !text.hasSuffix("+1") { Issue.record("\(text) is a time for botocore") }
        }
    }

    private func configuration(_ one: SharedFilesCase, without server: String? = nil) throws -> AWSConfiguration {
        var environment = AWSClient.Environment.current()
        environment.variables = one.environment.filter { server == nil || !$0.value.hasPrefix(server ?? "") }
        environment.homeDirectory = one.environment["HOME"]
        var configuration = try AWSConfiguration(environment, profile: one.profile)
        configuration.clock.sleep = { (_) async throws(CancellationError) in }
        return configuration
    }

    private func compare(_ one: SharedFilesCase, _ answer: Answer) async -> String {
        let found: Credentials?
        var problem = ""
        do {
            found = try await withAWS(try configuration(one)) { (aws) async throws(CredentialFailure) in
                try await aws.baseCredentials.credentials()
            }
        } catch {
            // botocore notices this when it makes the client for ECR.
            if error is EndpointError, answer.settings == nil { return "neither: the settings" }
            found = nil
            problem = "\(error)"
        }
        switch (found, answer.key) {
        case (let found?, let key?):
            let isSame =
                found.accessKeyID == key && found.secretAccessKey == answer.secret
                && found.sessionToken == answer.token
            if !isSame {
                Issue.record(
                    "\(found.accessKeyID), token \(found.sessionToken ?? "none"), instead of \(key), token \(answer.token ?? "none")\n\(text(of: one))"
                )
            }
            return "both: \(Self.kind(of: key))"
        case (nil, let key?):
            Issue.record("botocore finds \(key): \(problem)\n\(text(of: one))")
            return "only botocore found it"
        case (let found?, nil):
            let kind = Self.mayGoOn.keys.first { answer.error?.hasPrefix($0) == true }
            if kind == nil {
                Issue.record("\(found.accessKeyID), where botocore says: \(answer.error ?? "")\n\(text(of: one))")
            }
            return "only the program: \(kind ?? "?")"
        case (nil, nil): return "neither: \(answer.error?.prefix { $0 != ":" } ?? "")"
        }
    }

    /// Where a key comes from, by what it begins with.
    private static func kind(of key: String) -> String {
        let kinds = [
            "AKIAENV", "AKIACRED", "AKIACONF", "AKIADEF", "ROLE", "WEB", "SSO", "LOGINCACHED", "LOGIN", "PROG",
            "CONTAINER", "INSTANCE",
        ]
        return kinds.first { key.hasPrefix($0) } ?? key
    }

    private func compareSettings(_ one: SharedFilesCase, _ answer: Answer) {
        guard let theirs = answer.settings else { return }
        do {
            let ours = try configuration(one, without: "http://127.0.0.1")
            func given(_ text: String?) -> String? { text?.isEmpty == true ? nil : text }
            #expect(ours.region ?? ours.regionOfProfile == given(theirs.region), "\(text(of: one))")
            #expect(ours.http.caBundlePath == given(theirs.caBundle), "\(text(of: one))")
            #expect(ours.endpoints.usesFIPS == theirs.fips, "\(text(of: one))")
            #expect(ours.endpoints.usesDualStack == theirs.dualStack, "\(text(of: one))")
            for service in AWSService.allCases {
                let url = ours.endpoints.overrides[service] ?? ours.endpoints.override
                let their = try theirs.endpoints[service.endpointVariableSuffix].map { try HTTPURL(parsing: $0) }
                #expect(url == their, "\(service)\n\(text(of: one))")
            }
        } catch {
            Issue.record("\(error)\n\(text(of: one))")
        }
    }

    /// A case as a person reads it.
    private func text(of one: SharedFilesCase) -> String {
        let variables = one.environment.filter { !["PATH", "AWS_MAX_ATTEMPTS"].contains($0.key) }
            .sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let files = one.files.filter { $0.path != "helper" }.map { file in
            "== \(file.path)\(file.isFolder ? " (folder)" : "")\n\(String(decoding: file.contents, as: UTF8.self))"
        }
        return (["--profile \(one.profile ?? "none")"] + variables + files).joined(separator: "\n")
    }

    private func resolve(_ request: Request, _ folder: URL) throws -> Response {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "resolve-many-with-botocore.py")
        let python = ProcessInfo.processInfo.environment["ECR_SHARE_TEST_PYTHON"] ?? "python3"
        let exchange = FileManager.default.temporaryDirectory.appending(path: "exchange-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: exchange, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: exchange) }
        let (input, output) = (exchange.appending(path: "in"), exchange.appending(path: "out"))
        try JSONEncoder().encode(request).write(to: input)
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [python, "-W", "ignore", script.path, folder.path]
        process.standardInput = try FileHandle(forReadingFrom: input)
        process.standardOutput = try FileHandle(forWritingTo: output)
        try process.run()
        process.waitUntilExit()
        try #require(
            process.terminationStatus == 0,
            "\(python) could not resolve with botocore (pip install botocore cryptography; ECR_SHARE_TEST_PYTHON names it)"
        )
        return try JSONDecoder().decode(Response.self, from: Data(contentsOf: output))
    }
}
