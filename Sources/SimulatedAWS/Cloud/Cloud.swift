import NIOCore
import Synchronization

/// A running simulated AWS: its repositories, sessions, faults and counters.
///
/// Tests look into it and change it while clients talk to it; every method is atomic.
package final class Cloud: Sendable {
    let state: Mutex<CloudState>
    let signatures = SignatureCheck()

    package init(_ world: World, faults: Faults = Faults()) {
        state = Mutex(CloudState(world, faults: faults, uptime: Cloud.uptime))
    }

    /// Seconds on a clock that never goes back.
    static var uptime: Double { Double(NIODeadline.now().uptimeNanoseconds) / 1e9 }
}

/// Repositories as tests look at them.
extension Cloud {
    /// The policy as ECR would print it; nil for none, and for a repository that does not exist.
    package func policyText(of repository: RepositoryAddress) -> String? {
        state.withLock { $0.registries[repository.registry]?.policy(of: repository.name) }.map(PolicyPrint.pretty)
    }

    /// The same for a repository that is spelled out.
    package func policyText(account: String, region: String, name: String) -> String? {
        policyText(of: RepositoryAddress(account: account, region: region, name: name))
    }

    /// Sets or, with nil, removes a policy as somebody else would, past all checks and faults; creates the repository
    /// if it is new.
    package func editPolicy(of repository: RepositoryAddress, to policy: String?) {
        let stored = policy.map { CloudState.stored($0, region: repository.registry.region) }
        state.withLock {
            $0.registries[repository.registry, default: Registry()].setPolicy(stored, of: repository.name)
        }
    }

    /// Removes a repository.
    package func deleteRepository(_ repository: RepositoryAddress) {
        state.withLock { $0.registries[repository.registry]?.remove(repository.name) }
    }

    /// Every repository with its policy as ECR would print it, sorted.
    package func policies() -> [(repository: RepositoryAddress, policy: String?)] {
        let registries = state.withLock(\.registries)
        return registries.keys.sorted().flatMap { address in
            (registries[address]?.names ?? []).map { name in
                let policy = registries[address]?.policy(of: name).map(PolicyPrint.pretty)
                return (RepositoryAddress(registry: address, name: name), policy)
            }
        }
    }
}

/// Calls as tests look at them.
extension Cloud {
    /// The latest calls, oldest first; ``World/recordedCalls`` says how many are kept.
    package var calls: [RecordedCall] { state.withLock(\.ledger.latest) }

    /// Over all accounts and regions.
    package func count(_ operation: String) -> CallCount {
        state.withLock { $0.ledger.operations[operation] ?? CallCount() }
    }

    /// Of one caller's account in one region.
    package func count(_ operation: String, account: String, region: String) -> CallCount {
        let key = CallKey(account: account, region: region, operation: operation)
        return state.withLock { $0.ledger.counts[key] ?? CallCount() }
    }

    /// By operation, over all accounts and regions.
    package var countsByOperation: [String: CallCount] { state.withLock(\.ledger.operations) }

    /// By account, region and operation.
    package var counts: [CallKey: CallCount] { state.withLock(\.ledger.counts) }

    /// Over everything.
    package var totalCount: CallCount { state.withLock(\.ledger.all) }
}

/// The world's course as tests change it.
extension Cloud {
    /// Replaces the faults and restarts their counting.
    package func setFaults(_ faults: Faults) {
        state.withLock { $0.faults = faults }
    }

    /// Moves the simulated clock on: sessions expire, dates leave their window. Rate limits and lags follow real time.
    package func advanceClock(bySeconds seconds: Double) {
        state.withLock { $0.advanced += seconds }
    }

    /// The simulated time.
    package var now: Timestamp { state.withLock(\.now) }

    /// Ends all sessions of an account now.
    package func expireSessions(account: String) {
        state.withLock { state in
            let now = state.now
            for (key, identity) in state.identities where identity.account == account {
                if let session = identity.session {
                    state.identities[key]?.session?.end = min(session.end, now)
                }
            }
        }
    }
}
