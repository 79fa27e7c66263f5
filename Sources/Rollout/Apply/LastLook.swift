package import SharePlan

/// Holds every change of a plan against the promises right before it is sent, whoever made the plan.
package struct LastLook {
    private let check: ChangeCheck
    private let passed = Book<Look, Bool>()
    /// The plan of the run that a rollback undoes; nil when the archive does not have it.
    private let undone: PlanFile?

    /// What the answer depends on.
    private struct Look: Hashable {
        let content: SameCase
        let undone: SameCase?
    }

    package init(at plan: PlanFile, in archive: Archive) {
        check = ChangeCheck(plan.header)
        undone = plan.header.undoes.flatMap { try? archive.run($0).plan() }
    }

    /// Why a change must not be written; nil to continue.
    @Sendable package func objection(to change: Change) -> StoreError? {
        do {
            let undone = try original(of: change)
            let look = Look(content: SameCase(change.case), undone: undone.map { SameCase($0.case) })
            if passed[look] != nil { return nil }
            try check.check(change, undoing: undone)
            passed.insert(true, for: look, size: change.case.size + (undone?.case.size ?? 0))
            return nil
        } catch let objection as ChangeObjection {
            return StoreError(kind: .other, code: "broken-promise", message: objection.description)
        } catch {
            return StoreError(kind: .other, code: "broken-promise", message: "\(error)")
        }
    }

    private func original(of change: Change) throws -> Change? {
        guard case .change(let original)? = try undone?.entry(for: change.repository) else { return nil }
        return original
    }
}
