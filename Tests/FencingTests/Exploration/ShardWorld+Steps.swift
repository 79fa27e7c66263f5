import Fencing

extension ShardWorld: ExplorableWorld {
    enum Lane: Hashable {
        case lease, journal
    }

    enum Step: Hashable {
        case land(Int, Lane), deliver(Int, Lane), lose(Int, Lane), again(Int, Lane)
        case wake(Int), tick(Int), tickAll
        case append(Int), send(Int, UInt8), leave(Int)
        case crash(Int)
        case landStray(Int), landWrite(Int)
    }

    /// A request to the store that nobody waits for any more, and that may still reach it.
    struct Stray: Hashable {
        let request: StoreRequest
        let worker: WorkerID
        let startedAt: Duration
    }

    var steps: [Step] {
        // What is stored in a segment never changes, so reading it can come before everything else.
        if let reader = workers.indices.first(where: readsStoredSegment) { return [.land(reader, .journal)] }
        var steps: [Step] = []
        for number in workers.indices where workers[number].mode == .running {
            addSteps(of: number, .lease, to: &steps)
            addSteps(of: number, .journal, to: &steps)
            if workers[number].nextEntries(limits) != nil { steps.append(.append(number)) }
            for repository in 0..<limits.repositories where maySend(repository, by: number) {
                steps.append(.send(number, repository))
            }
            if workers[number].mayLeave(limits) { steps.append(.leave(number)) }
            if crashes > 0 { steps.append(.crash(number)) }
            if mayTick(number) { steps.append(.tick(number)) }
        }
        for index in strays.indices { steps.append(.landStray(index)) }
        for index in wire.indices { steps.append(.landWrite(index)) }
        // No write is on its way for longer than a request may take.
        if limits.rates != nil, tick < limits.ticks, wire.allSatisfy({ tick < $0.deadline }) { steps.append(.tickAll) }
        return steps
    }

    private func readsStoredSegment(_ number: Int) -> Bool {
        guard case .asked(.readSegment(let name), _) = workers[number].journalLane else { return false }
        return segment(name) != nil
    }

    /// A clock matters from a worker's first look at the lease on.
    private func mayTick(_ number: Int) -> Bool {
        guard limits.rates == nil, workers[number].clock < .ticks(limits.ticks) else { return false }
        if case .asked(.readLease, _) = workers[number].leaseLane { return workers[number].lease.held != nil }
        return true
    }

    private func addSteps(of number: Int, _ name: Lane, to steps: inout [Step]) {
        switch workers[number][name] {
        case .idle: break
        case .waiting(let until): if workers[number].clock >= until { steps.append(.wake(number)) }
        case .asked(let request, _):
            steps.append(.land(number, name))
            // A lost read is repeated, which is no different from one that takes longer.
            guard faults > 0, !request.isRead else { break }
            steps.append(.lose(number, name))
            steps.append(.again(number, name))
        case .answered: steps.append(.deliver(number, name))
        }
    }

    private func maySend(_ repository: UInt8, by number: Int) -> Bool {
        !workers[number].sent.contains(repository) && workers[number].hasAnnounced(repository, limits)
            && workers[number].maySend(limits)
    }

    var isDone: Bool { workers.allSatisfy { $0.mode != .running } }

    /// With a common time, its end; without, a worker that waits for a time beyond its clock's.
    var isCut: Bool {
        guard limits.rates == nil else { return tick == limits.ticks }
        return workers.contains { $0.mode == .running && $0.clock == .ticks(limits.ticks) && $0.awaitsTime }
    }

