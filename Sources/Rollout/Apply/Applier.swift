import SharePlan

/// Makes the changes of one archived run.
struct Applier: Sendable {
    let store: any PolicyStore
    let options: ApplyOptions
    let haveSameMeaning: PolicyComparison
    /// A last look at a change before it is written; nil to go on, else why it must not be.
    let objection: @Sendable (Change) -> StoreError?
    let clock: RunClock
    let observer: RunObserver
    let stop: StopSignal

    /// Makes the changes of `plan`, announcing each in `journal`.
    ///
    /// A repository that fails does not stop the others, until ``ApplyOptions/maximumFailures``.
    /// - Throws: ``FileError`` when the journal or the plan fails, after all writes in flight have ended: nothing is
    ///   written that could not be announced. `CancellationError` when the task was cancelled.
    func apply(
        _ plan: PlanFile, of run: RunID, _ tally: RunTally, journal: Journal, caller: String?
    ) async throws -> RunReport {
        try await journal.record(.started(caller: caller))
        let canary = Canary(options.canary, of: plan.slots.filter { $0.kind == .change })
        try await apply(canary.first, of: plan, in: .canary, tally, journal)
        let canaryFailed = tally.counts.failed + tally.counts.conflicts > 0
        if canaryFailed {
            tally.addNotStarted(canary.rest.count)
        } else {
            try await apply(canary.rest, of: plan, in: .writing, tally, journal)
        }
        let ending = ending(of: tally, canaryFailed: canaryFailed)
        try await journal.record(.finished(ending, tally.counts))
        return tally.report(of: run, plan.summary, ending: ending)
    }

    private func ending(of tally: RunTally, canaryFailed: Bool) -> RunEnding {
        if tally.counts.notStarted > 0 {
            if stop.isRequested { return .interrupted }
            return canaryFailed ? .canaryFailed : .tooManyFailures
        }
        return .completed
    }

    private func apply(
        _ slots: [PlanFile.Slot], of plan: PlanFile, in phase: RunProgress.Phase, _ tally: RunTally, _ journal: Journal
    ) async throws {
        guard !slots.isEmpty else { return }
        let progress = ProgressTally(phase, observer: observer)
        progress.expect(slots.count)
        var queue = FairQueue<Registry, PlanFile.Slot>()
        for slot in slots { queue.add(slot, to: slot.repository.registry) }
        let left = try await queue.forEach(
            atMost: options.concurrency,
            while: { !stop.isRequested && !tally.isFatal && tally.counts.failed < (options.maximumFailures ?? .max) },
            { slot in
                do {
                    guard case .change(let change) = try plan.entry(at: slot) else { return [] }
                    let outcome = try await self.apply(change, tally, journal)
                    tally.count(outcome, of: slot.repository)
                    progress.count(outcome)
                    observer.outcome(slot.repository, outcome)
                } catch {
                    // Thrown from here it would cancel the writes in flight.
                    tally.end(with: error)
                }
                return []
            })
        try tally.throwIfFatal()
        tally.addNotStarted(left)
    }

    /// Makes one change and notes what came of it.
    private func apply(
        _ change: Change, _ tally: RunTally, _ journal: Journal
    ) async throws -> RepositoryOutcome {
        let repository = change.repository
        if let error = objection(change) {
            journal.note(.failed(error, of: repository, written: .no))
            return .failed(error, written: .no)
        }
        var isNotedAsApplied = false
        let outcome = try await outcome(of: change, journal) { event in
            switch event {
            case .announced: tally.noteAnnouncement()
            case .taken where !isNotedAsApplied:
                journal.note(.applied(repository))
                isNotedAsApplied = true
            case .taken: break
            }
        }
        if outcome == .applied, !isNotedAsApplied { journal.note(.applied(repository)) }
        journal.note(.outcome(outcome, of: repository))
        return outcome
    }

    /// What happens on the way of a change.
    enum Passage {
        /// Its write is announced in the journal.
        case announced
        /// ECR took the write.
        case taken
    }

    /// Takes one change from its first read to its outcome. Of the journal it only sees the announcement.
    func outcome(
        of change: Change, _ journal: Journal, passing: (Passage) -> Void
    ) async throws -> RepositoryOutcome {
        let repository = change.repository
        var step = ApplyStep(change, pace: options.pace, haveSameMeaning: haveSameMeaning)
        var action = step.start
        while true {
            switch action {
            case .read:
                action = step.didRead(await live(repository))
            case .announce:
                try await journal.record(.writing(repository))
                passing(.announced)
                action = step.didAnnounce()
            case .write(let text):
                let result = await write(text, to: repository)
                if case .success = result { passing(.taken) }
                action = step.didWrite(result)
            case .wait(let duration, let isCutByStop):
                try await wait(duration, isCutByStop: isCutByStop)
                action = step.didWait(isStopping: stop.isRequested)
            case .finish(let outcome):
                try Task.checkCancellation()
                return outcome
            }
        }
    }

    private func live(_ repository: RepositoryID) async -> Result<String?, StoreError> {
        do throws(StoreError) { return .success(try await store.policyText(of: repository)) } catch {
            return .failure(error)
        }
    }

    private func write(_ text: String?, to repository: RepositoryID) async -> Result<String?, StoreError> {
        do throws(StoreError) {
            guard let text else {
                try await store.deletePolicy(of: repository)
                return .success(nil)
            }
            return .success(try await store.setPolicy(text, of: repository))
        } catch {
            return .failure(error)
        }
    }

    /// Waits in pieces, so that a request to stop is noticed within a second.
    private func wait(_ duration: Duration, isCutByStop: Bool) async throws {
        var left = duration
        while left > .zero, !(isCutByStop && stop.isRequested) {
            let piece = min(left, .seconds(1))
            try await clock.sleep(piece)
            left -= piece
        }
    }
}

extension JournalEvent {
    fileprivate static func failed(_ error: StoreError, of repository: RepositoryID, written: Written) -> JournalEvent {
        .failed(repository, code: error.code, message: error.message, requestID: error.requestID, written: written)
    }

    fileprivate static func outcome(_ outcome: RepositoryOutcome, of repository: RepositoryID) -> JournalEvent {
        switch outcome {
        case .applied: .verified(repository)
        case .alreadyDone: .skipped(repository)
        case .conflict(let live, let written): .conflict(repository, live: live, written: written)
        case .failed(let error, let written): .failed(error, of: repository, written: written)
        }
    }
}
