package import SharePlan

/// What a search for unknown principals found in one repository.
package struct IsolatedPrincipals: Hashable, Sendable {
    /// The change that was refused.
    package let change: Change
    /// The principals that ECR does not know, sorted; never empty.
    package let unknown: [Consumer]
}

extension Runner {
    /// Finds, by trial, which principals ECR does not know in the repositories where a run was refused for one.
    ///
    /// ECR refuses a whole document for one unknown principal and does not name it. Each trial writes the document from
    /// before with some of the new principals; at the end the policy from before is put back, so that what is left to
    /// do can be planned, reviewed and undone as a run of its own. The trials are announced in the journal of the run.
    /// A repository whose policy is not the one from before is left alone, and so is one that fails in another way.
    /// `leaving` is the change without some consumers: ``Change/leaving(_:sidPrefix:maximumPolicySize:)``.
    /// - Throws: ``RolloutError``, ``FileError``, `CancellationError`.
    package func isolatePrincipals(
        after report: RunReport, leaving: @escaping @Sendable (Change, Set<Consumer>) throws -> Change
    ) async throws -> [IsolatedPrincipals] {
        let run = try archive.run(report.run.text)
        let refused = report.failures.filter { $0.error.kind == .principalNotFound }
        guard !refused.isEmpty else { return [] }
        return try await archive.withLock(for: run.id) {
            let plan = try run.plan()
            return try await run.withJournal(clock: clock) { journal in
                var found: [IsolatedPrincipals] = []
                for failure in refused {
                    guard case .change(let change)? = try plan.entry(for: failure.repository) else { continue }
                    if let unknown = try await unknownPrincipals(of: change, journal, leaving) {
                        found.append(IsolatedPrincipals(change: change, unknown: unknown))
                    }
                    journal.note(
                        .failed(
                            failure.repository, code: failure.error.code, message: failure.error.message,
                            requestID: failure.error.requestID, written: .no))
                }
                try await journal.record(.finished(report.ending, report.counts))
                return found
            }
        }
    }

    private func unknownPrincipals(
        of change: Change, _ journal: Journal, _ leaving: (Change, Set<Consumer>) throws -> Change
    ) async throws -> [Consumer]? {
        let (repository, partition) = (change.repository, change.repository.region.partition)
        guard let live = try? await store.policyText(of: repository) as String??,
            haveSameMeaning(live, change.before, partition)
        else { return nil }
        try await journal.record(.writing(repository))
        var search = PrincipalSearch(change.newPrincipals)
        var isWritten = false
        while let leftOut = search.leftOut {
            guard let trial = try? leaving(change, leftOut), let text = trial.after else { break }
            do throws(StoreError) {
                _ = try await store.setPolicy(text, of: repository)
                isWritten = true
                search.tried(isAccepted: true)
            } catch {
                guard error.kind == .principalNotFound else { break }
                search.tried(isAccepted: false)
            }
        }
        if isWritten { try await putBack(change) }
        let isWhole = search.leftOut == nil && !search.unknown.isEmpty
        return isWhole ? search.unknown.sorted() : nil
    }

    /// Puts the policy from before the change back.
    private func putBack(_ change: Change) async throws {
        let live = try await store.policyText(of: change.repository)
        guard case .change(let undo) = rollbackRules(change.keeping(after: live), live) else { return }
        if let text = undo.after {
            _ = try await store.setPolicy(text, of: change.repository)
        } else {
            try await store.deletePolicy(of: change.repository)
        }
    }
}

extension Change {
    /// The same change, had it led to `after`.
    fileprivate func keeping(after: String?) -> Change {
        Change(repository: repository, before: before, after: after, grants: grants)
    }
}