    mutating func take(_ step: Step) -> String? {
        defer { prune() }
        switch step {
        case .land(let number, let lane): return land(number, lane)
        case .deliver(let number, let lane):
            guard case .answered(let request, let answer, let startedAt) = workers[number][lane] else { return nil }
            return deliver(number, lane, request, answer, startedAt)
        case .lose(let number, let lane):
            faults -= 1
            guard case .asked(let request, let startedAt) = workers[number][lane] else { return nil }
            giveUp(lane, of: number)
            guard lane == .journal || !limits.flaws.contains(.lostIsForgotten) else {
                workers[number][lane] = .idle
                return nil
            }
            return deliver(number, lane, request, request.whenLost, startedAt)
        case .again(let number, let lane):
            faults -= 1
            guard case .asked(let request, let startedAt) = workers[number][lane] else { return nil }
            return deliver(number, lane, request, .write(.again), startedAt)
        case .wake(let number):
            let action = workers[number].lease.didWait(at: workers[number].clock)
            workers[number].ask(action)
        case .tick(let number): workers[number].clock += .ticks(1)
        case .tickAll:
            tick += 1
            for number in workers.indices { workers[number].clock += .ticks(limits.rates?[number] ?? 1) }
        case .append(let number):
            guard let entries = workers[number].nextEntries(limits) else { return nil }
            return append(entries, number)
        case .send(let number, let repository): return send(repository, number)
        case .leave(let number):
            let worker = workers[number]
            workers[number].hasLeft = true
            let isFinal = worker.isFinisher && !limits.flaws.contains(.finishedAsFree)
            if let action = workers[number].lease.leave(as: isFinal ? .finished : .free, at: worker.clock) {
                workers[number].ask(action)
            }
        case .crash(let number):
            crashes -= 1
            giveUp(.lease, of: number)
            giveUp(.journal, of: number)
            workers[number].restart(limits)
        case .landStray(let index):
            let stray = strays.remove(at: index)
            return effect(of: stray.request, by: stray.worker, stray.startedAt).rule
        case .landWrite(let index): landWrite(index)
        }
        return nil
    }
}

extension ShardWorld {
    fileprivate mutating func append(_ entries: [ModelEntry], _ number: Int) -> String? {
        let doubts = workers[number].journal?.inDoubt ?? []
        let looksAtDoubts = entries.contains { if case .begins(let it) = $0 { doubts.contains(it) } else { false } }
        if let action = workers[number].journal?.append(entries) { workers[number].ask(action) }
        for entry in entries {
            if case .ended(let repository) = entry {
                workers[number].ended.insert(repository)
                workers[number].sent.remove(repository)
                workers[number].answered.remove(repository)
            }
        }
        guard limits.rates != nil, looksAtDoubts, let epoch = workers[number].epoch else { return nil }
        return wire.contains { $0.epoch < epoch }
            ? "a taker looked while an earlier epoch's write was on the wire" : nil
    }

    fileprivate mutating func send(_ repository: UInt8, _ number: Int) -> String? {
        let worker = workers[number]
        guard let epoch = worker.epoch else { return "sent without a lease" }
        workers[number].sent.insert(repository)
        let timeout = limits.timing.requestTimeout.components.seconds
        let rate = limits.rates?[number] ?? 1
        let deadline = limits.rates == nil ? 0 : tick + (Int(timeout) + rate - 1) / rate
        wire.append(Wire(repository: repository, epoch: epoch, worker: worker.id, deadline: deadline))
        guard let start = worker.renewalStart, worker.clock + limits.timing.requestTimeout < start + limits.timing.ttl
        else { return "sent after the lease had run out" }
        let isStored =
            epoch < segments.count
            && segments[epoch].contains {
                if case .entries(let entries, _) = $0 { entries.contains(.begins(repository)) } else { false }
            }
        return isStored ? nil : "sent without a stored announcement"
    }

    fileprivate mutating func landWrite(_ index: Int) {
        let write = wire.remove(at: index)
        applied.insert(write.repository)
        guard let number = workers.firstIndex(where: { $0.id == write.worker && $0.mode == .running }) else { return }
        if workers[number].sent.contains(write.repository) { workers[number].answered.insert(write.repository) }
    }
}
