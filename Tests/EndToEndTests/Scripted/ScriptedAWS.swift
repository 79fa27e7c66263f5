import AWSClient
import AWSValues
import Foundation
import Platform
import Rollout
import SharePlan
import SimulatedAWS
import Synchronization

@testable import ecr_share

/// Repositories whose every call is answered as a script says, for a run with the real client underneath: each is the
/// only one of its account, so that none of them is slowed down or signed out by another's script.
struct ScriptedAWS {
    /// What is changed: the policy before and after, as texts.
    struct Kind: Hashable, Sendable {
        var before: String?
        var after: String?
        var consumer = "444455556666"

        /// A grant beside somebody else's statement.
        static let grant = Kind(before: policy(theirs), after: policy(theirs, ours()))
        /// The first policy of the repository.
        static let creation = Kind(before: nil, after: policy(ours()))
        /// The last grant goes.
        static let deletion = Kind(before: policy(ours()), after: nil)
        /// To a role, which may be newer than what ECR knows of IAM.
        static let role = Kind(
            before: policy(theirs), after: policy(theirs, ours("arn:aws:iam::444455556666:role/New")),
            consumer: "arn:aws:iam::444455556666:role/New")

        static let theirs =
            #"{"Sid":"theirs","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::888899990000:root"},"#
            + #""Action":"ecr:BatchGetImage"}"#

        static func ours(_ consumer: String = "arn:aws:iam::444455556666:root") -> String {
            #"{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":"\#(consumer)"},"Action":["#
                + #""ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]}"#
        }

        static func policy(_ statements: String...) -> String {
            #"{"Version":"2008-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
        }
    }

    /// What came of one repository.
    struct Course {
        let kind: Kind
        let events: [ScriptedEvent]
        /// The policy that is live at the end.
        let live: String?
        /// Of the journal: each event, with what it says of the write.
        let journal: [String]
    }

    let courses: [Course]
    /// As the command would end.
    let exitStatus: Int32
    let written: Int

    /// Plans a change of each kind, undisturbed, then executes the plan with `script` deciding on every call: it is
    /// given the repository's number, the operation, and how many calls the repository had before.
    static func run(
        _ kinds: [Kind], concurrency: Int = 64,
        script: @escaping @Sendable (_ repository: Int, _ operation: String, _ position: Int) -> ScriptStep
    ) async throws -> ScriptedAWS {
        let world = World.generated(accounts: kinds.count, regions: 1, repositories: 1, foreignShare: 0)
        let addresses = world.repositories.map(\.address)
        let numbers = Dictionary(uniqueKeysWithValues: addresses.enumerated().map { ($1, $0) })
        return try await withScratchFolder { folder in
            try await withSimulatedAWS(world) { server in
                for (kind, address) in zip(kinds, addresses) { server.cloud.editPolicy(of: address, to: kind.before) }
                var configuration = try AWSConfiguration(server.clientEnvironment)
                configuration.clock = .impatient
                return try await withAWS(configuration) { aws in
                    let store = LiveStore(aws, allowing: .writing)
                    let targets = Targets(addresses, kinds)
                    let plan = try await targets.plan(over: store, in: Folder(folder.path))
                    let positions = Mutex<[Int: Int]>([:])
                    server.cloud.setScript { call in
                        guard let number = numbers[call.repository] else { return ScriptStep() }
                        let position = positions.withLock { positions in
                            defer { positions[number, default: 0] += 1 }
                            return positions[number, default: 0]
                        }
                        return script(number, call.operation, position)
                    }
                    let archive = Archive(folder.appending(path: "archive").path)
                    let runner = Runner(
                        archive: archive, store: store,
                        options: ApplyOptions(concurrency: concurrency, maximumFailures: nil),
                        clock: RunClock(now: { .now }, sleep: { _ in try Task.checkCancellation() }))
                    let execution = try await targets.execute(plan, with: runner)
                    let journal = try Journal(of: archive, execution.run)
                    let courses = zip(kinds, addresses).map { kind, address in
                        Course(
                            kind: kind, events: server.cloud.scriptedEvents(of: address),
                            live: server.cloud.policyText(of: address), journal: journal[address])
                    }
                    return ScriptedAWS(
                        courses: courses, exitStatus: execution.report.exitStatus.rawValue,
                        written: execution.report.counts[.written])
                }
            }
        }
    }
}

extension ScriptedAWS.Course {
    /// The calls as letters: G for a look, S for a write, D for a deletion.
    var requests: String {
        String(events.compactMap { $0.operation?.first })
    }

