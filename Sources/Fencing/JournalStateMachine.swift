/// The journal of one shard, as the holder of its lease writes it: first every earlier epoch is sealed, then the own
/// epoch's segments are stored, one after another.
///
/// Each method takes what happened and returns what to do next; one request is under way at a time. No clock is
/// involved. What makes a late worker stop is that the number which it wants is taken by a seal.
package struct JournalStateMachine<Entry: SegmentEntry>: Hashable, Sendable {
    /// What to do next.
    package enum Action: Hashable, Sendable {
        /// Read the segment, then ``didRead(_:)``.
        case read(SegmentName)
        /// Create the segment if it is absent, then ``didCreate(_:)``.
        case create(SegmentName, Segment<Entry>)
        /// All earlier epochs are sealed and what was given is stored: ``append(_:)`` may be called.
        case ready
        /// A later epoch's worker has sealed this one, or somebody else wrote into it. The worker stops for ever.
        case end
    }

    private enum Phase: Hashable {
        /// Looks for the end of an earlier epoch, at this segment.
        case sealing(SegmentName)
        case ready
        case appending([Entry])
        case ended
    }

    private let worker: WorkerID
    private let epoch: Int
    private var phase: Phase
    private var next: SegmentName
    private var own: Set<Entry.Repository> = []

    /// The writes that earlier epochs announced and of which no end is recorded: they may still be on the wire. To be
    /// looked at last, and not before one request's timeout after the first ``Action/ready``.
    package private(set) var inDoubt: Set<Entry.Repository> = []

    /// The journal of the worker that took the lease with this epoch.
    package init(_ worker: WorkerID, epoch: Int) {
        self.worker = worker
        self.epoch = epoch
        next = SegmentName(epoch: epoch, number: 0)
        phase = epoch == 0 ? .ready : .sealing(SegmentName(epoch: 0, number: 0))
    }

    /// The first thing to do.
    package var start: Action {
        if case .sealing(let name) = phase { .read(name) } else { .ready }
    }

    /// Whether this worker's announcement of a write is stored, and the write not recorded as ended since. It may be
    /// sent while ``LeaseStateMachine/maySend(at:)``.
    package func hasAnnounced(_ repository: Entry.Repository) -> Bool {
        phase != .ended && own.contains(repository)
    }

    /// Stores entries as the next segment. Only to be called after ``Action/ready``. A write whose end is among them
    /// may not be sent again from now on.
    package mutating func append(_ entries: [Entry]) -> Action {
        precondition(phase == .ready, "one segment is stored at a time, in a journal that may be written")
        phase = .appending(entries)
        for case .ended(let repository) in entries.map(\.write) { own.remove(repository) }
        return .create(next, .entries(entries, by: worker))
    }

    /// The answer to ``Action/read(_:)``.
    package mutating func didRead(_ answer: ReadAnswer<Segment<Entry>>) -> Action {
        switch (phase, answer) {
        case (.sealing(let name), .lost): return .read(name)
        case (.sealing(let name), .missing): return .create(name, .seal(by: epoch))
        case (.sealing(let name), .found(.entries(let entries, _), _)):
            AnnouncedWrite.note(entries, in: &inDoubt)
            return look(at: name.next)
        case (.sealing(let name), .found(.seal, _)): return sealNext(after: name.epoch)
        case (.appending, .lost): return .read(next)
        case (.appending(let entries), .missing): return .create(next, .entries(entries, by: worker))
        case (.appending(let entries), .found(let stored, _)):
            return stored == .entries(entries, by: worker) ? didStore(entries) : end()
        case (.ready, _), (.ended, _): preconditionFailure("nothing was to be read")
        }
    }

    /// The answer to ``Action/create(_:_:)``.
    package mutating func didCreate(_ answer: WriteAnswer) -> Action {
        switch (phase, answer) {
        case (.sealing(let name), .done): return sealNext(after: name.epoch)
        case (.appending(let entries), .done): return didStore(entries)
        // Whose segment is there, and whether any is, only a read can tell.
        case (.sealing(let name), _): return .read(name)
        case (.appending, _): return .read(next)
        case (.ready, _), (.ended, _): preconditionFailure("nothing was to be created")
        }
    }
}

extension JournalStateMachine {
    private mutating func look(at name: SegmentName) -> Action {
        phase = .sealing(name)
        return .read(name)
    }

    private mutating func sealNext(after sealed: Int) -> Action {
        guard sealed + 1 < epoch else { return becomeReady() }
        return look(at: SegmentName(epoch: sealed + 1, number: 0))
    }

    private mutating func didStore(_ entries: [Entry]) -> Action {
        AnnouncedWrite.note(entries, in: &own)
        next = next.next
        return becomeReady()
    }

    private mutating func becomeReady() -> Action {
        phase = .ready
        return .ready
    }

    private mutating func end() -> Action {
        phase = .ended
        return .end
    }
}

extension AnnouncedWrite {
    /// Keeps the writes that were announced and not recorded as ended.
    fileprivate static func note(
        _ entries: [some SegmentEntry<Repository>], in open: inout Set<Repository>
    ) {
        for entry in entries {
            switch entry.write {
            case .begins(let repository): open.insert(repository)
            case .ended(let repository): open.remove(repository)
            case nil: break
            }
        }
    }
}
