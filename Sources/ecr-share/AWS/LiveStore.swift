import AWSClient
import AWSValues
import Rollout
import SharePlan
import Synchronization

/// The policies of real repositories: the one place where the core meets AWS.
final class LiveStore: PolicyStore {
    let aws: AWS
    private let permission: SessionPermission
    private let clients = Mutex<[Registry: ECRClient]>([:])
    private let policies = PolicyBook()

    init(_ aws: AWS, allowing permission: SessionPermission) {
        self.aws = aws
        self.permission = permission
    }

    func repositoryNames(in registry: Registry) async throws(StoreError) -> [RepositoryName] {
        let listed = try await asking(registry) { client throws(AWSError) in try await client.repositories().map(\.name)
        }
        let names = listed.compactMap { RepositoryName($0) }
        guard names.count < listed.count else { return names }
        let unknown = listed.filter { RepositoryName($0) == nil }
        throw StoreError(
            kind: .other, code: "unknown-names",
            message:
                "the listing has \(unknown.count.counting("name")) of a form that this version does not know, such as "
                + "\(unknown.prefix(3).joined(separator: ", "))")
    }

    func policy(of repository: RepositoryID) async throws(StoreError) -> Policy? {
        try await asking(repository.registry) { client throws(AWSError) in
            try await client.repositoryPolicy(of: repository.name)
        }.map(policies.policy)
    }

    /// The registry's own policy; nil when it has none.
    func registryPolicy(of registry: Registry) async throws(StoreError) -> Policy? {
        try await asking(registry) { client throws(AWSError) in try await client.registryPolicy() }.map { Policy($0) }
    }

    func write(_ policy: Policy?, to repository: RepositoryID) -> any Rollout.PolicyWrite {
        let write = Result { () throws(AWSError) in
            try client(for: repository.registry).policyWrite(policy?.text, of: repository.name)
        }
        return LiveWrite(write: write, deletes: policy == nil, policies: policies)
    }

    /// The limits of AWS that calls wait for at the moment.
    var heldBackCalls: [HeldBackCalls] { aws.caller.heldBackCalls }

    /// Who the base credentials belong to: the caller that journals name.
    func callerARN() async throws(StoreError) -> String {
        do throws(AWSError) { return try await aws.baseIdentity().arn } catch { throw StoreError(error) }
    }

    private func asking<Value: Sendable>(
        _ registry: Registry, _ call: (ECRClient) async throws(AWSError) -> Value
    ) async throws(StoreError) -> Value {
        do throws(AWSError) { return try await call(try client(for: registry)) } catch { throw StoreError(error) }
    }

    private func client(for registry: Registry) throws(AWSError) -> ECRClient {
        if let client = clients.withLock({ $0[registry] }) { return client }
        let client = try aws.ecr(
            registry, policy: permission.policy(for: registry.account, in: registry.region.partition))
        clients.withLock { $0[registry] = client }
        return client
    }
}

/// A write over AWSClient; where a registry has no endpoint, its failure.
private struct LiveWrite: Rollout.PolicyWrite {
    let write: Result<AWSClient.PolicyWrite, AWSError>
    let deletes: Bool
    let policies: PolicyBook

    func takeTurn() async throws(StoreError) {
        do throws(AWSError) { try await write.get().takeTurn() } catch { throw StoreError(error) }
    }

    func giveTurnBack() {
        if case .success(let write) = write { write.giveTurnBack() }
    }

    func send() async throws(WriteFailure) -> Policy? {
        do throws(AWSError) {
            let printed = try await write.get().send()
            return deletes ? nil : policies.policy(printed)
        } catch {
            // That there is none is what was wanted.
            if deletes, error.isRepositoryPolicyNotFound { return nil }
            let mayRepeat = if case .success(let write) = write { write.mayRepeat } else { false }
            throw WriteFailure(StoreError(error), mayRepeat: mayRepeat)
        }
    }
}

extension StoreError {
    /// What a failed call means for a run. AWS's own code, message and request id are kept.
    init(_ error: AWSError) {
        let kind: Kind =
            if error.isSignInFailure {
                .signIn
            } else if error.isRepositoryNotFound {
                .repositoryNotFound
            } else if error.isPrincipalNotFound {
                .principalNotFound
            } else if error.outcomeIsUnknown {
                .outcomeUnknown
            } else if error.isUnreachable {
                .unreachable
            } else {
                error.isAccessDenied ? .accessDenied : .other
            }
        self.init(
            kind: kind, code: error.code, message: error.withoutRequestID.explanation, requestID: error.requestID)
    }
}

extension AWS {
    /// Looks for the base credentials. Without them everything would fail alike, so it is reported once.
    ///
    /// - Throws: `CommandError` with 1 and every place that was looked at.
    func requireCredentials() async throws {
        do throws(CredentialFailure) { _ = try await baseCredentials.credentials() } catch {
            guard case .credentials(let error) = error, error != .cancelled else { return }
            throw CommandError(
                .failed, error.attempts.isEmpty ? error.sentence : error.sentence + " Tried:",
                details: error.attempts.map { "  " + $0 })
        }
    }
}

/// Opens AWS for the time of `body`. Nothing is sent before the first call.
///
/// - Throws: `CommandError` with 1 for settings that cannot be used.
func withAWS<Value: Sendable>(
    _ settings: AWSSettings, _ body: (AWS) async throws -> Value
) async throws -> Value {
    let configuration: AWSConfiguration
    do {
        configuration = try settings.configuration
    } catch {
        throw CommandError(.failed, "\(error)")
    }
    return try await withAWS(configuration) { aws in try await body(aws) }
}

/// Opens the store for the time of `body`, once there are base credentials.
func withLiveStore<Value: Sendable>(
    _ settings: AWSSettings, allowing permission: SessionPermission, environment: [String: String],
    needsCredentials: Bool = true, _ body: (LiveStore) async throws -> Value
) async throws -> Value {
    try await withAWS(settings) { aws in
        if needsCredentials { try await aws.requireCredentials() }
        return try await body(LiveStore(aws, allowing: permission))
    }
}