    /// Whether two policies mean the same, whoever printed them.
    static func isSame(_ left: String?, _ right: String?) -> Bool {
        let (left, right) = (left.map { Policy($0) }, right.map { Policy($0) })
        return Region("us-east-1").map { Policy.haveSameMeaning(left, right, in: $0.partition) } ?? false
    }

    /// The Sids of others' edits in a policy.
    static func edits(in policy: String?) -> Set<Substring> {
        let words = (policy ?? "").split(separator: "\"").filter { $0.hasPrefix("edit-") }
        return Set(words)
    }
}

/// The changes of a scripted run as a plan's targets.
private struct Targets: TargetSource {
    private let kinds: [RepositoryID: ScriptedAWS.Kind]

    init(_ addresses: [RepositoryAddress], _ kinds: [ScriptedAWS.Kind]) {
        self.kinds = Dictionary(
            zip(addresses.compactMap(RepositoryID.init), kinds), uniquingKeysWith: { first, _ in first })
    }

    var registries: [AWSValues.Registry] { kinds.keys.map(\.registry) }

    func needsListing(of registry: AWSValues.Registry) -> Bool { false }

    func targets(in registry: AWSValues.Registry, live: [AWSValues.RepositoryName]?) -> [RepositoryID] {
        kinds.keys.filter { $0.registry == registry }
    }

    func wantedGrants(for repository: RepositoryID) -> [WantedGrant] {
        guard let kind = kinds[repository], kind.after != nil, let consumer = Consumer(kind.consumer) else { return [] }
        return [WantedGrant(Grant(consumer: consumer, access: .pull))]
    }

    func plan(over store: LiveStore, in folder: Folder) async throws -> PlanFile {
        let planner = Planner(store: store, spoolFolder: folder)
        let now = AWSValues.Timestamp.now
        let header = PlanHeader(
            id: RunID(at: now).text, createdAt: now.rfc3339, operation: .share, mode: .match, sidPrefix: "EcrShare",
            matrix: PlanHeader.Source(path: "m.csv", sha256: String(repeating: "0", count: 64), rows: 1))
        return try await planner.plan(self, by: SharingRules(), header: header).plan
    }

    func execute(_ plan: PlanFile, with runner: Runner) async throws -> Runner.Execution {
        try await runner.execute(plan).execution
    }
}

extension RepositoryID {
    fileprivate init?(_ address: RepositoryAddress) {
        guard let account = AccountID(address.registry.account), let region = Region(address.registry.region),
            let name = AWSValues.RepositoryName(address.name)
        else { return nil }
        self.init(registry: AWSValues.Registry(account: account, region: region), name: name)
    }
}

/// The events of a run's journal by repository.
private struct Journal {
    private struct Line: Decodable {
        struct Repository: Decodable {
            let account: String
            let region: String
            let name: String
        }

        let event: String
        let repository: Repository?
        let written: String?
    }

    private var events: [RepositoryAddress: [String]] = [:]

    init(of archive: Archive, _ run: RunID) throws {
        let path = "\(archive.location)/runs/\(run)/journal.jsonl"
        for text in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            let line = try JSONDecoder().decode(Line.self, from: Data(text.utf8))
            guard let repository = line.repository else { continue }
            let address = RepositoryAddress(
                account: repository.account, region: repository.region, name: repository.name)
            events[address, default: []].append(line.event + (line.written.map { ":\($0)" } ?? ""))
        }
    }

    subscript(address: RepositoryAddress) -> [String] { events[address] ?? [] }
}

extension SimulatedAWSServer {
    /// The client's environment: the variables of ``environment``, and neither files nor programs.
    fileprivate var clientEnvironment: AWSClient.Environment {
        AWSClient.Environment(
            variables: environment, homeDirectory: nil, readFile: { _ throws(FileAccessError) in nil },
            writeFile: { _, _ throws(FileAccessError) in },
            run: { _ throws(FileAccessError) in throw FileAccessError("there are no programs") })
    }
}

extension AWSClock {
    /// The real time, but whoever sleeps moves the clock ahead instead of waiting.
    fileprivate static var impatient: AWSClock {
        let offset = Offset()
        var clock = AWSClock.live
        clock.uptime = { AWSClock.live.uptime() + offset.value.withLock { $0 } }
        clock.sleep = { span throws(CancellationError) in
            guard !Task.isCancelled else { throw CancellationError() }
            offset.value.withLock { $0 += span }
            await Task.yield()
        }
        return clock
    }

    private final class Offset: Sendable {
        let value = Mutex(Duration.zero)
    }
}
