/// Everything that can be wrong with a simulated AWS. The default is a prompt and faultless one.
package struct Faults: Hashable, Sendable {
    /// A token bucket for each account, region and operation that the target includes.
    package struct RateLimit: Hashable, Sendable {
        package var perSecond: Double
        /// The most calls at once; nil for one second's worth.
        package var burst: Double?
        /// 400 or 429.
        package var status = 400
        package var retryAfterMilliseconds: Int?
        package var target: FaultTarget

        package init(perSecond: Double, burst: Double? = nil, target: FaultTarget = FaultTarget(services: ["ecr"])) {
            self.perSecond = perSecond
            self.burst = burst
            self.target = target
        }
    }

    /// Reads that see the policy as it was before the last write.
    package struct ReadLag: Hashable, Sendable {
        /// How long after a write; nil for no limit in time.
        package var milliseconds: Double?
        /// How many reads after a write; nil for no limit in number.
        package var reads: Int?
        package var target = FaultTarget()
    }

    /// Somebody else who edits a policy at the worst moment.
    package struct ForeignWriter: Hashable, Sendable {
        /// The edit follows this read of a repository, counted from 1; it happens once for each repository.
        package var afterRead = 1
        /// The policy that is put in place; nil to append ``statement`` to what is there.
        package var policy: String?
        package var target = FaultTarget()

        /// What is appended without a policy of its own.
        package static let statement: JSON = [
            "Sid": "added by somebody else", "Effect": "Allow",
            "Principal": ["AWS": "arn:aws:iam::123456789012:root"], "Action": "ecr:BatchGetImage",
        ]
    }

    package var latencyMilliseconds = 0.0
    /// Added to the latency: a random part of this, evenly spread.
    package var jitterMilliseconds = 0.0
    package var rateLimits: [RateLimit] = []
    package var readLags: [ReadLag] = []
    package var foreignWriters: [ForeignWriter] = []
    /// Tried in order; the first that matches decides, except that delays add up.
    package var rules: [FaultRule] = []
    /// Calls after which a session has ended, whatever its expiry says.
    package var sessionCalls: Int?
    /// Seconds after which a session has ended, whatever its expiry says.
    package var sessionSeconds: Double?
    /// How far the simulated clock is ahead of the machine's; negative for behind.
    package var clockOffsetSeconds = 0.0
    /// Whether lists of principals come back in another order.
    package var shufflesPrincipals = false
    /// Whether error types of JSON services carry a namespace, as some AWS services write them.
    package var namespacesErrors = false
    /// The code for a date outside the window, such as `RequestExpired`; nil for the protocol's own.
    package var skewErrorCode: String?

    /// Whether S3 stores an object over another in spite of `If-None-Match`, as stores do that do not know the header.
    package var ignoresIfNoneMatch = false
    /// Whether S3 carries out writes whatever `If-Match` says.
    package var ignoresIfMatch = false
    /// The most keys of a listing's page, when that is less than S3's own 1,000.
    package var listPageSize: Int?

    package init() {}

    /// Only these rules.
    package init(_ rules: FaultRule...) {
        self.rules = rules
    }
}
