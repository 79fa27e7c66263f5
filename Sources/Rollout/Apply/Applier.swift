import AWSValues
import SharePlan

/// Makes the changes of one archived run: writes them, and reads back what it wrote.
struct Applier: Sendable {
    let store: any PolicyStore
    let options: ApplyOptions
    let lastLook: LastLook
    let clock: RunClock
    let observer: RunObserver
    let stop: StopSignal
    /// What the journal recorded of a run that was started before: much of it may be done, so it looks before it waits
    /// for a turn. nil for a new run.
    var resumed: RunState?
    /// What was written by another run since the plan was made, and is left to it.
    var left: Set<RepositoryID> = []

    /// Makes the changes of `plan`, announcing each in `journal`.
    ///
    /// A repository that fails does not stop the others, until ``ApplyOptions/maximumFailures``.
    /// - Throws: ``FileError`` when the journal or the plan fails, after all writes in flight have ended: nothing is
    ///   written that could not be announced. `CancellationError` when the task was cancelled.
    func apply(
        _ plan: PlanFile, _ tally: RunTally, journal: Journal, caller: String?
    ) async throws -> RunReport {
        try await journal.record(.started(caller: caller))
        let canary = Canary(options.canary, of: plan.slots.filter { $0.kind == .change })
        try await apply(canary.first, of: plan, in: .canary, tally, journal)
        let canaryFailed = tally.counts[.failed] + tally.counts[.conflict] > 0
        if canaryFailed {
            tally.addNotStarted(canary.rest.count)
        } else {
            try await apply(canary.rest, of: plan, in: .writing, tally, journal)
        }
        let ending = ending(of: tally, canaryFailed: canaryFailed)
        try await journal.record(.finished(ending, tally.counts))
        return tally.report(ending)
    }

    private func ending(of tally: RunTally, canaryFailed: Bool) -> RunEnding {
        // Writes that nobody has read back are not done: somebody may have written at the same moment.
        let isWhole = tally.counts[.notStarted] == 0 && tally.unread == 0
        if isWhole { return .completed }
        if stop.isRequested { return .interrupted }
        return canaryFailed ? .canaryFailed : .tooManyFailures
    }

    private func apply(
        _ slots: [PlanFile.Slot], of plan: PlanFile, in phase: RunProgress.Phase, _ tally: RunTally, _ journal: Journal
    ) async throws {
        guard !slots.isEmpty else { return }
        let progress = ProgressTally(phase, observer: observer)
        progress.expect(slots.count)
        let readBacks = ReadBacks(of: slots)
        // Ends the waits for a turn, when the run is to stop and when too much has failed.
        let halt = StopSignal(following: stop)
        @Sendable func work(_ work: Work) async throws -> [Work] {
            switch work {
            case .write(let slot):
                guard case .change(let change) = try plan.entry(at: slot) else { return [] }
                let ending = try await write(change, halt, tally, journal)
                if case .outcome(let outcome) = ending {
                    note(outcome, of: slot.repository, tally, journal)
                    if tally.counts[.failed] >= options.maximumFailures ?? .max { halt.request() }
                }
                progress.count(ending)
                let due = readBacks.didWrite(slot, ending)
                // A canary informs the others at once.
                if phase == .canary, case .written(let answer) = ending {
                    try await readBack(ReadBacks.Written(slot: slot, answer: answer))
                    return []
                }
                return due.map(Work.readBack)
            case .readBack(let written):
                try await readBack(written)
                return []
            }
        }
        @Sendable func readBack(_ written: ReadBacks.Written) async throws {
            readBacks.begin(written)
            guard case .change(let change) = try plan.entry(at: written.slot) else { return }
            let outcome = try await outcome(ofReadingBack: change, answer: written.answer)
            note(outcome, of: change.repository, tally, journal)
        }
        try await forEach(slots.map(Work.write), tally, while: { !halt.isRequested }, work)
        // A run that was halted has writes that nobody has read back; one that was asked to stop leaves them to whoever
        // resumes it.
        let unread = try await forEach(
            readBacks.rest.map(Work.readBack), tally, while: { !stop.isRequested }, work)
        tally.addUnread(unread)
        tally.addNotStarted(slots.count - readBacks.seen)
    }

    /// Works through `items`, each registry at its own speed, and returns how many were not begun.
    @discardableResult
    private func forEach(
        _ items: [Work], _ tally: RunTally, while mayStart: @escaping @Sendable () -> Bool,
        _ work: @escaping @Sendable (Work) async throws -> [Work]
    ) async throws -> Int {
        var queue = FairQueue<Registry, Work>()
        for item in items { queue.add(item, to: item.slot.repository.registry) }
        let left = try await queue.forEach(
            atMost: options.concurrency, while: { mayStart() && !tally.isFatal },
            { item in
                do { return try await work(item) } catch {
                    // Thrown from here it would cancel the writes in flight.
                    tally.end(with: error)
                    return []
                }
            })
        try tally.throwIfFatal()
        return left
    }

