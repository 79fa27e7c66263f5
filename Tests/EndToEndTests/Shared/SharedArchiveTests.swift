import Foundation
import Platform
import SimulatedAWS
import Synchronization
import Testing

/// An archive in a bucket, by the built program: whoever comes, from wherever, finds every run and the lock.
@Suite(.serialized, .timeLimit(.minutes(15))) struct SharedArchiveTests {
    @Test func `A run is listed, shown and undone from a machine that never saw it`() async throws {
        try await withTeam { team in
            let before = team.work.server.policies
            let plan = try await team.ecrShare("plan platform.csv --groups groups.csv --detailed-exitcode")
            #expect(plan.exitStatus == 2, "\(plan.errors)")
            #expect(team.keys.isEmpty, "a plan writes nothing")
            let none = try await team.ecrShare("runs")
            #expect(none.output == "No runs in \(Team.archive) yet.\n", "\(none.errors)")

            let apply = try await team.ecrShare("apply platform.csv --groups groups.csv --yes")
            #expect(apply.exitStatus == 0, "\(apply.errors)")
            #expect(apply.errors.contains("archived in \(Team.archive)\n"))
            #expect(apply.errors.contains("--archive \(Team.archive)"), "the commands to copy name the archive")
            #expect(team.work.server.policies != before)
            let run = try #require(team.runs.first)
            #expect(team.keys.contains("prod/runs/\(run)/plan.jsonl"))
            #expect(team.keys.contains("prod/runs/\(run)/report.html"))
            #expect(!team.keys.contains("prod/lock.json") && !team.keys.contains { $0.contains("probe") })

            try await team.elsewhere { other in
                let listed = try await other.ecrShare("runs")
                #expect(listed.output.contains(run) && listed.output.contains("completed"), "\(listed)")
                let shown = try await other.ecrShare("runs show latest --format json")
                #expect(shown.exitStatus == 0 && shown.output.contains(run), "\(shown.errors)")
                let dry = try await other.ecrShare("rollback latest --dry-run")
                #expect(dry.exitStatus == 0, "\(dry.errors)")
                #expect(team.runs == [run])
                let undone = try await other.ecrShare("rollback latest --yes")
                #expect(undone.exitStatus == 0, "\(undone.errors)")
                #expect(team.work.server.policies == before)
                #expect(team.runs.count == 2 && !team.keys.contains("prod/lock.json"))
                #expect(try other.files.isEmpty, "nothing is left in the folder")
            }
        }
    }

    @Test func `A run whose machine vanished is in the way, and is resumed or undone from elsewhere`() async throws {
        for undoes in [false, true] {
            try await withTeam(faults: Team.slow) { team in
                try team.work.rollout()
                let (before, texts) = (try team.work.readings(), team.work.server.policies)
                let run = try await team.applyAndVanish()
                try await team.elsewhere { other in
                    try FileManager.default.copyItem(
                        at: team.work.folder.appending(path: "rollout.csv"), to: other.folder.appending(path: "m.csv"))
                    let policies = team.work.server.policies
                    let refused = try await other.ecrShare("apply m.csv --yes")
                    #expect(refused.exitStatus == 1)
                    for part in [
                        "is in use by run \(run), of arn:aws:iam::999900001111:user/platform on ", " since 20",
                        "ecr-share apply --resume \(run) --archive \(Team.archive)",
                        "ecr-share rollback \(run) --archive \(Team.archive)",
                        "ecr-share runs release \(run) --archive \(Team.archive)",
                    ] { #expect(refused.errors.joinedLines.contains(part), "\(refused.errors)") }
                    #expect(team.work.server.policies == policies)
                    if undoes {
                        let undone = try await other.ecrShare("rollback \(run) --yes")
                        #expect(undone.exitStatus == 0, "\(undone.errors)")
                        #expect(team.work.server.policies == texts)
                    } else {
                        let resumed = try await other.ecrShare("apply --resume \(run)")
                        #expect(resumed.exitStatus == 0, "\(resumed.errors)")
                        try team.work.expectDone(before: before)
                    }
                    #expect(!team.keys.contains("prod/lock.json"))
                    let next = try await other.ecrShare("apply m.csv --yes")
                    #expect(next.exitStatus == 0, "\(next.errors)")
                }
            }
        }
    }

    @Test func `Only the run that holds the archive is released`() async throws {
        try await withTeam(faults: Team.slow) { team in
            try team.work.rollout()
            let none = try await team.ecrShare("runs release 20260101T000000Z-000000")
            #expect(none.exitStatus == 1 && none.errors.contains("nothing to release"), "\(none.errors)")
            let run = try await team.applyAndVanish()
            let wrong = try await team.ecrShare("runs release 20260101T000000Z-000000")
            #expect(wrong.exitStatus == 1)
            #expect(wrong.errors.joinedLines.contains("it is in use by run \(run), of arn:"), "\(wrong.errors)")
            #expect(team.keys.contains("prod/lock.json"))
            let released = try await team.ecrShare("runs release \(run)")
            #expect(released.exitStatus == 0 && released.errors.contains(run), "\(released.errors)")
            #expect(!team.keys.contains("prod/lock.json"))
            let undone = try await team.ecrShare("rollback \(run) --yes")
            #expect(undone.exitStatus == 0, "a run that was released can still be undone: \(undone.errors)")
            let folder = try await team.work.ecrShare("runs release \(run)")
            #expect(folder.exitStatus == 1 && folder.errors.contains("is a folder"), "\(folder.errors)")
        }
    }

    /// What makes a bucket useless, and what the message must say.
    enum Trouble: String, CaseIterable, Sendable {
        case ignoresIfNoneMatch, ignoresIfMatch, missing, wrongRegion, wrongOwner, stranger, unreachable, noKMSAccess

        var options: String {
            switch self {
            case .ignoresIfNoneMatch, .ignoresIfMatch: "--archive s3://team/prod"
            case .missing: "--archive s3://nobody/prod"
            case .wrongRegion: "--archive s3://team/prod --archive-region eu-west-1"
            case .wrongOwner: "--archive s3://team/prod --archive-bucket-owner 111122223333"
            case .stranger: "--archive s3://strangers/prod"
            case .unreachable: "--archive s3://team/prod --endpoint-url-s3 http://127.0.0.1:1"
            case .noKMSAccess: "--archive s3://sealed/prod"
            }
        }

        var words: [String] {
            switch self {
            case .ignoresIfNoneMatch, .ignoresIfMatch: ["ignores conditional writes"]
            case .missing: ["NoSuchBucket", "There is no bucket nobody"]
            case .wrongRegion: ["--archive-region us-east-1"]
            case .wrongOwner: ["AccessDenied", "--archive-bucket-owner"]
            case .stranger, .noKMSAccess: ["AccessDenied"]
            case .unreachable: ["--endpoint-url-s3"]
            }
        }
    }

    @Test(arguments: Trouble.allCases)
    func `A bucket that cannot be used ends with 1 before anything is written`(trouble: Trouble) async throws {
        var faults = Faults()
        faults.ignoresIfNoneMatch = trouble == .ignoresIfNoneMatch
        faults.ignoresIfMatch = trouble == .ignoresIfMatch
        try await withTeam(faults: faults) { team in
            let before = team.work.server.policies
            try await team.elsewhere { other in
                try other.matrix("m.csv", "111122223333,us-east-1,base/go,444455556666,pull")
                for command in ["apply m.csv --yes", "rollback latest --yes", "apply --resume latest"] {
                    let result = try await other.ecrShareAsIs(
                        "\(command) \(trouble.options)", environment: ["AWS_MAX_ATTEMPTS": "1"])
                    #expect(result.exitStatus == 1, "\(command): \(result.errors)")
                    let said = result.errors.joinedLines
                    for word in trouble.words { #expect(said.contains(word), "\(command): \(said)") }
                    #expect(!(said + result.output).contains(AccessKey.platform.secret))
                }
                #expect(team.work.server.policies == before)
                #expect(try other.files == ["m.csv"])
                #expect(team.work.server.cloud.count("SetRepositoryPolicy").total == 0)
                #expect(team.keys.isEmpty)
            }
        }
    }

    @Test func `Every object of the archive has the key of the file's options`() async throws {
        try await withTeam { team in
            let key = "arn:aws:kms:us-east-1:999900001111:key/1"
            try team.work.folder.appending(path: "ecr-share.yaml").write(
                """
                archive: s3://sealed/a/b
                archive-region: us-east-1
                archive-kms-key: \(key)
                archive-bucket-owner: "999900001111"
                endpoint-url-s3: \(team.work.server.endpoint)

                """)
            let apply = try await team.work.ecrShare("apply platform.csv --groups groups.csv --yes")
            #expect(apply.exitStatus == 0, "\(apply.errors)")
            let keys = team.work.server.cloud.keys(in: "sealed")
            #expect(keys.contains { $0.hasPrefix("a/b/runs/") })
            #expect(keys.allSatisfy { team.work.server.cloud.kmsKey(of: $0, in: "sealed") == key })
            let runs = try await team.work.ecrShare("runs")
            #expect(runs.exitStatus == 0 && runs.output.contains("completed"), "\(runs.errors)")
        }
    }

    @Test func `The role of the archive may do what the archive needs, and nothing outside of it`() async throws {
        try await withTeam { team in
            let role = "--archive-role arn:aws:iam::999900001111:role/Archivist"
            let apply = try await team.ecrShare("apply platform.csv --groups groups.csv --yes \(role)")
            #expect(apply.exitStatus == 0, "\(apply.errors)")
            #expect(apply.errors.contains("\(role)"), "the commands to copy name the role")
            let runs = try await team.ecrShare("runs \(role)")
            #expect(runs.exitStatus == 0 && runs.output.contains("completed"), "\(runs.errors)")
            let undone = try await team.ecrShare("rollback latest --yes \(role)")
            #expect(undone.exitStatus == 0, "\(undone.errors)")
            #expect(team.work.server.cloud.count("PutObject").total > 10)
        }
    }

    @Test func `A lost answer to any write neither loses the run nor starts it twice`() async throws {
        try await withTeam { team in
            let before = team.work.server.policies
            let lost = LostOnce()
            team.work.server.cloud.setObjectScript { call in
                guard call.operation != "GetObject", lost.isFirst("\(call.operation) \(call.key)") else {
                    return ObjectScriptStep()
                }
                return ObjectScriptStep(.resetAfterWork)
            }
            let apply = try await team.ecrShare("apply platform.csv --groups groups.csv --yes")
            #expect(apply.exitStatus == 0, "\(apply.errors)")
            #expect(team.runs.count == 1 && !team.keys.contains("prod/lock.json"), "\(team.keys)")
            let undone = try await team.ecrShare("rollback latest --yes")
            #expect(undone.exitStatus == 0, "\(undone.errors)")
            #expect(team.work.server.policies == before && !team.keys.contains("prod/lock.json"))
        }
    }

    @Test func `A plan is stored once in a bucket, and applied from elsewhere`() async throws {
        try await withTeam { team in
            let place = "s3://team/plans/42.jsonl"
            let made = try await team.ecrShare("plan platform.csv --groups groups.csv --out \(place)")
            #expect(made.exitStatus == 0 && made.errors.contains("Saved as \(place)."), "\(made.errors)")
            let command = try #require(made.errors.joinedLines.firstMatch(of: /ecr-share (apply --plan .*)$/)?.1)
            let again = try await team.ecrShare("plan platform.csv --groups groups.csv --out \(place)")
            #expect(again.exitStatus == 1 && again.errors.contains("is there already"), "\(again.errors)")
            try await team.elsewhere { other in
                let none = try await other.ecrShare("apply --plan s3://team/plans/43.jsonl --yes")
                #expect(none.exitStatus == 1 && none.errors.contains("there is no plan"), "\(none.errors)")
                let apply = try await other.ecrShare("\(command) --yes")
                #expect(apply.exitStatus == 0, "\(apply.errors)")
                #expect(try other.files.isEmpty)
            }
            #expect(team.runs.count == 1)
        }
    }

    @Test func `The doctor says whether the archive can be read, and who holds it`() async throws {
        try await withTeam(faults: Team.slow) { team in
            try team.work.rollout()
            let well = try await team.ecrShare("doctor rollout.csv")
            #expect(well.output.contains("\(Team.archive) can be read and has 0 runs"), "\(well.output)")
            let run = try await team.applyAndVanish()
            let held = try await team.ecrShare("doctor rollout.csv")
            #expect(held.output.joinedLines.contains("run \(run) holds it"), "\(held.output)")
            let missing = try await team.work.ecrShare("doctor rollout.csv --archive s3://nobody/x")
            #expect(missing.exitStatus == 3 && missing.output.contains("NoSuchBucket"), "\(missing.output)")
        }
    }

    @Test(arguments: ["s3://", "s3:/team/x", "S3://team/x", "s3://team/a//b", "s3://team/../b", "s3://team/a b"])
    func `A place that names no bucket is refused`(place: String) async throws {
        try await withTeam { team in
            let result = try await Program.ecrShare.run(
                ["runs", "--archive", place], environment: team.work.server.environment, folder: team.work.folder)
            #expect(result.exitStatus == 64, "\(result.errors)")
        }
    }
}

/// A workplace whose archive is in a bucket.
struct Team {
    static let archive = "s3://team/prod"
    let work: Workplace

    static let slow: Faults = {
        var faults = Faults()
        faults.latencyMilliseconds = 3
        faults.jitterMilliseconds = 4
        return faults
    }()

    func ecrShare(_ command: String) async throws -> Program.Result {
        try await work.ecrShare("\(command) --archive \(Team.archive)")
    }

    /// Of all objects of the bucket.
    var keys: [String] { work.server.cloud.keys(in: "team") }

    /// The ids of the runs in the archive, the oldest first.
    var runs: [String] {
        Set(keys.filter { $0.hasPrefix("prod/runs/") }.map { String($0.split(separator: "/")[2]) }).sorted()
    }

    /// Starts an apply of `rollout.csv`, kills it amid its writes, and takes its folder away. Returns its run.
    func applyAndVanish() async throws -> String {
        let known = Set(runs)
        let writes = work.server.cloud.count("SetRepositoryPolicy").total
        let running = try Program.ecrShare.start(
            ["apply", "rollout.csv", "--yes", "--concurrency", "2", "--archive", Team.archive],
            environment: work.server.environment, folder: work.folder)
        while running.process.isRunning, work.server.cloud.count("SetRepositoryPolicy").total < writes + 3 {
            try await Task.sleep(for: .milliseconds(1))
        }
        sendKill(running.process.processIdentifier)
        let result = await running.result()
        #expect(result.exitStatus == 128 + SIGKILL, "it was not killed amid its writes: \(result.errors)")
        #expect(keys.contains("prod/lock.json"))
        return try #require(Set(runs).subtracting(known).first)
    }

    /// Lets somebody work on another machine: with an empty folder, which is their HOME too.
    func elsewhere(_ body: (Elsewhere) async throws -> Void) async throws {
        try await withScratchFolder { folder in try await body(Elsewhere(server: work.server, folder: folder)) }
    }
}

/// Another machine.
struct Elsewhere {
    let server: SimulatedAWSServer
    let folder: URL

    func ecrShare(_ command: String) async throws -> Program.Result {
        try await ecrShareAsIs("\(command) --archive \(Team.archive)")
    }

    /// Without the archive's option.
    func ecrShareAsIs(_ command: String, environment: [String: String] = [:]) async throws -> Program.Result {
        let own = ["HOME": folder.path, "TMPDIR": folder.path, "USER": "someone"].merging(environment) { $1 }
        return try await Workplace(server: server, folder: folder).ecrShare(command, environment: own)
    }

    func matrix(_ name: String, _ row: String) throws {
        try Workplace(server: server, folder: folder).matrix(name, row)
    }

    /// Everything in the folder, hidden files too.
    var files: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() } }
}

/// Gives a test a workplace beside the buckets `team`, `sealed` (of one key) and `strangers`.
func withTeam(faults: Faults = Faults(), _ body: (Team) async throws -> Void) async throws {
    var world = try World.sandbox()
    let owner = AccessKey.platform.account
    var sealed = Bucket("sealed", region: "us-east-1", account: owner)
    sealed.kmsKey = "arn:aws:kms:us-east-1:999900001111:key/1"
    world.roles.append(Role(account: owner, name: "Archivist", trusts: [owner]))
    world.buckets = [
        Bucket("team", region: "us-east-1", account: owner), sealed,
        Bucket("strangers", region: "us-east-1", account: "111122223333"),
    ]
    try await withWorkplace(world, faults: faults) { work in try await body(Team(work: work)) }
}

/// Tells of each word whether it comes for the first time.
private final class LostOnce: Sendable {
    private let words = Mutex<Set<String>>([])

    func isFirst(_ word: String) -> Bool { words.withLock { $0.insert(word).inserted } }
}

private func sendKill(_ process: Int32) {
    kill(process, SIGKILL)
}

extension String {
    /// Broken lines as one.
    var joinedLines: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
