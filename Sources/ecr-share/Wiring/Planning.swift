import Rollout
import SharePlan

/// Makes the plan of a matrix and says what a plan cannot say of itself.
struct Planning {
    let store: LiveStore
    let rules: SharingRules
    let settings: AWSSettings

    /// Plans what the matrix names against the live policies. Warnings and failures of whole accounts and registries are said.
    func plan(
        _ targets: MatrixTargets, spoolFolder: Folder, output: OutputOptions, messages: Messages
    ) async throws -> PlanResult {
        let progress = ProgressLine(output, concurrency: settings.concurrency) { [store] in store.heldBackCalls }
        let recent = RecentAnswers<PolicyQuestion, SharingRules.Decision>()
        let recentlyPruned = RecentAnswers<PolicyQuestion, SharingRules.Decision>()
        let planner = Planner(
            store: store,
            rules: { repository, live, wanted in
                targets.covers(repository)
                    ? rules.entry(for: repository, live: live, wanted: wanted, recent: recent)
                        .naming { targets.crowds(on: repository) }
                    : rules.ofPruning.entry(for: repository, live: live, wanted: wanted, recent: recentlyPruned)
            },
            concurrency: settings.repositoriesAtOnce, spoolFolder: spoolFolder, observer: progress.observer)
        let now = Timestamp.now
        let header = PlanHeader(
            id: RunID(at: now).text, createdAt: now.rfc3339, operation: .share, mode: rules.mode,
            sidPrefix: rules.sidPrefix, matrix: targets.source)
        let result = try await planner.plan(targets, header: header)
        progress.clear()
        messages.lines(targets.warnings.map(\.description))
        for failure in result.signInFailures { messages.error("account \(failure.account): \(failure.error.message)") }
        for failure in result.unlistedRegistries {
            messages.error("the repositories of \(failure.registry) could not be listed: \(failure.error)")
        }
        return result
    }

    /// Ends the command with 1 when no account could be signed in to or reached.
    static func throwIfNothingWasReached(_ result: PlanResult) throws {
        if !result.isComplete, result.reachedNothing { throw CommandError.silent(.failed) }
    }

    /// Ends the command when the plan does not speak of everything that was asked for: with 1 when no account
    /// could be signed in to or reached, else with 3.
    static func throwIfIncomplete(_ result: PlanResult) throws {
        try throwIfNothingWasReached(result)
        if !result.isComplete { throw CommandError.silent(.incomplete) }
    }
}
