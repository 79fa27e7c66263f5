import Rollout
import SharePlan

/// Makes the plan of a matrix and says what a plan cannot say of itself.
struct Planning {
    let store: LiveStore
    let rules: SharingRules
    let settings: AWSSettings

    /// Plans what the matrix names against the live policies.
    func plan(
        _ targets: MatrixTargets, spoolFolder: Folder, output: OutputOptions
    ) async throws -> PlanResult {
        let progress = ProgressLine(output, concurrency: settings.concurrency) { [store] in store.heldBackCalls }
        let recent = RecentAnswers<PolicyQuestion, SharingRules.Decision>()
        let recentlyPruned = RecentAnswers<PolicyQuestion, SharingRules.Decision>()
        let planner = Planner(
            store: store,
            rules: { repository, live, wanted in
                targets.covers(repository)
                    ? rules.entry(
                        for: repository, live: live, wanted: wanted, ended: targets.endedGrants(for: repository),
                        recent: recent
                    ).naming { targets.crowds(on: repository) }
                    : rules.ofPruning.entry(for: repository, live: live, wanted: wanted, recent: recentlyPruned)
            },
            concurrency: settings.repositoriesAtOnce, spoolFolder: spoolFolder, observer: progress.observer)
        let now = Timestamp.now
        let header = PlanHeader(
            id: RunID(at: now).text, createdAt: now.rfc3339, operation: .share, mode: rules.mode,
            sidPrefix: rules.sidPrefix, matrix: targets.source)
        let result = try await planner.plan(targets, header: header)
        progress.clear()
        return result
    }
}
