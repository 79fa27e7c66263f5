import Fencing

/// A process at the shard, as `ShardWorld` sees it: the machines, driven as the program drives them.
struct Worker: Hashable {
    enum Mode: Hashable {
        case running, ended
    }

    /// One of the two sequences of requests that a worker has under way.
    enum Lane: Hashable {
        case idle
        case waiting(until: Duration)
        case asked(StoreRequest, startedAt: Duration)
        case answered(StoreRequest, StoreAnswer, startedAt: Duration)
    }

    let number: Int
    let isFinisher: Bool
    private(set) var incarnation = 0
    var clock = Duration.zero
    var mode = Mode.running
    var lease: LeaseStateMachine
    var leaseLane = Lane.idle
    var journal: ModelJournal?
    var journalLane = Lane.idle
    /// When the journal first was ready.
    var readyAt: Duration?
    /// The repositories whose end the journal records.
    var ended: Numbers = []
    /// Own writes that were sent, and of those the answered ones that are not recorded yet.
    var sent: Numbers = []
    var answered: Numbers = []
    var hasLeft = false

    /// When the request was started that stored the worker's latest lease. Kept by the store, for the rules alone.
    var renewalStart: Duration?
    /// What a flawed holder counts from.
    var countedFrom: Duration?
    var lastAsked = Duration.zero

    init(number: Int, isFinisher: Bool = false, _ limits: ShardWorld.Limits) {
        self.number = number
        self.isFinisher = isFinisher
        lease = LeaseStateMachine(Worker.id(number, 0), timing: limits.machineTiming)
        ask(lease.start)
    }

    private static func id(_ number: Int, _ incarnation: Int) -> WorkerID {
        WorkerID(["a", "b", "c", "d"][number] + "\(incarnation)")
    }

    var id: WorkerID { Worker.id(number, incarnation) }

    /// The epoch that the worker holds or held.
    var epoch: Int? { lease.held?.epoch }

    /// Whether all earlier epochs are sealed, as far as the worker knows.
    var isReady: Bool { mode == .running && readyAt != nil }

    /// Dies, and starts again with an empty memory.
    mutating func restart(_ limits: ShardWorld.Limits) {
        let next = incarnation + 1
        let clock = limits.rates == nil ? .zero : clock
        self = Worker(number: number, isFinisher: isFinisher, limits)
        incarnation = next
        self.clock = clock
        lease = LeaseStateMachine(id, timing: limits.machineTiming)
        ask(lease.start)
    }

    /// Ends, and forgets everything.
    mutating func stop(_ limits: ShardWorld.Limits) {
        restart(limits)
        mode = .ended
        leaseLane = .idle
        clock = .zero
        lastAsked = .zero
    }

    /// Does what the lease's machine says, but for its end.
    mutating func ask(_ action: LeaseStateMachine.Action) {
        switch action {
        case .read: leaseLane = .asked(.readLease, startedAt: clock)
        case .create(let lease): leaseLane = .asked(.createLease(lease), startedAt: clock)
        case .replace(let lease, let tag): leaseLane = .asked(.replaceLease(lease, if: tag), startedAt: clock)
        case .wait(let until): leaseLane = .waiting(until: until)
        case .end: leaseLane = .idle
        }
        if case .asked(let request, _) = leaseLane, !request.isRead { lastAsked = clock }
    }

    /// Does what the journal's machine says, but for its end.
    mutating func ask(_ action: ModelJournal.Action) {
        switch action {
        case .read(let name): journalLane = .asked(.readSegment(name), startedAt: .zero)
        case .create(let name, let segment): journalLane = .asked(.createSegment(name, segment), startedAt: .zero)
        case .ready:
            journalLane = .idle
            readyAt = readyAt ?? clock
        case .end: journalLane = .idle
        }
    }

    /// Whether the worker waits for its lease to run out or to be renewed.
    var awaitsTime: Bool {
        guard case .waiting(let until) = leaseLane else { return false }
        return clock < until || lease.held != nil && !lease.maySend(at: clock)
    }

    /// Whether the program would start a write to ECR now.
    func maySend(_ limits: ShardWorld.Limits) -> Bool {
        if limits.flaws.contains(.sentWithoutLease) { return true }
        let start = limits.flaws.contains(.takenWithoutGrace) ? renewalStart : countedFrom
        if let start, lease.held != nil, !hasLeft {
            return clock + limits.timing.requestTimeout < start + limits.timing.ttl
        }
        return lease.maySend(at: clock)
    }

    func hasAnnounced(_ repository: UInt8, _ limits: ShardWorld.Limits) -> Bool {
        if limits.flaws.contains(.sentBeforeStored),
            case .asked(.createSegment(_, .entries(let entries, _)), _) = journalLane,
            entries.contains(.begins(repository))
        {
            return true
        }
        return journal?.hasAnnounced(repository) ?? false
    }

    /// What the next segment is to have; nil when there is nothing to record, or it has to wait.
    func nextEntries(_ limits: ShardWorld.Limits) -> [ModelEntry]? {
        guard let journal, isReady, !isFinisher, !hasLeft, case .idle = journalLane else { return nil }
        let open = (0..<limits.repositories).filter {
            !ended.contains($0) && !journal.hasAnnounced($0) && !answered.contains($0)
        }
        var begun = open.filter { !journal.inDoubt.contains($0) }
        if begun.isEmpty, mayLookAtDoubts(limits) { begun = open }
        let entries =
            (0..<limits.repositories).filter(answered.contains).map(ModelEntry.ended)
            + begun.prefix(limits.batch).map(ModelEntry.begins)
        return entries.isEmpty ? nil : entries
    }

    private func mayLookAtDoubts(_ limits: ShardWorld.Limits) -> Bool {
        guard let readyAt else { return false }
        return limits.flaws.contains(.lookedAtOnce) || clock >= readyAt + limits.timing.requestTimeout
    }

    /// Whether nothing is left to do but to leave.
    func mayLeave(_ limits: ShardWorld.Limits) -> Bool {
        guard isReady, lease.held != nil, !hasLeft, case .idle = journalLane else { return false }
        if isFinisher { return true }
        if limits.flaws.contains(.leftEarly), !sent.isEmpty { return true }
        return (0..<limits.repositories).allSatisfy(ended.contains)
    }
}

extension Worker {
    subscript(lane: ShardWorld.Lane) -> Lane {
        get { lane == .lease ? leaseLane : journalLane }
        set { if lane == .lease { leaseLane = newValue } else { journalLane = newValue } }
    }
}
