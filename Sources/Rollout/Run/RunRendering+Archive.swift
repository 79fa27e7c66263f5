import AWSValues
package import SharePlan

extension RunRendering {
    /// The report of an archived run, from its journal and the plan that it executed. `state` is what the journal
    /// records, if known.
    package init(of run: ArchivedRun, _ plan: PlanFile, state: RunState? = nil, in archive: Archive) throws {
        let state = try state ?? run.state()
        var counts = Counts(planned: 0)
        var outcomes: [RepositoryID: ChangeOutcome] = [:]
        var failures: [Failure] = []
        for slot in plan.slots where slot.kind == .change {
            let last = state.repositories[slot.repository]?.last
            let outcome = ChangeOutcome(last)
            counts.count(outcome)
            if outcome != .notStarted { outcomes[slot.repository] = outcome }
            if let last, let failure = Failure(last, of: slot.repository) { failures.append(failure) }
        }
        let phase = try archive.runs().first { $0.id == run.id }?.phase
        self.init(
            header: plan.header.with(id: run.id.text), state: State(phase), startedAt: state.startedAt,
            seconds: RunRendering.seconds(from: state.startedAt, to: state.finishedAt), caller: state.caller,
            counts: counts, failures: failures, outcomes: outcomes)
    }

    /// Whole seconds between two times of a journal.
    private static func seconds(from start: String?, to end: String?) -> Int? {
        guard let start = start.flatMap({ Timestamp(rfc3339: $0) }),
            let end = end.flatMap({ Timestamp(rfc3339: $0) })
        else { return nil }
        return max(0, (end.milliseconds - start.milliseconds) / 1000)
    }
}

extension RunRendering.State {
    fileprivate init(_ phase: RunListing.Phase?) {
        switch phase {
        case .finished(.completed, _): self = .completed
        case .finished(.tooManyFailures, _), .finished(.canaryFailed, _): self = .stopped
        case .finished(.interrupted, _), .unfinished, .unreadable, nil: self = .interrupted
        case .running: self = .running
        case .neverStarted: self = .neverStarted
        }
    }
}

extension ChangeOutcome {
    /// What the last event of a repository says.
    fileprivate init(_ last: JournalEvent?) {
        switch last {
        case .applied, .verified: self = .written
        case .skipped: self = .alreadyDone
        case .failed: self = .failed
        case .conflict: self = .conflict
        case .writing: self = .inDoubt
        case .created, .started, .finished, nil: self = .notStarted
        }
    }
}

extension RunRendering.Failure {
    /// What a failure or conflict says; nil for any other event.
    fileprivate init?(_ event: JournalEvent, of repository: RepositoryID) {
        switch event {
        case .failed(_, let code, let message, let requestID, let written):
            let note =
                switch written {
                case .no: ""
                case .yes: " (the policy was written)"
                case .unknown: " (the policy may have been written)"
                }
            self.init(repository: repository, code: code, message: message + note, requestID: requestID)
        case .conflict(_, _, let written):
            self.init(
                repository: repository, code: "conflict",
                message: written == .no
                    ? "the policy was edited after it was planned and is left alone; make a new plan for it"
                    : "the policy was edited by somebody after it was written; make a new plan for it")
        default: return nil
        }
    }
}
