import AWSValues
package import SharePlan

/// Holds every change of a plan against the promises, and against the day, right before it is sent, whoever made the
/// plan.
package struct LastLook: Sendable {
    private let check: ChangeCheck
    private let passed = Book<Look, Bool>()
    private let operation: PlanHeader.Operation
    /// The plan of the run that a rollback undoes; nil when the archive does not have it.
    private let undone: PlanFile?
    private let clock: RunClock

    /// What the answer depends on.
    private struct Look: Hashable {
        let content: SameCase
        let undone: SameCase?
    }

    /// `undone` is the plan of the run that a rollback undoes, where it is open already.
    package init(at plan: PlanFile, undoing undone: PlanFile? = nil, in archive: Archive, clock: RunClock) async {
        check = ChangeCheck(plan.header)
        operation = plan.header.operation
        if let run = plan.header.undoes, undone?.header.id != run {
            self.undone = try? await archive.run(run).plan()
        } else {
            self.undone = plan.header.undoes == nil ? nil : undone
        }
        self.clock = clock
    }

    /// Why a change must not be written; nil to continue.
    package func objection(to change: Change) -> StoreError? {
        if let expired = expiredGrant(of: change) { return expired }
        do {
            let undone = try original(of: change)
            let look = Look(content: SameCase(change.case), undone: undone.map { SameCase($0.case) })
            if passed[look] != nil { return nil }
            try check.check(change, undoing: undone)
            passed.insert(true, for: look, size: change.case.size + (undone?.case.size ?? 0))
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
