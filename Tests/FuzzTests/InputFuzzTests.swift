import AWSValues
import Foundation
import OrderedJSON
@testable import Rollout
import SharePlan
import TestSupport
import Testing

@testable import AWSClient
@testable import ecr_share

/// Everything that the program reads from outside, with inputs that are almost right: no crash, no hang, no growth.
///
/// `ECR_SHARE_FUZZ_INPUTS` says how many inputs each reader gets, `ECR_SHARE_FUZZ_SEED` which; scripts/fuzz sets them.
@Suite(.serialized, .timeLimit(.minutes(60))) struct InputFuzzTests {
    private static let inputs = setting("ECR_SHARE_FUZZ_INPUTS") ?? 2_000
    private static let seed = UInt64(setting("ECR_SHARE_FUZZ_SEED") ?? 20_261_124)

    private static func setting(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    /// Hands `read` that many inputs, and expects that none takes seconds and that memory does not grow.
    private func fuzz(_ samples: [String], words: [String], _ read: ([UInt8]) throws -> Void) rethrows {
        var mutator = Mutator(samples: samples, words: words, seed: Self.seed)
        for sample in samples { try read(Array(sample.utf8)) }
        var early: Int?
        for number in 0..<Self.inputs {
            let input = mutator.next()
            let start = ContinuousClock.now
            try read(input)
            let time = ContinuousClock.now - start
            // Far beyond any busy machine: 4 KB take microseconds.
            if time > .seconds(20) { Issue.record("\(time) for \(String(decoding: input, as: UTF8.self))") }
            // Caches and arenas have their size by then.
            if number == Self.inputs / 2 { early = residentBytes() }
        }
        if Self.inputs >= 100_000, let early, let late = residentBytes() {
            #expect(late - early < 32 << 20, "memory grew from \(early) to \(late) bytes")
        }
    }

    @Test func `Matrices, groups and lists of consumers`() throws {
        let samples = [
            "owner_account,region,repository,consumer,access,consumer_region,expires,reason\r\n"
                + "111122223333,us-east-1;eu-west-1,base/*,444455556666,pull;lambda,us-east-1,2027-01-31,\"a, b\"\r\n"
                + "# comment\n\n111122223333,us-east-1,base/go,@team,push,,,\"line\nbreak\"\n",
            "owner_account,region,repository,444455556666,555566667777/eu-west-1,o-a1b2c3d4e5\n"
                + "111122223333,us-east-1,base/python,pull,pull;lambda,\n",
            "group,consumer\nteam,444455556666\nteam,o-a1b2c3d4e5/r-ab12/ou-ab12-12345678/*\n",
            "name,consumer\nbuild,arn:aws:iam::444455556666:role/ci\n",
        ]
        let words = [
            "\"", "\"\"", ",", ";", "\r\n", "\u{FEFF}", "@team", "4.44456E+11", "\u{201C}", "*", "o-", "#", "\0",
        ]
        let today = try #require(CalendarDate("2026-11-24"))
        let groups = Groups.parse(Array(samples[2].utf8), path: "g.csv").groups
        fuzz(samples, words: words) { input in
            let result = Matrix.parse(input, path: "m.csv", groups: groups, today: today)
            #expect((result.matrix == nil) == result.diagnostics.hasErrors)
            for line in result.diagnostics.lines().prefix(50) { #expect(!line.isEmpty) }
            _ = Groups.parse(input, path: "g.csv")
            _ = ConsumerList.parse(input, path: "c.csv")
        }
    }

    @Test func `Configuration files`() {
        let samples = [
            "# All\nrole: \"arn:{partition}:iam::{account}:role/x\"\nregion: us-east-1\nmax-changes: 20%\nprotect:\n"
                + "  - golden/*\n  - 'it''s'\nallow: [444455556666, o-a1b2c3d4e5]\naccounts:\n  \"222233334444\":\n"
                + "    role: |\n      x\n    external-id: >-\n      y\n",
            "%YAML 1.1\n---\n{\"adopt\": true, ? prune : !!bool false, merge: &a add}\n...\n",
        ]
        let words = [
            "\t", "*a", "&a ", "<<: ", "---\n", "...\n", "[", "]", "{", "}", "- ", "? ", ": ", "|\n", "\"", "'", "\\0",
            "\0", "\u{FEFF}", "\u{85}", "\r", "%TAG ! a\n", "!<", "role: x\n",
        ]
        fuzz(samples, words: words) { input in
            do throws(ConfigurationError) {
                _ = try ConfigurationFile(parsing: input, path: "c.yaml")
            } catch {
                let count = input.count { $0 == 0x0A || $0 == 0x0D } + 3
                #expect(!error.problems.isEmpty && error.problems.allSatisfy { 1...count ~= $0.line })
            }
        }
    }

    @Test func `Policies`() throws {
        let pull = #""Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]"#
        let samples = [
            #"{"Version":"2008-10-17","Statement":[{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":["#
                + #""444455556666","arn:aws:iam::555566667777:root"]},\#(pull)}]}"#,
            #"{"Version":"2012-10-17","Id":"x","Statement":[{"Sid":"new statement","Effect":"Deny","Principal":"*","#
                + #""NotAction":"ecr:*","Condition":{"StringLike":{"aws:sourceArn":"arn:aws:lambda:*:4:function:*"}}},"#
                + #"{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"ecr:Batch*"}]}"#,
            #"{ "Statement" : { "Sid" : "EcrShareAllowPullOrg", "Effect" : "Allow", "Principal" : "*", "#
                + #""Condition" : { "StringEquals" : { "aws:PrincipalOrgID" : [ "o-a1b2c3d4e5" ] } }, \#(pull) } }"#,
        ]
        let words = [
            "Statement", "Sid", "EcrShare", "\"*\"", "null", "1e400", "-0", "\\u0000", "\\ud800", "{", "[", "}", "]",
            "Principal", "NotPrincipal", "AROAX", "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "é",
        ]
        let repository = try #require(repositoryID("base/python"))
        let consumer = try #require(Consumer("444455556666"))
        let wanted = [WantedGrant(Grant(consumer: consumer, access: .push))]
        fuzz(samples, words: words) { input in
            let text = String(decoding: input, as: UTF8.self)
            if let value = try? JSONValue(parsing: input[...]) {
                #expect((try? JSONValue(parsing: value.minified)) == value, "\(text) does not come back as it was")
            }
            for mode in [MergeMode.match, .add, .remove] {
                let rules = SharingRules(mode: mode, adopt: mode != .add, takeOver: mode == .match)
                switch rules.entry(for: repository, live: Policy(text), wanted: wanted) {
                case .problem(let problem):
                    // The merge and the check that judges it share no code: they must not differ.
                    #expect(
                        problem.code != "broken-promise" && problem.code != "internal", "\(problem.message): \(text)")
                case .change(let change):
                    let undo = RollbackRules(sidPrefix: "EcrShare").entry(undoing: change, live: change.after)
                    // What would open the repository again is not put back; nothing else prevents it.
                    if case .problem(let problem) = undo, problem.code != "not-restorable" {
                        Issue.record("\(problem.code): \(problem.message): \(text)")
                    }
                    _ = PolicyConflict(change, live: Policy(samples[1]), sidPrefix: "EcrShare").lines
                case .unchanged, .orphan: break
                }
            }
            _ = try? GrantAudit(of: Policy(text), partition: .aws, owner: repository.account)
        }
    }

    @Test func `Plans`() throws {
        let repository = try #require(repositoryID("base/python"))
        let consumer = try #require(Consumer("444455556666"))
        let grant = WantedGrant(
            Grant(consumer: consumer, access: .pull), reason: "why", expires: CalendarDate("2027-01-31"))
        let entries: [PlanEntry] = [
            .change(
                Change(
                    repository: repository, before: nil, after: Policy(#"{"Version":"2008-10-17","Statement":[]}"#),
                    grants: GrantDifference(added: [grant]), warnings: ["look"])),
            .unchanged(Unchanged(repository: try #require(repositoryID("base/ruby")))),
            .problem(Problem(repository: try #require(repositoryID("base/zig")), code: "conflict", message: "no")),
            .problem(
                Problem(
                    registry: Registry(account: repository.account, region: try #require(Region("us-west-2"))),
                    code: "listing", message: "no")),
        ]
        let header = PlanHeader(
            id: "20261124T210359Z-3f9a1c", createdAt: "2026-11-24T21:03:59Z", operation: .share, mode: .match,
            sidPrefix: "EcrShare",
            matrix: PlanHeader.Source(path: "m.csv", sha256: String(repeating: "0", count: 64), rows: 1))
        var digest = PlanDigest(header)
        var summary = PlanSummary()
        var plan = PlanLine.header(header).bytes + [0x0A]
        for entry in entries {
            digest.add(entry)
            summary.count(entry)
            plan += PlanLine.entry(entry).bytes + [0x0A]
        }
        plan += PlanLine.summary(PlanLine.Totals(summary, digest: digest.hexadecimal)).bytes + [0x0A]
        let words = ["\"before\":null", "null", "\n", "{\"kind\":\"change\"", "999999999999999999999", "\\u0000", "}"]
        try fuzz([String(decoding: plan, as: UTF8.self)], words: words) { input in
            var reader = PlanReader()
            var read: [PlanEntry] = []
            let lines = input.split(separator: 0x0A, omittingEmptySubsequences: false)
            do {
                for (number, line) in lines.enumerated() where number < lines.count - 1 || !line.isEmpty {
                    if let entry = try reader.read(line, isTerminated: number < lines.count - 1) { read.append(entry) }
                }
                _ = try reader.finish()
                #expect(
                    read == entries, "an edited plan was taken for whole: \(String(decoding: input, as: UTF8.self))")
            } catch is PlanError {}
        }
    }

    @Test func `Journals`() throws {
        let repository = try #require(repositoryID("base/python"))
        var counts = RunCounts()
        counts[.written] = 1
        let events: [JournalEvent] = [
            .started(caller: "arn:aws:iam::999900001111:user/platform"), .writing(repository), .applied(repository),
            .verified(repository), .skipped(repository), .conflict(repository, live: Policy("{}"), written: .unknown),
            .failed(repository, code: "X", message: "m", requestID: "r", written: .no), .finished(.completed, counts),
        ]
        var bytes: [UInt8] = []
        for event in events { JournalEntry(time: "2026-11-24T21:03:59.250Z", event: event).append(to: &bytes) }
        let words = ["\"event\":\"writing\"", "null", "\n", "{", "}", "\"written\":\"yes\"", "99999999999999999999"]
        fuzz([String(decoding: bytes, as: UTF8.self)], words: words) { input in
            var state = RunState()
            for line in input.split(separator: 0x0A) {
                guard let entry = try? JournalEntry(decoding: line) else { continue }
                state.add(entry)
                var again: [UInt8] = []
                entry.append(to: &again)
                #expect((try? JournalEntry(decoding: again.dropLast())) == entry)
            }
            _ = state.mayHaveWritten(repository)
        }
    }

    @Test func `Answers of AWS and of proxies before it`() {
        let samples = [
            #"<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>"#
                + "<Code>AccessDenied</Code><Message>no &amp; never</Message></Error><RequestId>r-1</RequestId>"
                + "</ErrorResponse>",
            #"{"__type":"com.amazonaws.ecr#ServerException:http://x","message":"later","Message":1}"#,
            "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>",
            #"<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a><Error><Code>&b;</Code></Error></a>"#,
        ]
        let words = [
            "<![CDATA[", "]]>", "<Error>", "</Error>", "&#x0;", "&lol;", "<!--", "-->", "xmlns:a=\"\"", "{", "\\u",
        ]
        fuzz(samples, words: words) { input in
            let response = HTTPResponse(
                status: 400, headers: [:], body: input, sentAt: .init(secondsSinceEpoch: 0),
                receivedAt: .init(secondsSinceEpoch: 1))
            let answer = ErrorAnswer(reading: response, hiding: ["secret-of-the-tests"])
            #expect(!answer.code.isEmpty && answer.message.utf8.count < 8_192)
        }
    }

    @Test func `Sessions and identities of STS`() throws {
        let samples = [
            #"<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>"#
                + "<AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>se/cret</SecretAccessKey>"
                + "<SessionToken>to+ken==</SessionToken><Expiration>2026-11-23T23:14:10Z</Expiration></Credentials>"
                + "<AssumedRoleUser><AssumedRoleId>AROAX:s</AssumedRoleId>"
                + "<Arn>arn:aws:sts::111122223333:assumed-role/Operator/s</Arn></AssumedRoleUser></AssumeRoleResult>"
                + "<ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></AssumeRoleResponse>",
            #"<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>"#
                + "<Arn>arn:aws:iam::999988887777:user/ops</Arn><UserId>AIDAX</UserId><Account>999988887777</Account>"
                + "</GetCallerIdentityResult></GetCallerIdentityResponse>",
        ]
        let words = [
            "<![CDATA[", "]]>", "<Credentials>", "</Credentials>", "<Expiration>tomorrow</Expiration>", "&#x0;",
            "&lol;",
            "<!DOCTYPE a [<!ENTITY lol \"x\">]>", "<!--", "-->", "xmlns:a=\"\"", "<SessionToken/>",
        ]
        let endpoint = Endpoint(
            url: try HTTPURL(parsing: "https://sts.us-east-1.amazonaws.com"), signingRegion: "us-east-1")
        let calls = ["AssumeRole", "GetCallerIdentity"].map {
            AWSCall(service: .sts, operation: $0, endpoint: endpoint, headers: [:], body: [], credentials: nil)
        }
        fuzz(samples, words: words) { input in
            let response = HTTPResponse(
                status: 200, headers: [:], body: input, sentAt: .init(secondsSinceEpoch: 0),
                receivedAt: .init(secondsSinceEpoch: 1))
            for call in calls {
                guard let answer = try? QueryAnswer(response, to: call) else { continue }
                if let session = try? AssumedRole(answer) { #expect(!session.credentials.secretAccessKey.isEmpty) }
                if let identity = try? CallerIdentity(answer) {
                    #expect(identity.arn.contains(identity.account.description))
                }
            }
        }
    }

    private func repositoryID(_ name: String) -> RepositoryID? {
        guard let account = AccountID("111122223333"), let region = Region("us-east-1"), let name = RepositoryName(name)
        else { return nil }
        return RepositoryID(registry: Registry(account: account, region: region), name: name)
    }
}

/// The memory that the process has in use; nil where the system does not report it in this way.
private func residentBytes() -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
    return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 4096 }
}
