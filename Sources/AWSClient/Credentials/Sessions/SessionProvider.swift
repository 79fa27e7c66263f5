package import AWSValues
import Synchronization

/// Opens and keeps the sessions in the owner accounts: one per account and session policy, shared by all users.
package final class SessionProvider: Sendable {
    private struct Name: Hashable {
        let account: AccountID
        let partition: Partition
        let policy: String?
    }

    let opener: SessionOpener
    private let clock: AWSClock
    private let sessions = Mutex<[Name: CredentialCache]>([:])
    private let hubSessions = Mutex<[String: CredentialCache]>([:])
    /// By the role's ARN and the session policy.
    private let roleSessions = Mutex<[[String?]: CredentialCache]>([:])

    package init(
        _ caller: AWSCaller,
        base: CredentialCache,
        rules: SignInRules,
        endpoints: EndpointResolver,
        region: String?
    ) {
        clock = caller.clock
        opener = SessionOpener(caller, base: base, rules: rules, endpoints: endpoints, region: region)
    }

    /// The session in an account that may do only what `policy`, an inline session policy, allows. It is opened when it
    /// is first used, checked to be in that account, and renewed in time.
    package func session(account: AccountID, partition: Partition, policy: String?) -> CredentialCache {
        let name = Name(account: account, partition: partition, policy: policy)
        return sessions.withLock { sessions in
            if let session = sessions[name] { return session }
            let session = CredentialCache(clock: clock) { [opener] () async throws(CredentialFailure) in
                try await opener.open(account: account, partition: partition, policy: policy)
            }
            sessions[name] = session
            return session
        }
    }

    /// The session of a role that is assumed with the base credentials and may do only what `policy` allows, if it is
    /// given. It is opened when it is first used, and renewed in time.
    package func session(ofRole arn: String, policy: String?) -> CredentialCache {
        roleSessions.withLock { sessions in
            if let session = sessions[[arn, policy]] { return session }
            let session = opener.session(ofRole: arn, policy: policy)
            sessions[[arn, policy]] = session
            return session
        }
    }

    /// The session of the hub role that may do only what `policy` allows; without a hub role the base credentials,
    /// which no policy narrows.
    package func hubSession(policy: String) -> CredentialCache {
        hubSessions.withLock { sessions in
            if let session = sessions[policy] { return session }
            let session = opener.hubSession(policy: policy)
            sessions[policy] = session
            return session
        }
    }
}
