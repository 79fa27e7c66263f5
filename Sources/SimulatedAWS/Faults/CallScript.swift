import OrderedCollections
import Synchronization

/// Chooses what becomes of each call that names a repository, for tests that play through sequences of answers and of
/// other people's edits. It is asked while the cloud is locked, so it must not use the cloud.
package typealias CallScript = @Sendable (ScriptedCall) -> ScriptStep

/// A call of ECR that a script is asked about.
package struct ScriptedCall: Hashable, Sendable {
    /// Such as `SetRepositoryPolicy`.
    package var operation: String
    package var repository: RepositoryAddress
}

/// What becomes of one call, and what others do around it.
package struct ScriptStep: Hashable, Sendable {
    /// Something that somebody else does to the repository.
    package enum Edit: Hashable, Sendable {
        /// Appends a statement with this Sid.
        case append(sid: String)
        /// Puts a policy in place, or removes it.
        case replace(policy: String?)
        case deleteRepository
    }

    /// What goes wrong; nil for nothing.
    package var effect: FaultRule.Effect?
    /// Done before the call is handled.
    package var before: [Edit]
    /// Done after it took effect, before it is answered.
    package var after: [Edit]

    package init(_ effect: FaultRule.Effect? = nil, before: [Edit] = [], after: [Edit] = []) {
        self.effect = effect
        self.before = before
        self.after = after
    }
}

/// Something that happened to a repository under a script: a call, or somebody else's edit.
package struct ScriptedEvent: Hashable, Sendable {
    /// Nil for an edit.
    package var operation: String?
    /// What the script let go wrong.
    package var effect: FaultRule.Effect?
    /// Whether the call was carried out, whatever the answer says.
    package var isDone: Bool
    /// The policy before and after it, as it is kept; nil for none.
    package var policyBefore: String?
    package var policyAfter: String?
}

extension CloudState {
    /// Handles a call as the script wants it; nil without a script, and for a call that names no repository.
    mutating func handleByScript(_ call: Call) -> Outcome? {
        guard let script, call.service == .ecr, let name = call.repository else { return nil }
        let repository = RepositoryAddress(account: call.caller.account, region: call.region, name: name)
        let step = script(ScriptedCall(operation: call.operation, repository: repository))
        for edit in step.before { make(edit, to: repository) }
        var outcome = Outcome(result: .failure(ServiceError("InternalFailure", "", status: 500)))
        let before = policy(of: repository)
        let isDone = carryOut(call, step.effect, &outcome)
        scriptedEvents[repository, default: []].append(
            ScriptedEvent(
                operation: call.operation, effect: step.effect, isDone: isDone, policyBefore: before,
                policyAfter: policy(of: repository)))
        for edit in step.after { make(edit, to: repository) }
        return outcome
    }

    fileprivate mutating func make(_ edit: ScriptStep.Edit, to repository: RepositoryAddress) {
        let before = policy(of: repository)
        switch edit {
        case .append(let sid):
            guard case .object(var statement) = Faults.ForeignWriter.statement else { return }
            statement["Sid"] = .string(sid)
            put(CloudState.appending(.object(statement), to: before), in: repository)
        case .replace(let policy): put(policy, in: repository)
        case .deleteRepository: registries[repository.registry]?.remove(repository.name)
        }
        scriptedEvents[repository, default: []].append(
            ScriptedEvent(isDone: true, policyBefore: before, policyAfter: policy(of: repository)))
    }

    private func policy(of repository: RepositoryAddress) -> String? {
        registries[repository.registry]?.policy(of: repository.name)
    }
}

extension Cloud {
    /// Lets a script choose what becomes of each call from now on; nil for none. Forgets what happened before.
    package func setScript(_ script: CallScript?) {
        state.withLock { state in
            state.script = script
            state.scriptedEvents = [:]
        }
    }

    /// What happened to a repository under the script, in order.
    package func scriptedEvents(of repository: RepositoryAddress) -> [ScriptedEvent] {
        state.withLock { $0.scriptedEvents[repository] ?? [] }
    }

    /// Appends somebody else's statement with this Sid to what is there, in one step. Returns the uptime, as
    /// ``writeWindows`` has it.
    package func appendStatement(sid: String, to repository: RepositoryAddress) -> Double {
        state.withLock { state in
            state.make(.append(sid: sid), to: repository)
            return Cloud.uptime
        }
    }
}
