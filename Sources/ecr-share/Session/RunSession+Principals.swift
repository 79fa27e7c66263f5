import AWSClient
import AWSValues
import Platform
import Rollout
import SharePlan

extension RunSession {
    /// Says of each repository that was refused for an unknown principal whom it may be and which lines of the matrix
    /// name them; with `--isolate-principals` finds them by trial and grants everything else as a run of its own.
    ///
    /// Source of the rule that ECR names nobody:
    /// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/CommonErrors.html
    func explainUnknownPrincipals(
        _ execution: Runner.Execution, _ runner: Runner, over store: LiveStore, _ origin: MatrixTargets?
    ) async throws {
        let plan = execution.plan
        let refused = execution.report.refusedPrincipals.map(\.repository)
        guard !refused.isEmpty else { return }
        guard guardrails.isolatesPrincipals else {
            var notes = PlanNotes()
            var doubts: [Partition: AccountDoubts] = [:]
            var isForeign = false
            for repository in refused {
                guard case .change(let change)? = try plan.entry(for: repository) else { continue }
                let partition = repository.region.partition
                if doubts[partition] == nil { doubts[partition] = await AccountDoubts(store.aws, partition) }
                let suspects = change.newPrincipals.map { consumer in
                    let text = text(of: consumer, in: change, origin)
                    return (text, doubt: doubts[partition]?.doubt(about: consumer))
                }
                let deleted = change.foreignDeletedPrincipals(sidPrefix: plan.header.sidPrefix)
                if !deleted.isEmpty { isForeign = true }
                let likely =
                    deleted.map { "\($0), left by a deleted role or user, which only the statement's owner can remove" }
                    + suspects.filter { $0.doubt != nil }.map { "\($0.0), \($0.doubt ?? "")" }
                let against = likely.isEmpty ? "" : "; the likely cause is \(likely.joined(separator: "; "))"
                let others =
                    deleted.isEmpty ? change.statementsNamingPrincipals.map { "a principal of \($0)" } : deleted
                notes.add(
                    Problem(
                        repository: repository, code: "ECR does not know",
                        message: "ECR does not know one of these: "
                            + (suspects.map(\.0) + others).joined(separator: ", ")
                            + against))
            }
            for note in notes.problems { messages.error(note.line) }
            messages.note(
                "--isolate-principals finds out which, and grants everything else"
                    + (isForeign ? " unless it is one of a foreign statement, which it leaves as it is." : "."))
            return
        }
        let sidPrefix = plan.header.sidPrefix
        let found = try await runner.isolatePrincipals(after: execution, stop: stop)
        let now = Timestamp.now
        let today = now.day
        let spool = try PlanSpool(in: archive.spoolFolder)
        for isolated in found {
            let repository = isolated.change.repository
            switch isolated.finding {
            case .unknown(let unknown):
                let names = unknown.map { text(of: $0, in: isolated.change, origin) }
                messages.error("\(repository): ECR does not know \(names.joined(separator: ", "))")
                let rest = try isolated.change.leaving(
                    Set(unknown), sidPrefix: sidPrefix, maximumPolicySize: maximumPolicySize, on: today)
                if rest.after != nil, !rest.grants.isEmpty { try spool.add(.change(rest)) }
            case .inPolicyFromBefore(let statements):
                messages.error(
                    "\(repository): ECR does not accept the policy as it is: a principal that it does not know is in "
                        + "\(statements.joined(separator: ", ")). Correct that statement first; the accounts of the matrix "
                        + "may all be right")
            case .brokenOff(let reason, let written):
                let next =
                    written == .no
                    ? "the search left nothing behind; plan again"
                    : "take back what is left with: ecr-share rollback \(execution.run) --merge-later-edits\(archiveOption)"
                messages.error("\(repository): the search for unknown principals was stopped: \(reason); \(next)")
            }
        }
        let remainder = try spool.finish(
            header: PlanHeader(
                id: RunID(at: now).text, createdAt: now.rfc3339, operation: plan.header.operation,
                mode: plan.header.mode, sidPrefix: sidPrefix, matrix: plan.header.matrix, undoes: plan.header.undoes,
                newestRun: plan.header.undoes.map { _ in execution.run.text }))
        guard remainder.summary.changes > 0 else { return }
        messages.note("Granting everything else there:")
        try await execute(remainder, over: store, origin: origin)
    }

    /// A consumer with the lines of the matrix that name it: `444455556666 (matrix.csv:12)`. A plan that was saved
    /// knows only the reason that was given there.
    private func text(of consumer: Consumer, in change: Change, _ origin: MatrixTargets?) -> String {
        if let origin {
            let lines = origin.lines(granting: consumer, on: change.repository).map { "\(origin.source.path):\($0)" }
            return lines.isEmpty ? consumer.description : "\(consumer) (\(lines.joined(separator: ", ")))"
        }
        let reason = change.grants.added.first { $0.grant.consumer == consumer && !$0.reason.isEmpty }?.reason
        return reason.map { "\(consumer) (\($0))" } ?? consumer.description
    }
}

/// What AWS Organizations reports about accounts that ECR may not know: those that are closed or suspended, and those
/// that are not in the caller's organization. Nothing where it does not answer: it is asked on the way, without a need.
private struct AccountDoubts {
    private var states: [AccountID: String]?

    init(_ aws: AWS, _ partition: Partition) async {
        guard let organizations = try? aws.organizations(partition: partition),
            let accounts = try? await organizations.accounts()
        else { return }
        states = Dictionary(accounts.map { ($0.id, $0.state) }, uniquingKeysWith: { $1 })
    }

    func doubt(about consumer: Consumer) -> String? {
        guard let states, let account = consumer.account else { return nil }
        guard let state = states[account] else { return "which is not in the organization" }
        return state == "ACTIVE" ? nil : "whose account is \(state)"
    }
}

extension Consumer {
    /// The account that the consumer is or belongs to.
    fileprivate var account: AccountID? {
        switch self {
        case .account(let id): id
        case .principal(let arn): arn.account
        case .organization, .organizationPath: nil
        }
    }
}
