import Fencing

extension ShardWorld {
    /// A request reaches the store.
    mutating func land(_ number: Int, _ lane: Lane) -> String? {
        guard case .asked(let request, let startedAt) = workers[number][lane] else { return nil }
        let (answer, rule) = effect(of: request, by: workers[number].id, startedAt)
        if let rule { return rule }
        // When a read is answered makes no difference: what the worker does next may take as long as it likes.
        guard limits.splitsAnswers, !request.isRead else { return deliver(number, lane, request, answer, startedAt) }
        workers[number][lane] = .answered(request, answer, startedAt: startedAt)
        return nil
    }

    /// What the store does with a request, and the rule that this breaks.
    mutating func effect(
        of request: StoreRequest, by worker: WorkerID, _ startedAt: Duration
    ) -> (answer: StoreAnswer, rule: String?) {
        if case .createSegment(let name, let segment) = request {
            if case .seal = segment, limits.flaws.contains(.noSeal) { return (.write(.done(ObjectTag("s"))), nil) }
            let isSealed = isSealed(name.epoch)
            let answer = effect(of: request)
            guard case .write(.done) = answer, case .entries(let entries, _) = segment else { return (answer, nil) }
            if isSealed { return (answer, "a segment was stored in a sealed epoch") }
            let begins = entries.contains { if case .begins = $0 { true } else { false } }
            if begins, report != nil { return (answer, "a write was announced after the run was finished") }
            return (answer, nil)
        }
        let answer = effect(of: request)
        if case .write(.done) = answer, let number = workers.firstIndex(where: { $0.id == worker }) {
            workers[number].renewalStart = startedAt
        }
        return (answer, nil)
    }

    mutating func deliver(
        _ number: Int, _ lane: Lane, _ request: StoreRequest, _ answer: StoreAnswer, _ startedAt: Duration
    ) -> String? {
        switch lane {
        case .lease: deliverToLease(number, answer)
        case .journal: deliverToJournal(number, request, answer)
        }
    }

    private mutating func deliverToLease(_ number: Int, _ answer: StoreAnswer) -> String? {
        let now = workers[number].clock
        let before = workers[number].lease.held
        let action: LeaseStateMachine.Action
        switch answer {
        case .lease(let answer): action = didRead(answer, number)
        case .write(let answer): action = workers[number].lease.didWrite(answer, at: now)
        case .segment: return nil
        }
        if case .end(let ending) = action { return end(number, ending, before) }
        let held = workers[number].lease.held
        if held != before {
            if limits.flaws.contains(.countedFromAnswer) { workers[number].countedFrom = now }
            if limits.flaws.contains(.countedFromRepetition) { workers[number].countedFrom = workers[number].lastAsked }
        }
        workers[number].ask(action)
        if before == nil, let held {
            let journal = ModelJournal(workers[number].id, epoch: held.epoch)
            workers[number].journal = journal
            workers[number].ask(journal.start)
        }
        return nil
    }

    private mutating func didRead(_ answer: ReadAnswer<Lease>, _ number: Int) -> LeaseStateMachine.Action {
        let now = workers[number].clock
        let action = workers[number].lease.didRead(answer, at: now)
        guard case .wait = action, workers[number].lease.held == nil else { return action }
        guard limits.flaws.contains(.takenAtOnce) else { return action }
        return workers[number].lease.didRead(answer, at: now + limits.timing.ttl + limits.timing.requestTimeout)
    }

    private mutating func end(_ number: Int, _ ending: LeaseStateMachine.Ending, _ before: Lease?) -> String? {
        let worker = workers[number]
        stop(number)
        switch ending {
        case .taken: return lease?.worker == worker.id ? "a worker gave up its own lease" : nil
        case .finished where worker.isFinisher && worker.hasLeft, .released where worker.isFinisher:
            report = Report(done: worker.ended, inDoubt: worker.journal?.inDoubt ?? [])
            return (0..<limits.repositories).allSatisfy { !worker.ended.contains($0) || applied.contains($0) }
                ? nil : "the report calls done what was not written"
        case .finished, .released: return nil
        }
    }

    private mutating func deliverToJournal(_ number: Int, _ request: StoreRequest, _ answer: StoreAnswer) -> String? {
        guard let epoch = workers[number].epoch else { return "a journal without a lease" }
        let action: ModelJournal.Action?
        switch (request, answer) {
        case (.readSegment(let name), .segment(let answer)):
            if case .found(.entries(let entries, _), _) = answer, name.epoch < epoch {
                for case .ended(let repository) in entries { workers[number].ended.insert(repository) }
            }
            let skips = limits.flaws.contains(.sealOnlyLast) && name.epoch < epoch - 1
            action = workers[number].journal?.didRead(skips ? .found(.seal(by: epoch), ObjectTag("s")) : answer)
        case (.createSegment(let name, let segment), .write(let answer)):
            if let action = deliverFlawed(number, name, segment, answer) { return follow(action, number) }
            action = workers[number].journal?.didCreate(answer)
        default: return nil
        }
        return action.flatMap { follow($0, number) }
    }

    /// Flawed answers to a create.
    private mutating func deliverFlawed(
        _ number: Int, _ name: SegmentName, _ segment: ModelSegment, _ answer: WriteAnswer
    ) -> ModelJournal.Action? {
        let done = WriteAnswer.done(ObjectTag("s"))
        guard case .entries = segment else {
            guard limits.flaws.contains(.sealWithoutReading), answer == .alreadyThere else { return nil }
            return workers[number].journal?.didCreate(done)
        }
        guard !limits.flaws.isDisjoint(with: [.repetitionCountsAsLost, .repetitionCountsAsWon]) else { return nil }
        if answer == .lost { return .create(name, segment) }
        guard answer == .alreadyThere else { return nil }
        if limits.flaws.contains(.repetitionCountsAsWon) { return workers[number].journal?.didCreate(done) }
        _ = workers[number].journal?.didCreate(answer)
        return workers[number].journal?.didRead(.found(.seal(by: name.epoch + 1), ObjectTag("s")))
    }

    private mutating func follow(_ action: ModelJournal.Action, _ number: Int) -> String? {
        guard action == .end else {
            workers[number].ask(action)
            return nil
        }
        defer { stop(number) }
        return isSealed(workers[number].epoch ?? 0) ? nil : "a worker stopped at an epoch that nobody sealed"
    }

    mutating func stop(_ number: Int) {
        giveUp(.lease, of: number)
        giveUp(.journal, of: number)
        workers[number].stop(limits)
    }

    /// A request that nobody waits for any more may still reach the store.
    mutating func giveUp(_ lane: Lane, of number: Int) {
        guard case .asked(let request, let startedAt) = workers[number][lane], !request.isRead else { return }
        strays.append(Stray(request: request, worker: workers[number].id, startedAt: startedAt))
    }
}
