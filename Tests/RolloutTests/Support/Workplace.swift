import AWSValues
import Platform
import Rollout
import SharePlan
import TestSupport

/// An archive and the policies that its runs are about.
final class Workplace: Sendable {
    static let repositories = World.repositories(2)
    let folder: Folder
    let store: MemoryStore

    init(_ folder: Folder, _ before: @escaping MemoryStore.Hook = { _, _ in }) {
        self.folder = folder
        store = MemoryStore(
            Dictionary(uniqueKeysWithValues: Workplace.repositories.map { ($0, nil) }), before: before)
    }

    var archive: Archive { Archive(folder.path(of: "archive")) }
    var live: [Policy?] { Workplace.repositories.map { store.policies[$0] ?? nil } }

    /// A run that wants the same in each repository.
    @discardableResult func apply(
        _ consumers: String..., expires: CalendarDate? = nil, rules: SharingRules = SharingRules()
    ) async throws -> RunID {
        let wanted = consumers.compactMap { Consumer($0) }.map {
            WantedGrant(Grant(consumer: $0, access: .pull), expires: expires)
        }
        let planner = Planner(store: store, spoolFolder: folder)
        let targets = SameTargets(repositories: Workplace.repositories, wanted: wanted)
        return try await execute(try await planner.plan(targets, by: rules, header: World.header).plan)
    }

    func plan(
        undoing run: RunID, _ rules: RollbackRules = .ofTests,
        _ selection: RollbackSelection = .init(), at time: Timestamp = .now
    ) async throws -> PlanResult {
        try await Planner(store: store, spoolFolder: folder).plan(
            undoing: try archive.run(run.text), by: rules, in: archive, selection, id: RunID(at: time), createdAt: time)
    }

    @discardableResult func rollback(_ run: RunID) async throws -> RunID {
        try await execute(try await plan(undoing: run).plan)
    }

    @discardableResult func execute(_ plan: PlanFile) async throws -> RunID {
        try await result(of: plan).run
    }

    func result(of plan: PlanFile) async throws -> Runner.Result { try await runner.execute(plan) }

    var runner: Runner {
        Runner(
            archive: archive, store: store, options: ApplyOptions(maximumFailures: nil), clock: FakeClock().clock)
    }

    func file(_ name: String, of run: RunID) -> String {
        folder.path(of: "archive/runs/\(run)/\(name)")
    }
}

private struct SameTargets: TargetSource {
    let repositories: [RepositoryID]
    let wanted: [WantedGrant]

    var registries: [Registry] { Array(Set(repositories.map(\.registry))) }
    func needsListing(of registry: Registry) -> Bool { false }
    func targets(in registry: Registry, live: [RepositoryName]?) -> [RepositoryID] { repositories }
    func wantedGrants(for repository: RepositoryID) -> [WantedGrant] { wanted }
}
