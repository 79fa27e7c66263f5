import AWSValues

/// The steps from the base credentials to a session in an owner account.
struct SessionOpener: Sendable {
    private let caller: AWSCaller
    private let base: CredentialCache
    private let rules: SignInRules
    private let endpoints: EndpointResolver
    private let region: String?
    /// The session of the hub role, as it is used to open others; nil when there is no hub role.
    private(set) var hub: CredentialCache?

    /// To open sessions in owner accounts the hub role assumes others, so its session may do nothing else. The tags and
    /// the source identity that the base session passes on count as actions of their own.
    private static let assumingPolicy =
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sts:AssumeRole","sts:SetSourceIdentity","#
        + #""sts:TagSession"],"Resource":"*"}]}"#

    init(
        _ caller: AWSCaller,
        base: CredentialCache,
        rules: SignInRules,
        endpoints: EndpointResolver,
        region: String?
    ) {
        self.caller = caller
        self.base = base
        self.rules = rules
        self.endpoints = endpoints
        self.region = region
        if rules.via != nil { hub = hubSession(policy: SessionOpener.assumingPolicy) }
    }

    /// The role that is assumed in an account; nil when the base credentials are used as they are.
    func roleARN(account: AccountID, partition: Partition) -> String? {
        rules.role?.arn(account: account, partition: partition)
    }

    /// The session of the hub role, no stronger than `policy`; the base credentials when there is no hub role.
    func hubSession(policy: String) -> CredentialCache {
        rules.via.map { session(ofRole: $0, policy: policy) } ?? base
    }

    /// The session of a role that is assumed with the base credentials, no stronger than `policy`.
    func session(ofRole arn: String, policy: String?) -> CredentialCache {
        let fields = ARNFields(arn)
        let step = Step(
            opener: self,
            source: base,
            hubARN: nil,
            account: fields?.account,
            partition: fields.flatMap { Partition(rawValue: $0.partition) } ?? .aws
        )
        let request = AssumeRoleRequest(
            roleARN: arn, sessionName: rules.sessionName, duration: .seconds(3_600), policy: policy)
        return CredentialCache(clock: caller.clock) { () async throws(CredentialFailure) in
            try await step.assume(request)
        }
    }

    func open(
        account: AccountID,
        partition: Partition,
        policy: String?
    ) async throws(CredentialFailure) -> SessionCredentials {
        let step = Step(
            opener: self, source: hub ?? base, hubARN: rules.via, account: account, partition: partition)
        let rulesHere = rules.account(account)
        guard let role = rulesHere.role else { return try await step.useSource() }
        return try await step.assume(
            AssumeRoleRequest(
                roleARN: role.arn(account: account, partition: partition),
                sessionName: rules.sessionName,
                duration: rules.duration,
                externalID: rulesHere.externalID,
                policy: policy
            )
        )
    }
}

extension SessionOpener {
    /// One step: from some credentials to a session in one account.
    private struct Step {
        let opener: SessionOpener
        let source: CredentialCache
        /// The hub role whose session `source` is; nil for the base credentials.
        let hubARN: String?
        /// Nil where a hub role's ARN names none.
        let account: AccountID?
        let partition: Partition

        /// Assumes the role and makes sure that the session is where it is wanted.
        func assume(_ request: AssumeRoleRequest) async throws(CredentialFailure) -> SessionCredentials {
            guard ARNFields(request.roleARN)?.account == account else {
                throw failure(.roleOfAnotherAccount, request)
            }
            let session: AssumedRole
            do throws(AWSError) {
                session = try await sts().assumeRole(request)
            } catch {
                throw await explain(error, request)
            }
            guard session.account == account else {
                throw failure(.wrongAccount(actual: session.account?.description ?? session.arn), request)
            }
            return SessionCredentials(session.credentials, expiration: session.expiration, account: account)
        }

        /// Takes the credentials as they are, if they belong to the account.
        func useSource() async throws(CredentialFailure) -> SessionCredentials {
            let identity: CallerIdentity
            do throws(AWSError) {
                identity = try await sts().callerIdentity()
            } catch {
                throw await explain(error, nil)
            }
            guard identity.account == account else {
                throw failure(.wrongAccount(actual: identity.account.description), nil, callerARN: identity.arn)
            }
            return try await source.session()
        }

        private func sts() throws(AWSError) -> STSClient {
            let endpoint = try opener.endpoints.stsEndpoint(
                partition: partition, region: opener.region, isSigned: true)
            return STSClient(caller: opener.caller, endpoint: endpoint, credentials: source)
        }

        /// What went wrong before STS was asked stays as it is; a refusal is reported with the caller's identity.
        private func explain(_ error: AWSError, _ request: AssumeRoleRequest?) async -> CredentialFailure {
            switch error.cause {
            case .credentials(let credentials): return .credentials(credentials)
            case .signIn(let signIn): return .signIn(signIn)
            case _ where error.isCancelled: return .cancelled
            default:
                let identity = error.isAccessDenied ? try? await sts().callerIdentity() : nil
                return failure(.refused(error), request, callerARN: identity?.arn)
            }
        }

        private func failure(
            _ reason: SignInError.Reason,
            _ request: AssumeRoleRequest?,
            callerARN: String? = nil
        ) -> CredentialFailure {
            .signIn(
                SignInError(
                    account: account,
                    roleARN: request?.roleARN,
                    callerARN: callerARN,
                    externalID: request?.externalID,
                    hubARN: hubARN,
                    reason: reason
                )
            )
        }
    }
}
