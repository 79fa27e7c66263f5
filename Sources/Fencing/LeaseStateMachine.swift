/// The way of one worker to a shard's lease, and its life with it: each method takes what happened and returns what to
/// do next.
///
/// One request is under way at a time. Whatever does not say clearly that a write happened leads to a read, and what is
/// read decides: the own content means that it happened. Times are those of the worker's own boot-time clock, which
/// counts while the machine sleeps; clocks of two machines are never compared.
package struct LeaseStateMachine: Hashable, Sendable {
    /// What to do next.
    package enum Action: Hashable, Sendable {
        /// Read the lease, then ``didRead(_:at:)``.
        case read
        /// Create the lease if it is absent, then ``didWrite(_:at:)``.
        case create(Lease)
        /// Replace the lease if it has this tag, then ``didWrite(_:at:)``.
        case replace(Lease, if: ObjectTag)
        /// Wait until this time, then ``didWait(at:)``; or, as the holder, ``leave(as:at:)`` before.
        case wait(until: Duration)
        /// Nothing more is to be done.
        case end(Ending)
    }

    /// How it ended.
    package enum Ending: Hashable, Sendable {
        /// The worker left the lease free.
        case released
        /// The run is finished: by this worker, or before it could take the lease. All epochs before this one have
        /// their seal.
        case finished(epoch: Int)
        /// Another worker has the lease, as a worker that does not take over found before it, or a holder too late.
        /// nil when the lease was removed under its holder.
        case taken(Lease?)
    }

    /// A content that was sent at least once and may have been stored.
    private struct Attempt: Hashable {
        let lease: Lease
        /// When it was first sent. A repetition does not move it: the first may be the one that was stored.
        let startedAt: Duration
    }

    private struct Holding: Hashable {
        let lease: Lease
        let tag: ObjectTag
        /// When the request that stored it was started.
        let renewedAt: Duration
    }

    /// A lease of another worker, and since when it has been seen unchanged.
    private struct Sighting: Hashable {
        let tag: ObjectTag
        let since: Duration
    }

    private let worker: WorkerID
    private let timing: LeaseTiming
    private let takesOver: Bool
    private var sighting: Sighting?
    private var attempt: Attempt?
    private var holding: Holding?
    private var leaving: Lease.State?
    private var hasEnded = false

    /// With `takesOver` the worker waits for a lease that another one holds until that is free or has run out, else it
    /// ends at once.
    package init(_ worker: WorkerID, timing: LeaseTiming = .standard, takesOver: Bool = true) {
        self.worker = worker
        self.timing = timing
        self.takesOver = takesOver
    }

    /// The first thing to do.
    package var start: Action { .read }

    /// The lease that the worker holds, as far as it knows; nil before and after.
    package var held: Lease? { hasEnded ? nil : holding?.lease }

    /// Whether a write to ECR may be started now: it would end before the lease does, and so before anyone takes over.
    package func maySend(at now: Duration) -> Bool {
        guard let holding, leaving == nil, !hasEnded else { return false }
        return now + timing.requestTimeout < holding.renewedAt + holding.lease.ttl
    }

    /// The answer to ``Action/read``, which came at `now`.
    package mutating func didRead(_ answer: ReadAnswer<Lease>, at now: Duration) -> Action {
        switch answer {
        case .lost: return .read
        case .missing:
            guard holding == nil else { return end(.taken(nil)) }
            let lease = Lease(epoch: 0, worker: worker, ttl: timing.ttl)
            attempt(lease, at: now)
            return .create(lease)
        case .found(let lease, let tag):
            if let attempt, lease == attempt.lease { return hold(attempt, tag, at: now) }
            guard let holding else { return look(at: lease, tag, now) }
            // What was attempted has not happened yet, and may still: nothing else is sent before it has.
            guard let attempt, lease == holding.lease else { return end(.taken(lease)) }
            return .replace(attempt.lease, if: tag)
        }
    }

    /// The answer to ``Action/create(_:)`` or ``Action/replace(_:if:)``, which came at `now`.
    package mutating func didWrite(_ answer: WriteAnswer, at now: Duration) -> Action {
        guard case .done(let tag) = answer, let attempt else { return .read }
        return hold(attempt, tag, at: now)
    }

    /// The end of ``Action/wait(until:)``; the next request is started at `now`.
    package mutating func didWait(at now: Duration) -> Action {
        guard let holding else { return .read }
        return replace(holding.lease.revised(to: .held), if: holding.tag, at: now)
    }

    /// Gives the lease up, as free or as finished. To be called once by the holder, when none of its writes is on the
    /// wire any more and its last segment is stored. Returns nil while a request is under way: its answer leads on.
    package mutating func leave(as state: Lease.State, at now: Duration) -> Action? {
        precondition(leaving == nil && state != .held)
        guard let holding else { preconditionFailure("only a holder can leave") }
        leaving = state
        return attempt == nil ? replace(holding.lease.revised(to: state), if: holding.tag, at: now) : nil
    }
}

extension LeaseStateMachine {
    /// Decides about a lease of somebody else.
    private mutating func look(at lease: Lease, _ tag: ObjectTag, _ now: Duration) -> Action {
        let next = Lease(epoch: lease.epoch + 1, worker: worker, ttl: timing.ttl)
        switch lease.state {
        case .finished: return end(.finished(epoch: lease.epoch))
        case .free: return replace(next, if: tag, at: now)
        case .held:
            guard takesOver else { return end(.taken(lease)) }
            let since = sighting?.tag == tag ? sighting?.since ?? now : now
            sighting = Sighting(tag: tag, since: since)
            let runOut = since + lease.ttl + timing.requestTimeout
            return now < runOut ? .wait(until: min(now + timing.renewal, runOut)) : replace(next, if: tag, at: now)
        }
    }

    private mutating func replace(_ lease: Lease, if tag: ObjectTag, at now: Duration) -> Action {
        attempt(lease, at: now)
        return .replace(lease, if: tag)
    }

    private mutating func attempt(_ lease: Lease, at now: Duration) {
        if attempt?.lease != lease { attempt = Attempt(lease: lease, startedAt: now) }
    }

    /// What was attempted is stored.
    private mutating func hold(_ stored: Attempt, _ tag: ObjectTag, at now: Duration) -> Action {
        attempt = nil
        holding = Holding(lease: stored.lease, tag: tag, renewedAt: stored.startedAt)
        switch stored.lease.state {
        case .free: return end(.released)
        case .finished: return end(.finished(epoch: stored.lease.epoch))
        case .held:
            guard let leaving else { return .wait(until: stored.startedAt + timing.renewal) }
            return replace(stored.lease.revised(to: leaving), if: tag, at: now)
        }
    }

    private mutating func end(_ ending: Ending) -> Action {
        hasEnded = true
        return .end(ending)
    }
}
