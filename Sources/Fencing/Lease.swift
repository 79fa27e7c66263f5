/// The content of a shard's `lease.json`: whose turn it is to work on the shard.
///
/// It is created once and from then on replaced by tag only, never deleted, so that its epoch only rises. No two
/// contents are equal: each replacement raises ``epoch`` or ``revision``.
package struct Lease: Hashable, Sendable {
    /// Whether the lease can be taken.
    package enum State: Hashable, Sendable {
        /// The worker works on the shard, or did and died.
        case held
        /// The worker left, with nothing of its own on the wire. Anyone may take the lease at once.
        case free
        /// The run is finished. Nobody may take the lease any more.
        case finished
    }

    /// How often the lease changed hands; 0 for its first worker.
    package let epoch: Int
    /// Who wrote this content.
    package let worker: WorkerID
    /// How often the worker replaced the content since it took the lease.
    package let revision: Int
    /// How long the lease lasts after its last renewal began.
    package let ttl: Duration
    /// Whether the lease can be taken.
    package let state: State

    /// A content of the object; by default the first of a worker that takes the lease.
    package init(epoch: Int, worker: WorkerID, revision: Int = 0, ttl: Duration, state: State = .held) {
        self.epoch = epoch
        self.worker = worker
        self.revision = revision
        self.ttl = ttl
        self.state = state
    }

    /// The content with which the same worker replaces this one.
    func revised(to state: State) -> Lease {
        Lease(epoch: epoch, worker: worker, revision: revision + 1, ttl: ttl, state: state)
    }
}

/// The times of a lease, each measured by the worker's own boot-time clock.
package struct LeaseTiming: Hashable, Sendable {
    /// How long a lease lasts after its last renewal began.
    package let ttl: Duration
    /// How long after the last renewal began the next one begins, and how often a lease of others is looked at.
    package let renewal: Duration
    /// How long a request to the store or to ECR may take before it counts as lost.
    package let requestTimeout: Duration

    /// - Precondition: `renewal + requestTimeout` is at most `ttl`, so that a holder that renews in time may always
    ///   send.
    package init(ttl: Duration, renewal: Duration, requestTimeout: Duration) {
        precondition(renewal >= .zero && requestTimeout >= .zero && renewal + requestTimeout <= ttl)
        self.ttl = ttl
        self.renewal = renewal
        self.requestTimeout = requestTimeout
    }

    /// 60 s, renewed every 20 s, with 30 s for a request.
    package static let standard = LeaseTiming(
        ttl: .seconds(60), renewal: .seconds(20), requestTimeout: .seconds(30))
}
