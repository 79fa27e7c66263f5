/// How a change of an earlier run is undone.
package struct RollbackRules: Hashable, Sendable {
    package var sidPrefix: String
    /// Take back only the run's grants where the policy was edited since, instead of reporting a conflict.
    package var mergeLaterEdits: Bool
    /// Undo only what these consumers gained or lost; nil undoes all.
    package var consumers: Set<Consumer>?
    /// The most UTF-8 bytes that a document may have.
    package var maximumPolicySize: Int

    package init(
        sidPrefix: String, mergeLaterEdits: Bool = false, consumers: Set<Consumer>? = nil,
        maximumPolicySize: Int = 10_240
    ) {
        self.sidPrefix = sidPrefix
        self.mergeLaterEdits = mergeLaterEdits
        self.consumers = consumers
        self.maximumPolicySize = maximumPolicySize
    }

    /// The entry of a rollback plan that undoes `change`, given the policy as it is now.
    ///
    /// Unchanged when the policy already equals the change's `before`; a problem with code `conflict` when it equals
    /// neither `before` nor `after` and later edits are not to be merged.
    package func entry(undoing change: Change, live: String?) -> PlanEntry {
        preconditionFailure("not written yet")
    }
}
