import AWSValues
import Foundation
import Rollout
@testable import SharePlan
import TestSupport
import Testing

@Suite struct PlanFileTests {
    private let store = MemoryStore([
        World.repository("a0"): nil, World.repository("b0"): World.policy(["444455556666"], foreign: "x"),
        World.repository("c0"): World.policy(["444455556666"]), World.repository("d0"): World.policy(["444455556666"]),
    ])
    private let wanted = [
        World.repository("a0"): ["444455556666"], World.repository("b0"): ["555566667777"],
        World.repository("c0"): [], World.repository("d0"): ["444455556666"],
        World.repository("missing"): ["444455556666"],
    ]

    @Test func `A saved plan is the plan`() async throws {
        try await World.withFolder { folder in
            let plan = try await World.plan(store, wanted, in: folder)
            try plan.save(as: folder.path(of: "plan.jsonl"))
            var visited: [PlanEntry] = []
            let opened = try PlanFile(opening: folder.path(of: "plan.jsonl")) { visited.append($0) }
            #expect(opened.header == plan.header)
            #expect(opened.summary == plan.summary)
            #expect(opened.digest == plan.digest)
            var entries: [PlanEntry] = []
            try plan.forEachEntry { entries.append($0) }
            #expect(visited == entries)
            for entry in entries { #expect(try opened.entry(for: #require(entry.repository)) == entry) }
            #expect(try opened.entry(for: World.repository("other")) == nil)
            #expect(opened.summary.changes == 3 && opened.summary.unchanged == 1 && opened.summary.problems == 1)
            #expect(try folder.names() == ["plan.jsonl"])
            #expect(try permissions(folder.path(of: "plan.jsonl")) == 0o600)
        }
    }

    @Test func `A damaged plan is refused with the file's name`() async throws {
        try await World.withFolder { folder in
            let path = folder.path(of: "plan.jsonl")
            try await World.plan(store, wanted, in: folder).save(as: path)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try text.replacingOccurrences(of: "555566667777", with: "666677778888")
                .write(toFile: path, atomically: false, encoding: .utf8)
            #expect { try PlanFile(opening: path) } throws: { error in
                guard case RolloutError.plan(path, .edited)? = error as? RolloutError else { return false }
                return "\(error)".hasPrefix(path)
            }
            try String(text.prefix(300)).write(toFile: path, atomically: false, encoding: .utf8)
            #expect { try PlanFile(opening: path) } throws: { error in
                guard case RolloutError.plan(path, .cut)? = error as? RolloutError else { return false }
                return true
            }
        }
    }

    @Test func `Lines longer than one read come back whole`() async throws {
        try await World.withFolder { folder in
            let repositories = World.repositories(5)
            let spool = try PlanSpool(in: folder)
            for repository in repositories.shuffled() {
                let policy = Policy(String(repeating: repository.name.text, count: 300_000))
                try spool.add(.change(Change(repository: repository, before: nil, after: policy, grants: .init())))
            }
            try spool.finish(header: World.header).save(as: folder.path(of: "p"))
            let plan = try PlanFile(opening: folder.path(of: "p"))
            #expect(plan.slots.map(\.repository) == repositories)
            #expect(plan.summary.create == 5)
        }
    }

    @Test(arguments: 0..<20) func `A plan has the bytes of its entries, however much they share`(seed: UInt64)
        async throws
    {
        try await World.withFolder { folder in
            var random = SeededGenerator(seed: seed)
            // Swift treats the two spellings of the letter as the same string.
            let texts: [Policy] = [
                "{}", "{\"caf\u{E9}\":1}", "{\"cafe\u{301}\":1}", Policy(String(repeating: "x", count: 3_000)),
            ]
            let reasons = ["", "caf\u{E9}", "cafe\u{301}"]
            func grants() -> [WantedGrant] {
                reasons.prefix(Int.random(in: 0...3, using: &random)).map {
                    WantedGrant(World.wantedGrant("444455556666").grant, reason: $0)
                }
            }
            let shared = (0..<3).map { _ in grants() }
            let spool = try PlanSpool(in: folder)
            var entries: [PlanEntry] = []
            var known: [Change] = []
            for number in 0..<60 {
                let repository = World.repository(
                    "a\(number)", account: ["111122223333", "222233334444"].randomElement(using: &random) ?? "",
                    region: ["us-east-1", "eu-west-1"].randomElement(using: &random) ?? "")
                func some(_ grants: [[WantedGrant]]) -> [WantedGrant] { grants.randomElement(using: &random) ?? [] }
                var change = Change(
                    repository: repository,
                    before: Bool.random(using: &random) ? nil : texts.randomElement(using: &random),
                    after: texts.randomElement(using: &random),
                    grants: GrantDifference(added: some(shared + [grants()]), removed: some(shared)),
                    warnings: Array(repeating: "careful", count: Int.random(in: 0...1, using: &random)),
                    replaced: Bool.random(using: &random)
                        ? [] : [ReplacedStatement(sid: "EcrShareAllowPull", denies: false)])
                // Mostly a case of the account that is in the plan already.
                let alike = known.filter { $0.repository.account == repository.account }
                if Int.random(in: 0..<3, using: &random) > 0, let other = alike.randomElement(using: &random) {
                    change = Change(repository, other.case)
                }
                known.append(change)
                let isChange = Int.random(in: 0..<5, using: &random) > 0
                entries.append(isChange ? .change(change) : .unchanged(Unchanged(repository: repository)))
            }
            for entry in entries { try spool.add(entry) }
            let plan = try spool.finish(header: World.header)
            entries.sort { $0.subject < $1.subject }
            var digest = PlanDigest(World.header)
            for entry in entries { digest.add(entry) }
            #expect(plan.digest == digest.hexadecimal)
            func lines(of plan: PlanFile) throws -> [[UInt8]] {
                var lines: [[UInt8]] = []
                try plan.forEachEntry { lines.append(PlanLine.entry($0).bytes) }
                return lines
            }
            #expect(try lines(of: plan) == entries.map { PlanLine.entry($0).bytes })
            try plan.save(as: folder.path(of: "p"))
            let saved = try String(contentsOfFile: folder.path(of: "p"), encoding: .utf8).split(separator: "\n")
            #expect(saved.dropFirst().dropLast().map { Array($0.utf8) } == entries.map { PlanLine.entry($0).bytes })
            let opened = try PlanFile(opening: folder.path(of: "p"))
            #expect(opened.digest == plan.digest)
            // Twice: what was read once is known.
            for _ in 0..<2 { #expect(try lines(of: opened) == lines(of: plan)) }
        }
    }

    @Test func `A repository cannot be planned twice`() async throws {
        try await World.withFolder { folder in
            let spool = try PlanSpool(in: folder)
            try spool.add(.unchanged(Unchanged(repository: World.repository("a0"))))
            try spool.add(.unchanged(Unchanged(repository: World.repository("a0"))))
            #expect(throws: RolloutError.plannedTwice(.repository(World.repository("a0")))) {
                try spool.finish(header: World.header)
            }
        }
    }

    @Test func `A registry cannot be planned twice`() async throws {
        try await World.withFolder { folder in
            let registry = World.repository("a0").registry
            let spool = try PlanSpool(in: folder)
            try spool.add(.problem(Problem(registry: registry, code: "listing", message: "first")))
            try spool.add(.problem(Problem(registry: registry, code: "listing", message: "second")))
            #expect(throws: RolloutError.plannedTwice(.registry(registry))) { try spool.finish(header: World.header) }
        }
    }

    @Test func `A problem of a registry is spooled, saved and opened before its repositories`() async throws {
        try await World.withFolder { folder in
            let repository = World.repository("a0")
            let later = Registry(account: repository.account, region: try #require(Region("us-west-2")))
            let entries: [PlanEntry] = [
                .problem(Problem(registry: repository.registry, code: "listing", message: "not listed")),
                .problem(Problem(repository: repository, code: "http-503", message: "not read")),
                .unchanged(Unchanged(repository: World.repository("a1"))),
                .problem(Problem(registry: later, code: "AccessDenied", message: "not signed in")),
            ]
            let spool = try PlanSpool(in: folder)
            for entry in entries.reversed() { try spool.add(entry) }
            let plan = try spool.finish(header: World.header)
            #expect(plan.summary.repositories == 2)
            #expect(plan.summary.problems == 3)
            try plan.save(as: folder.path(of: "p"))
            let opened = try PlanFile(opening: folder.path(of: "p"))
            for plan in [plan, opened] {
                var read: [PlanEntry] = []
                try plan.forEachEntry { read.append($0) }
                #expect(read == entries)
                #expect(plan.registryProblems.map(\.subject.registry) == [repository.registry, later])
            }
            #expect(opened.digest == plan.digest)
        }
    }

    @Test func `A plan takes the place of a plan and of an empty file, and of nothing else`() async throws {
        try await World.withFolder { folder in
            let plan = try await World.plan(store, wanted, in: folder)
            let path = folder.path(of: "p")
            func put(_ text: String) throws { try text.write(toFile: path, atomically: false, encoding: .utf8) }
            try plan.save(as: path)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            // A plan that is whole, cut, of another version, and none at all.
            for old in [text, String(text.prefix(400)), #"{"kind":"plan","version":2,"more":1}"# + "\n", ""] {
                try put(old)
                try plan.save(as: path)
                #expect(try PlanFile(opening: path).digest == plan.digest)
            }
            for other in ["owner_account,region,repository,consumer,access\n", "{}\n", "\n\n", "x"] {
                try put(other)
                #expect(throws: RolloutError.notAPlan(path: path)) { try plan.save(as: path) }
                #expect(try String(contentsOfFile: path, encoding: .utf8) == other)
            }
            #expect(try folder.names() == ["p"])
        }
    }

    @Test func `A link in a plan's place is neither followed nor replaced`() async throws {
        try await World.withFolder { folder in
            let plan = try await World.plan(store, wanted, in: folder)
            try plan.save(as: folder.path(of: "target"))
            try FileManager.default.createSymbolicLink(
                atPath: folder.path(of: "link"), withDestinationPath: folder.path(of: "target"))
            #expect { try plan.save(as: folder.path(of: "link")) } throws: { error in
                "\(error)".contains("it is a symbolic link")
            }
        }
    }

    @Test func `A plan whose file was changed after it was opened is not saved`() async throws {
        try await World.withFolder { folder in
            let path = folder.path(of: "p")
            try await World.plan(store, wanted, in: folder).save(as: path)
            let opened = try PlanFile(opening: path)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try text.replacingOccurrences(of: "555566667777", with: "666677778888")
                .write(toFile: path, atomically: false, encoding: .utf8)
            #expect { try opened.save(as: folder.path(of: "copy")) } throws: { error in
                if case RolloutError.planChangedUnderway(path, _) = error { true } else { false }
            }
            #expect(try folder.names() == ["p"])
        }
    }

    @Test(arguments: ["/dev/null", "/tmp", "/tmp/"])
    func `A device or a folder is never replaced by a plan`(path: String) async throws {
        try await World.withFolder { folder in
            let plan = try await World.plan(store, wanted, in: folder)
            #expect { try plan.save(as: path) } throws: { error in
                "\(error)" == "cannot save the plan as \(path): Operation not supported; give the path of a file"
            }
        }
    }

    @Test func `A folder that cannot take the plan is named`() throws {
        #expect { try PlanSpool(in: Folder("/dev/null")) } throws: { error in
            "\(error)".contains("in /dev/null: ") && "\(error)".contains("a part of the path is a file")
        }
    }
}

func permissions(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
}
