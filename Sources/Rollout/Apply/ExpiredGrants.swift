import AWSValues
import SharePlan

/// Holds back the changes of a plan that give access whose last day has passed since the plan was made.
///
/// A rollback gives back what its run took, whatever the day; its review says so.
struct ExpiredGrants {
    let operation: PlanHeader.Operation
    let clock: RunClock

    /// Why a change must not be written; nil to continue.
    func objection(to change: Change) -> StoreError? {
        let today = clock.now().day
        guard operation == .share,
            let expired = change.grants.added.first(where: { $0.hasExpired(on: today) }), let expires = expired.expires
        else { return nil }
        return StoreError(
            kind: .other, code: "expired-grant",
            message: "the plan gives \(expired.grant.access.rawValue) to \(expired.grant.consumer), which expired on "
                + "\(expires); nothing is written. Make a new plan")
    }
}
