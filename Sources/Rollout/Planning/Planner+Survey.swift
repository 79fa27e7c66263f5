package import AWSValues
package import SharePlan
import Synchronization

/// What was found of one repository.
package struct SurveyFinding<Value: Sendable>: Sendable {
    package let repository: RepositoryID
    package let result: Result<Value, StoreError>
}

extension Planner {
    /// Reads every target of `source` and keeps what `tell` makes of its policy (nil for none), sorted by repository.
    /// With patterns only the repositories that one of them matches are read.
    ///
    /// A policy that cannot be read is a failure of that repository; so is what `tell` throws.
    /// - Returns: the findings, and the registries that could not be listed.
    package func survey<Value: Sendable>(
        _ source: some TargetSource, choosing patterns: [RepositoryPattern] = [],
        _ tell: @escaping @Sendable (RepositoryID, Policy?) throws(StoreError) -> Value
    ) async throws -> (findings: [SurveyFinding<Value>], unlisted: [PlanResult.UnlistedRegistry]) {
        let live = LivePolicies(store)
        let findings = Mutex<[SurveyFinding<Value>]>([])
        let tally = ProgressTally(.reading, observer: observer)
        let reader = TargetReader(live: live, concurrency: concurrency, tally: tally, patterns: patterns)
        let unlisted = try await reader.forEachTarget(of: source) { repository in
            let result: Result<Value, StoreError>
            do throws(StoreError) {
                result = .success(try tell(repository, try await live.policy(of: repository)))
            } catch {
                try Task.checkCancellation()
                result = .failure(error)
            }
            findings.withLock { $0.append(SurveyFinding(repository: repository, result: result)) }
            tally.count(failed: (try? result.get()) == nil)
        }
        return (findings.withLock { $0 }.sorted { $0.repository < $1.repository }, unlisted)
    }
}
