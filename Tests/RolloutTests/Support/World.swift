import AWSValues
import Foundation
import OrderedJSON
import Rollout
import SharePlan
import Synchronization
import TestSupport

/// Policies as the program writes them, and what is needed to plan and run them.
enum World {
    static func haveSameMeaning(_ left: Policy?, _ right: Policy?) -> Bool {
        Policy.haveSameMeaning(left, right, in: .aws)
    }

    /// What the program makes of a policy with a `foreign` statement of this Sid, or of none, for these consumers.
    static func policy(_ consumers: [String], foreign: String? = nil) -> Policy? {
        let others = foreign.map { sid in
            Policy(
                #"{"Version":"2012-10-17","Statement":[{"Sid":"\#(sid)","Effect":"Allow","Principal":{"AWS":"#
                    + #""arn:aws:iam::999900001111:root"},"Action":"ecr:DescribeImages"}]}"#)
        }
        let entry = SharingRules().entry(for: repository("any"), live: others, wanted: consumers.map(wantedGrant))
        return if case .change(let change) = entry { change.after } else { others }
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
        let planner = Planner(store: store, concurrency: concurrency, spoolFolder: folder)
        return try await planner.plan(Targets(wanted), by: SharingRules(), header: header).plan
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
    var prunes = false

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

extension RollbackRules {
    /// Those of the tests' runs.
    static let ofTests = RollbackRules(sidPrefix: "EcrShare")
}

extension Runner {
    init(
        _ store: MemoryStore, _ folder: Folder, _ options: ApplyOptions = ApplyOptions(),
        clock: RunClock = FakeClock().clock
    ) {
        self.init(archive: Archive(folder.path(of: "archive")), store: store, options: options, clock: clock)
    }
}
