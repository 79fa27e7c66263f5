import AWSValues
import SharePlan

/// Holds every change of a plan against the promises, and against the day, right before it is sent, whoever made the
/// plan.
struct LastLook: Sendable {
    private let check: ChangeCheck
    private let recent = RecentAnswers<PolicyQuestion, Void>()
    private let operation: PlanHeader.Operation
    /// The plan of the run that a rollback undoes; nil when the archive does not have it.
    private let undone: PlanFile?
    private let clock: RunClock

    /// `undone` is the plan of the run that a rollback undoes, where it is open already.
    init(at plan: PlanFile, undoing undone: PlanFile?, in archive: Archive, clock: RunClock) {
        check = ChangeCheck(plan.header)
        operation = plan.header.operation
        self.undone = plan.header.undoes.flatMap { run in
            undone?.header.id == run ? undone : try? archive.run(run).plan()
        }
        self.clock = clock
    }

    /// Why a change must not be written; nil to continue.
    func objection(to change: Change) -> StoreError? {
        if let expired = expiredGrant(of: change) { return expired }
        do {
            try check.check(change, undoing: try original(of: change), recent: recent)
            return nil
        } catch {
            return StoreError(kind: .other, code: "broken-promise", message: "\(error)")
        }
    }

    private func original(of change: Change) throws -> Change? {
        guard case .change(let original)? = try undone?.entry(for: change.repository) else { return nil }
        return original
    }

    /// Access whose last day has passed since the plan was made. A rollback gives back what its run took, whatever the
    /// day; its review says so.
    private func expiredGrant(of change: Change) -> StoreError? {
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
