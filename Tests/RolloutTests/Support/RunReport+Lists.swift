import AWSValues
import SharePlan

extension RunReport {
    /// What failed, sorted by repository.
    var failures: [(repository: RepositoryID, error: StoreError, written: Written)] {
        outcomes([.failed]).compactMap { repository, outcome in
            if case .failed(let error, let written) = outcome { (repository, error, written) } else { nil }
        }
    }

    /// What was in conflict, sorted by repository.
    var conflicts: [(repository: RepositoryID, written: Written)] {
        outcomes([.conflict]).map { ($0.repository, $0.outcome.written) }
    }
}
