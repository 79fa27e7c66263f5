import Rollout
import SharePlan

extension RunSession {
    /// Says of each repository that was refused for an unknown principal whom it may be and which lines of the matrix
    /// name them; with `--isolate-principals` finds them by trial and grants everything else as a run of its own.
    ///
    /// Source of the rule that ECR names nobody: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/CommonErrors.html
    func explainUnknownPrincipals(
        _ report: RunReport, _ plan: PlanFile, _ runner: Runner, over store: LiveStore, _ origin: MatrixTargets?
    ) async throws {
        let refused = report.failures.filter { $0.error.kind == .principalNotFound }
        guard !refused.isEmpty else { return }
        guard guardrails.isolatesPrincipals else {
            for failure in refused {
                guard case .change(let change)? = try plan.entry(for: failure.repository) else { continue }
                let suspects = change.newPrincipals.map { text(of: $0, on: failure.repository, origin) }
                messages.note("\(failure.repository): ECR does not know one of \(suspects.joined(separator: ", "))")
            }
            messages.note("--isolate-principals finds which, and grants everything else.")
            return
        }
        let sidPrefix = plan.header.sidPrefix
        let found = try await runner.isolatePrincipals(after: report) { change, consumers in
            try change.leaving(consumers, sidPrefix: sidPrefix)
        }
        let spool = try PlanSpool(in: archive.folder)
        for isolated in found {
            let names = isolated.unknown.map { text(of: $0, on: isolated.change.repository, origin) }
            messages.error("\(isolated.change.repository): ECR does not know \(names.joined(separator: ", "))")
            let rest = try isolated.change.leaving(Set(isolated.unknown), sidPrefix: sidPrefix)
            if rest.after != nil, !rest.grants.isEmpty { try spool.add(.change(rest)) }
        }
        let now = Timestamp.now
        let remainder = try spool.finish(
            header: PlanHeader(
                id: RunID(at: now).text, createdAt: now.rfc3339, operation: plan.header.operation,
                mode: plan.header.mode, sidPrefix: sidPrefix, matrix: plan.header.matrix, undoes: plan.header.undoes))
        guard remainder.summary.changes > 0 else { return }
        messages.note("Granting everything else there:")
        try await execute(remainder, over: store, origin: origin)
    }

    /// A consumer with the lines of the matrix that name it: `444455556666 (matrix.csv:12)`.
    private func text(of consumer: Consumer, on repository: RepositoryID, _ origin: MatrixTargets?) -> String {
        guard let origin else { return consumer.description }
        let lines = origin.lines(granting: consumer, on: repository).map { "\(origin.path):\($0)" }
        return lines.isEmpty ? consumer.description : "\(consumer) (\(lines.joined(separator: ", ")))"
    }
}
