import Foundation
import Rollout
import SharePlan
import TestSupport
import Synchronization

/// Sharing rules of the tests' own: a policy is `{"managed":[CONSUMER…],"foreign":…}`, where `managed` is ours.
enum World {
    static let haveSameMeaning: PolicyComparison = { left, right, _ in
        func minified(_ policy: Policy?) -> String? {
            policy.map { (try? JSONValue(parsing: $0))?.minified ?? $0.text }
        }
        return minified(left) == minified(right)
    }

    static func policy(_ consumers: [String], foreign: String? = nil) -> Policy? {
        guard !consumers.isEmpty || foreign != nil else { return nil }
        let managed = JSONValue.array(consumers.sorted().map(JSONValue.string)).minified
        return Policy(foreign.map { #"{"managed":\#(managed),"foreign":"\#($0)"}"# } ?? #"{"managed":\#(managed)}"#)
    }

    static func parts(of policy: Policy?) -> (managed: [String], foreign: String?) {
        guard let policy, let value = try? JSONValue(parsing: policy), var members = try? JSONMembers(value) else {
            return ([], nil)
        }
        return ((try? members.strings("managed")) ?? [], try? members.string("foreign"))
    }

    static let rules: Planner.Rules = { repository, live, wanted in
        let (managed, foreign) = parts(of: live)
        let consumers = wanted.map(\.grant.consumer.description).sorted()
        let after = policy(consumers, foreign: foreign)
        if haveSameMeaning(live, after, repository.region.partition) {
            return .unchanged(Unchanged(repository: repository))
        }
        return .change(
            Change(
                repository: repository, before: live, after: after,
                grants: GrantDifference(
                    added: consumers.filter { !managed.contains($0) }.map(wantedGrant),
                    removed: managed.filter { !consumers.contains($0) }.map(wantedGrant))))
    }

    static let rollbackRules: RollbackPlanner.Rules = { change, live, _ in
        let partition = change.repository.region.partition
        if haveSameMeaning(live, change.before, partition) {
            return .unchanged(Unchanged(repository: change.repository))
        }
        guard haveSameMeaning(live, change.after, partition) else {
            return .problem(Problem(repository: change.repository, code: "conflict", message: "edited since"))
        }
        return .change(
            Change(
                repository: change.repository, before: live, after: change.before,
                grants: GrantDifference(added: change.grants.removed, removed: change.grants.added)))
    }

    // swift-format-ignore: NeverForceUnwrap
    static func wantedGrant(_ consumer: String) -> WantedGrant {
        // Of literals in the tests.
        WantedGrant(Grant(consumer: Consumer(consumer)!, access: .pull))
    }

    // swift-format-ignore: NeverForceUnwrap
    static func repository(_ name: String, account: String = "111122223333", region: String = "us-east-1")
        -> RepositoryID
    {
        // Of literals in the tests.
        RepositoryID(
            registry: Registry(account: AccountID(account)!, region: Region(region)!), name: RepositoryName(name)!)
    }

    /// Repositories `r000`, `r001`, … of a registry.
    static func repositories(_ count: Int, account: String = "111122223333", region: String = "us-east-1")
        -> [RepositoryID]
    {
        (0..<count).map { number in
            let digits = String(number)
            let name = "r" + String(repeating: "0", count: max(0, 3 - digits.utf8.count)) + digits
            return repository(name, account: account, region: region)
        }
    }

    static let header = PlanHeader(
        id: "20261124T210359Z-3f9a1c", createdAt: "2026-11-24T21:03:59Z", operation: .share, mode: .match,
        sidPrefix: "EcrShare",
        matrix: PlanHeader.Source(path: "m.csv", sha256: String(repeating: "0", count: 64), rows: 1)
    )

    // swift-format-ignore: NeverForceUnwrap
    static let runID = RunID("20261124T210359Z-3f9a1c")!

    /// The plan of the rules for `wanted`, against the store.
    static func plan(
        _ store: MemoryStore, _ wanted: [RepositoryID: [String]], in folder: Folder, concurrency: Int = 8
    ) async throws -> PlanFile {
        let planner = Planner(store: store, rules: rules, concurrency: concurrency, spoolFolder: folder)
        return try await planner.plan(Targets(wanted), header: header).plan
    }

    /// Gives `body` a new folder and removes it afterwards.
    static func withFolder<Result>(_ body: (Folder) async throws -> Result) async throws -> Result {
        let folder = Folder(NSTemporaryDirectory()).folder("ecr-share-tests-\(UUID().uuidString)")
        try folder.make()
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        return try await body(folder)
    }
}

/// What is wanted where, and which registries are listed.
struct Targets: TargetSource {
    let wanted: [RepositoryID: [String]]
    var listed: Set<Registry> = []
    /// Wanted on every repository that a listing shows and `wanted` does not name.
    var everywhere: [String] = []

    init(_ wanted: [RepositoryID: [String]], listed: Set<Registry> = [], everywhere: [String] = []) {
        self.wanted = wanted
        self.listed = listed
        self.everywhere = everywhere
    }

    var registries: [Registry] { Array(Set(wanted.keys.map(\.registry)).union(listed)) }

    func needsListing(of registry: Registry) -> Bool { listed.contains(registry) }

    func targets(in registry: Registry, live: [RepositoryName]?) -> [RepositoryID] {
        wanted.keys.filter { $0.registry == registry }
            + (live ?? []).map { RepositoryID(registry: registry, name: $0) }
    }

    func wantedGrants(for repository: RepositoryID) -> [WantedGrant] {
        (wanted[repository] ?? everywhere).map(World.wantedGrant)
    }
}

/// A clock whose sleeps end at once and are added up.
final class FakeClock: Sendable {
    private let slept = Mutex(Duration.zero)

    var total: Duration { slept.withLock { $0 } }

    var clock: RunClock {
        RunClock(
            now: { Timestamp(milliseconds: 1_795_554_239_250) },
            sleep: { duration in
                try Task.checkCancellation()
                self.slept.withLock { $0 += duration }
                await Task.yield()
            })
    }
}

extension Runner {
    init(
        _ store: MemoryStore, _ folder: Folder, _ options: ApplyOptions = ApplyOptions(),
        clock: RunClock = FakeClock().clock
    ) {
        self.init(
            archive: Archive(folder.path(of: "archive")), store: store, options: options,
            haveSameMeaning: World.haveSameMeaning, rollbackRules: World.rollbackRules, clock: clock)
    }
}
