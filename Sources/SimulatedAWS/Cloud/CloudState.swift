import OrderedCollections

/// Everything that changes while a simulated AWS runs. Held by ``Cloud`` behind its lock.
struct CloudState: Sendable {
    /// A write that some readers do not see yet.
    struct Lag: Sendable {
        /// The policy before the write.
        var previous: String?
        /// Seconds of uptime.
        var end: Double
        var reads: Int
    }

    /// What a fault rule counts by.
    struct RuleScope: Hashable, Sendable {
        var rule: Int
        var scope: String
    }

    struct BucketKey: Hashable, Sendable {
        var limit: Int
        var key: CallKey
    }

    var registries: [RegistryAddress: Registry]
    var registryPolicyScope: String
    /// By name.
    var s3Buckets: [String: StoredBucket]
    var identities: [String: Identity]
    var roles: [String: Role]
    var organization: Organization?
    var principals: PrincipalDirectory
    var recentPolicies = RecentPolicies()
    /// Refused attempts to name a principal that propagates late.
    var attempts: [String: Int] = [:]
    var random: SplitMix64
    var ledger: CallLedger

    /// Setting it restarts all counting of faults.
    var faults: Faults {
        didSet {
            matches = [:]
            buckets = [:]
            lags = [:]
            reads = [:]
        }
    }
    /// Matching calls so far.
    var matches: [RuleScope: Int] = [:]
    var buckets: [BucketKey: TokenBucket] = [:]
    var lags: [RepositoryAddress: Lag] = [:]
    var reads: [RepositoryAddress: Int] = [:]

    /// Chooses what becomes of calls, for tests.
    var script: CallScript?
    var objectScript: ObjectScript?
    var scriptedEvents: [RepositoryAddress: [ScriptedEvent]] = [:]
    /// When policies were last looked at that were not written since.
    var looks: [RepositoryAddress: Double] = [:]
    var writeWindows: [WriteWindow] = []

    /// Seconds by which a test moved the clock on.
    var advanced = 0.0
    /// Uptime when the world began.
    let began: Double
    /// Seconds on a clock that never goes back; the time of the call that is being handled.
    var uptime: Double

    init(_ world: World, faults: Faults, uptime: Double) {
        var contents: [RegistryAddress: [(name: String, policy: String?)]] = [:]
        for repository in world.repositories {
            let address = repository.address
            let policy = repository.policy.map { CloudState.stored($0, region: address.registry.region) }
            contents[address.registry, default: []].append((address.name, policy))
        }
        registries = contents.mapValues(Registry.init)
        for (address, policy) in world.registryPolicies {
            registries[address, default: Registry()].registryPolicy = CloudState.stored(policy, region: address.region)
        }
        registryPolicyScope = world.registryPolicyScope
        s3Buckets = Dictionary(world.buckets.map { ($0.name, StoredBucket($0)) }) { _, last in last }
        identities = Dictionary(world.accessKeys.map { ($0.id, Identity($0)) }) { _, last in last }
        roles = Dictionary(world.roles.map { ($0.arn, $0) }) { _, last in last }
        organization = world.organization
        principals = world.principals
        random = SplitMix64(seed: world.seed)
        ledger = CallLedger(capacity: world.recordedCalls)
        self.faults = faults
        self.began = uptime
        self.uptime = uptime
    }

    /// The simulated time.
    var now: Timestamp { Timestamp.now + faults.clockOffsetSeconds + advanced }

    /// A policy as it is kept: compact, ids as ARNs. What is no JSON object is kept as it is.
    static func stored(_ policy: String, region: String) -> String {
        guard let document = try? JSON(parsing: policy), document.object != nil else { return policy }
        return RepositoryPolicy(expanding: document, partition: Partition.name(ofRegion: region)).document.compact
    }

    /// Whether ECR knows a principal that a policy names.
    mutating func exists(_ principal: RepositoryPolicy.Named, in region: String) -> Bool {
        let names = [principal.account] + (principal.arn.map { [$0] } ?? [])
        if principal.account.isEmpty || names.contains(where: principals.missing.contains) { return false }
        if principals.disabledRegions[principal.account]?.contains(region) == true { return false }
        if let arn = principal.arn, let propagation = principals.propagating[arn] {
            guard uptime + advanced >= began + propagation.seconds, attempts[arn, default: 0] >= propagation.attempts
            else {
                attempts[arn, default: 0] += 1
                return false
            }
        }
        guard let known = principals.known else { return true }
        guard let arn = principal.arn else {
            return known.contains(principal.account) || registries.keys.contains { $0.account == principal.account }
        }
        return known.contains(arn) || roles[arn] != nil || identities.values.contains { $0.arn == arn }
    }
}

/// What readers see, and what others write.
extension CloudState {
    /// The policy that a read sees now, as compact JSON.
    mutating func visiblePolicy(of address: RepositoryAddress) -> String? {
        if var lag = lags[address] {
            if lag.reads > 0, uptime < lag.end {
                lag.reads -= 1
                lags[address] = lag
                return lag.previous
            }
            lags[address] = nil
        }
        return registries[address.registry]?.policy(of: address.name)
    }

    /// Lets readers see the present policy for a while; called before a write.
    mutating func beginLag(of address: RepositoryAddress, after call: Call) {
        guard let lag = faults.readLags.first(where: { $0.target.includes(call) }) else { return }
        lags[address] = Lag(
            previous: registries[address.registry]?.policy(of: address.name),
            end: lag.milliseconds.map { uptime + $0 / 1000 } ?? .infinity,
            reads: lag.reads ?? .max
        )
    }

    /// Edits the policy as somebody else when a foreign writer waited for this read.
    mutating func letForeignWritersEdit(_ address: RepositoryAddress, after call: Call) {
        let writers = faults.foreignWriters.filter { $0.target.includes(call) }
        guard !writers.isEmpty else { return }
        reads[address, default: 0] += 1
        for writer in writers where writer.afterRead == reads[address] {
            let present = registries[address.registry]?.policy(of: address.name)
            let edited = writer.policy ?? CloudState.appending(Faults.ForeignWriter.statement, to: present)
            put(edited, in: address)
        }
    }

    /// Puts a policy in a repository that exists, or removes it, past all checks.
    mutating func put(_ policy: String?, in address: RepositoryAddress) {
        let stored = policy.map { CloudState.stored($0, region: address.registry.region) }
        registries[address.registry]?.setPolicy(stored, of: address.name)
    }

    static func appending(_ statement: JSON, to policy: String?) -> String {
        guard let policy, case .object(var members)? = try? JSON(parsing: policy) else {
            return JSON.object(["Version": "2008-10-17", "Statement": .array([statement])]).compact
        }
        let statements = members["Statement"].map { $0.array ?? [$0] } ?? []
        members["Statement"] = .array(statements + [statement])
        return JSON.object(members).compact
    }
}
