import AWSValues
import Platform
import Rollout
import SharePlan

/// Makes the plan of a matrix and says what a plan cannot say of itself.
struct Planning {
    let store: LiveStore
    let rules: SharingRules
    let settings: AWSSettings
    /// What earlier runs wrote is known from here.
    let archive: Archive
    let output: OutputOptions
    let environment: [String: String]
    let messages: Messages

    /// Plans what the matrix names against the live policies. Ends the command with 1 when no owner account could be
    /// signed in to or reached.
    func plan(
        _ input: MatrixInput, _ sharing: SharingOptions, _ organization: OrganizationOptions
    ) async throws -> (plan: PlanFile, leftOut: LeftOut, targets: MatrixTargets) {
        let file = input.configuration
        let matrix = try await MatrixConsumers(aws: store.aws, messages: messages).settle(
            input.matrix, checksAccounts: Settings.checkAccounts.value(organization.checkAccounts, file),
            mode: rules.mode)
        let targets = MatrixTargets(matrix, mode: rules.mode, prunes: Settings.prune.value(sharing.prune, file))
        let result = try await plan(targets)
        let leftOut = try LeftOut(of: result)
        try leftOut.throwIfNothingWasReached(result, messages)
        return (result.plan, leftOut, targets)
    }

    private func plan(_ targets: MatrixTargets) async throws -> PlanResult {
        let progress = ProgressLine(output, concurrency: settings.concurrency) { [store] in store.heldBackCalls }
        let now = Timestamp.now
        var rules = rules
        rules.today = now.day
        let planner = Planner(
            store: store, concurrency: settings.repositoriesAtOnce, spoolFolder: .temporary(environment),
            observer: progress.observer)
        let (known, notes) = try await known(targets)
        let header = PlanHeader(
            id: RunID(at: now).text, createdAt: now.rfc3339, operation: .share, mode: rules.mode,
            sidPrefix: rules.sidPrefix, matrix: targets.source, notes: notes)
        let result = try await planner.plan(targets, by: rules, beside: known, header: header)
        progress.clear()
        return result
    }

    /// What earlier runs wrote, orphans or repositories to prune, and what of that the archive could not tell. A matrix
    /// of which single rows are added or removed is not complete, so nothing is reported about what it lacks.
    ///
    /// - Throws: with `--prune`, when the archive or a run of it cannot be read, since a failed read is never empty.
    private func known(_ targets: MatrixTargets) async throws -> ([RepositoryID], [PlanHeader.Note]) {
        guard rules.mode == .match else { return ([], []) }
        var written: Set<RepositoryID> = []
        var unknown: [String] = []
        do {
            let (repositories, unreadable) = try await archive.repositoriesWritten(withSidPrefix: rules.sidPrefix)
            written = repositories
            unknown = unreadable.map { "run \($0.run) cannot be read (\($0.reason))" }
            if targets.prunes, let (run, reason) = unreadable.first {
                throw CommandError(
                    .failed, "--prune cannot revoke what run \(run) granted, since it cannot be read: \(reason)",
                    details: ["Restore its files, or move its folder out of the archive to prune without it."])
            }
        } catch let error as CommandError {
            throw error
        } catch {
            guard !targets.prunes else { throw error }
            unknown = ["the archive cannot be read (\(error))"]
        }
        let notes = unknown.flatMap { source in
            Set(targets.registries).map { registry in
                PlanHeader.Note(registry, "\(source), so grants of earlier runs may be left that the matrix has lost")
            }
        }
        return (written.sorted(), notes)
    }
}
