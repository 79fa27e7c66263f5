import Fencing

/// A shard's store and ECR, the workers at the shard, and everything that is under way between them.
///
/// Whatever can happen is a step: a request reaches the store, its answer reaches the worker or is lost, clocks move,
/// processes die and start again, writes land. Steps of different workers come in any order.
struct ShardWorld: Hashable {
    /// How far and how the world is explored.
    struct Limits: Hashable {
        var workers = 2
        var hasFinisher = false
        var repositories: UInt8 = 1
        /// How many writes a segment announces.
        var batch = 1
        /// How many requests may be lost, or be answered with 409.
        var faults = 0
        var crashes = 0
        /// How far each clock goes.
        var ticks = 2
        /// With a rate for each worker all clocks follow one time, and a write lands, or never does, within a request's
        /// timeout by its sender's clock. Without, each clock moves as it likes, and writes land whenever they like.
        var rates: [Int]?
        /// Whether time passes between an effect and its answer.
        var splitsAnswers = true
        var timing = LeaseTiming(ttl: .ticks(1), renewal: .ticks(1), requestTimeout: .zero)
        var flaws: Flaws = []

        /// The times that the leases' machines are given.
        var machineTiming: LeaseTiming {
            guard flaws.contains(.takenWithoutGrace) else { return timing }
            return LeaseTiming(ttl: timing.ttl, renewal: timing.renewal, requestTimeout: .zero)
        }
    }

    /// A write to ECR that may still land.
    struct Wire: Hashable {
        let repository: UInt8
        let epoch: Int
        let worker: WorkerID
        /// The tick of the common time by which it has landed.
        let deadline: Int
    }

    let limits: Limits
    var lease: Lease?
    /// By epoch, then by number.
    var segments: [[ModelSegment]] = []
    var strays: [Stray] = []
    var wire: [Wire] = []
    var applied: Numbers = []
    var workers: [Worker]
    var faults: Int
    var crashes: Int
    /// The common time, if there is one.
    var tick = 0
    /// What the finisher would tell, once the run is finished.
    var report: Report?

    struct Report: Hashable {
        let done: Numbers
        let inDoubt: Set<UInt8>
    }

    init(_ limits: Limits) {
        self.limits = limits
        faults = limits.faults
        crashes = limits.crashes
        workers = (0..<limits.workers).map { Worker(number: $0, limits) }
        if limits.hasFinisher { workers.append(Worker(number: limits.workers, isFinisher: true, limits)) }
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(lease)
        hasher.combine(segments)
        hasher.combine(strays)
        hasher.combine(wire)
        hasher.combine(applied)
        hasher.combine(workers)
        hasher.combine(faults)
        hasher.combine(crashes)
        hasher.combine(tick)
        hasher.combine(report)
    }
}

extension Duration {
    /// The model's unit of time.
    static func ticks(_ count: Int) -> Duration { .seconds(count) }
}