    private enum Work: Sendable {
        case write(PlanFile.Slot)
        case readBack(ReadBacks.Written)

        var slot: PlanFile.Slot {
            switch self {
            case .write(let slot): slot
            case .readBack(let written): written.slot
            }
        }
    }

    private func note(
        _ outcome: RunOutcome, of repository: RepositoryID, _ tally: RunTally, _ journal: Journal
    ) {
        if let event = JournalEvent(outcome, of: repository) { journal.note(event) }
        tally.count(outcome, of: repository)
        observer.outcome(repository, outcome)
    }

    /// Makes one change, up to its write.
    private func write(
        _ change: Change, _ halt: StopSignal, _ tally: RunTally, _ journal: Journal
    ) async throws -> ApplyStep.Ending {
        if let error = lastLook.objection(to: change) { return .outcome(.failed(error, written: .no)) }
        let step = ApplyStep(
            change, pace: options.pace, looksFirst: resumed != nil,
            wasWritten: resumed?.repositories[change.repository]?.wasTaken ?? false,
            isLeft: left.contains(change.repository))
        let ending = try await take(step, of: change, halt, journal) { tally.noteAnnouncement() }
        if case .written = ending { journal.note(.applied(change.repository)) }
        return ending
    }
}

// MARK: - One change

extension Applier {
    /// Takes a step from its first action to its ending. Of the journal it only sees the announcement; `announced` is
    /// called when that is on disk.
    func take(
        _ step: ApplyStep, of change: Change, _ halt: StopSignal, _ journal: Journal, announced: () -> Void = {}
    ) async throws -> ApplyStep.Ending {
        let repository = change.repository
        let write = store.write(change.after, to: repository)
        defer { write.giveTurnBack() }
        var step = step
        var action = step.start
        while true {
            switch action {
            case .takeTurn:
                action = step.didTakeTurn(await takeTurn(write, halt))
            case .announce:
                try await journal.record(.writing(repository))
                announced()
                action = step.didAnnounce()
            case .read:
                action = step.didRead(await live(repository))
            case .write:
                action = step.didWrite(await send(write))
            case .wait(let duration, let isCutByStop):
                write.giveTurnBack()
                // Only the wait for a new principal is one that a request to stop cuts.
                if isCutByStop { observer.awaitingPrincipal(1) }
                defer { if isCutByStop { observer.awaitingPrincipal(-1) } }
                try await wait(duration, isCutByStop: isCutByStop)
                action = step.didWait(isStopping: stop.isRequested)
            case .finish(let ending):
                try Task.checkCancellation()
                return ending
            }
        }
    }

    /// What became of a write, according to the live policy.
    func outcome(
        ofReadingBack change: Change, answer: ApplyStep.UnexpectedAnswer?
    ) async throws -> RunOutcome {
        var step = ReadBack(change, answer: answer, pace: options.pace)
        var action = ReadBack.Action.read
        while true {
            switch action {
            case .read: action = step.didRead(await live(change.repository))
            case .wait(let duration):
                try await wait(duration, isCutByStop: false)
                action = .read
            case .finish(let outcome):
                try Task.checkCancellation()
                return outcome
            }
        }
    }

    private func takeTurn(_ write: any PolicyWrite, _ halt: StopSignal) async -> ApplyStep.Turn {
        await halt.unlessRequested { () async -> ApplyStep.Turn in
            do throws(StoreError) {
                try await write.takeTurn()
                return .taken
            } catch {
                return .failed(error)
            }
        } ?? .stopped
    }

    private func live(_ repository: RepositoryID) async -> Result<Policy?, StoreError> {
        do throws(StoreError) { return .success(try await store.policy(of: repository)) } catch {
            return .failure(error)
        }
    }

    private func send(_ write: any PolicyWrite) async -> Result<Policy?, WriteFailure> {
        do throws(WriteFailure) { return .success(try await write.send()) } catch { return .failure(error) }
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
    /// What a journal says of an outcome; nil for what it says already.
    fileprivate init?(_ outcome: RunOutcome, of repository: RepositoryID) {
        switch outcome {
        case .written: self = .verified(repository)
        case .alreadyDone: self = .skipped(repository)
        case .conflict(.policy(let live), let written): self = .conflict(repository, live: live, written: written)
        case .failed(let error, let written):
            self = .failed(
                repository, code: error.code, message: error.message, requestID: error.requestID, written: written)
        case .conflict(.inJournal, _), .inDoubt, .notStarted: return nil
        }
    }
}
