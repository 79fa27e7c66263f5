package import AWSValues

/// How AWS is reached and who asks.
package struct AWSConfiguration: Sendable {
    package var environment: Environment
    /// As `--profile` names it.
    package var profile: String?
    /// Where STS is asked, as `--region` names it; the environment's or the partition's default when nil.
    package var region: String?
    package var http = HTTPConfiguration()
    package var endpoints = EndpointResolver()
    package var signIn = SignInRules()
    package var retries = RetryPolicy()
    package var clock = AWSClock.live

    /// A configuration from the standard variables, or else from the profile in use, which is the one that is named
    /// here or by a variable: `AWS_REGION` or `AWS_DEFAULT_REGION`, `AWS_CA_BUNDLE`, `AWS_ENDPOINT_URL` and its forms
    /// for single services, `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT`; and from `AWS_MAX_ATTEMPTS` (which
    /// does not limit the attempts that were throttled).
    ///
    /// Source: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
    package init(_ environment: Environment, profile: String? = nil) throws(EndpointError) {
        self.environment = environment
        self.profile = profile
        region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"]
        http.secrets = environment.secrets
        http.proxy = environment.proxy
        if let attempts = environment["AWS_MAX_ATTEMPTS"].flatMap(Int.init), attempts > 0 {
            retries.maximumAttempts = attempts
        }
        let files = try? SharedConfiguration(environment)
        let values = files?.profile(nameOfProfile)
        func setting(_ variable: String, _ key: String) -> String? {
            environment[variable] ?? values?[key].flatMap { $0.isEmpty ? nil : $0 }
        }
        /// A variable that is set to anything else than `true`, nothing included, means no.
        func isOn(_ variable: String, _ key: String) -> Bool {
            (environment.variables[variable] ?? values?[key])?.lowercased() == "true"
        }
        http.caBundlePath = setting("AWS_CA_BUNDLE", "ca_bundle").map(environment.expanded)
        endpoints.usesFIPS = isOn("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")
        endpoints.usesDualStack = isOn("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")
        guard !isOn("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls") else { return }
        // A variable wins over the profile, even the general one over what the profile says of a single service.
        if let url = environment["AWS_ENDPOINT_URL"] {
            try endpoints.redirect(nil, to: url, from: "AWS_ENDPOINT_URL")
        } else if let values, let files {
            try redirect(as: values, files)
        }
        for service in AWSService.allCases {
            let variable = "AWS_ENDPOINT_URL_\(service.endpointVariableSuffix)"
            guard let url = environment[variable] else { continue }
            try endpoints.redirect(service, to: url, from: variable)
        }
    }

    /// Takes the endpoints of a profile, and of the section of services that it names.
    private mutating func redirect(
        as values: SharedConfiguration.Profile,
        _ files: SharedConfiguration
    ) throws(EndpointError) {
        let profile = "the profile \(values.name)"
        if let url = values["endpoint_url"], !url.isEmpty {
            try endpoints.redirect(nil, to: url, from: "endpoint_url in \(profile)")
        }
        guard let name = values["services"] else { return }
        guard let services = files.services(name) else {
            throw EndpointError("\(profile) names [services \(name)], which is not in \(files.configPath)")
        }
        for service in AWSService.allCases {
            guard case .nested(let settings) = services[service.servicesKey],
                let url = settings["endpoint_url"], !url.isEmpty
            else { continue }
            let origin = "endpoint_url of \(service.servicesKey) in [services \(name)], which \(profile) names"
            try endpoints.redirect(service, to: url, from: origin)
        }
    }

    /// The profile in use.
    package var nameOfProfile: String { profile ?? environment.profile ?? "default" }

    /// The region that the profile in use names. Files that are malformed give none; the search for credentials reports
    /// of them.
    package var regionOfProfile: String? {
        guard let files = try? SharedConfiguration(environment), let region = files.profile(nameOfProfile)?["region"]
        else { return nil }
        return region.isEmpty ? nil : region
    }
}

/// AWS as one run uses it: base credentials, sessions in the owner accounts, clients. Open it with
/// ``withAWS(_:isolation:_:)``.
package struct AWS: Sendable {
    package let caller: AWSCaller
    /// The credentials that everything starts from.
    package let baseCredentials: CredentialCache
    private let sessions: SessionProvider
    private let endpoints: EndpointResolver
    /// Where STS is asked: what was configured, or else what the profile names.
    package let region: String?
    private let requestTimeout: Duration

    fileprivate init(_ configuration: AWSConfiguration, _ http: HTTPClient) {
        let region = configuration.region ?? configuration.regionOfProfile
        let caller = AWSCaller(http, policy: configuration.retries, clock: configuration.clock)
        let base = CredentialCache(clock: configuration.clock) { () async throws(CredentialFailure) in
            do throws(CredentialsError) {
                let context = CredentialContext(
                    environment: configuration.environment,
                    files: try SharedConfiguration(configuration.environment),
                    caller: caller,
                    http: http,
                    endpoints: configuration.endpoints,
                    region: region,
                    profile: configuration.nameOfProfile
                )
                let chain = CredentialChain(configuration.environment, profile: configuration.profile)
                return try await chain.credentials(context)
            } catch {
                throw error == .cancelled ? .cancelled : .credentials(error)
            }
        }
        self.caller = caller
        baseCredentials = base
        endpoints = configuration.endpoints
        self.region = region
        requestTimeout = configuration.http.totalTimeout
        sessions = SessionProvider(
            caller,
            base: base,
            rules: configuration.signIn,
            endpoints: configuration.endpoints,
            region: region
        )
    }

    /// Who the base credentials belong to. Without a configured region, `aws` is assumed to be their partition.
    package func baseIdentity() async throws(AWSError) -> CallerIdentity {
        let partition = region.map { Partition(ofRegionNamed: $0) } ?? .aws
        return try await identity(behind: baseCredentials, partition)
    }

    /// The session in an owner account, no stronger than `policy`, an inline session policy; see
    /// ``SessionProvider/session(account:partition:policy:)``.
    package func session(account: AccountID, partition: Partition, policy: String?) -> CredentialCache {
        sessions.session(account: account, partition: partition, policy: policy)
    }

    /// ECR in one registry, with a session of its account. Nothing is sent yet.
    package func ecr(_ registry: Registry, policy: String?) throws(AWSError) -> ECRClient {
        let account = registry.account
        let region = registry.region.name
        let endpoint = try endpoints.endpoint(for: .ecr, account: account, region: region, configured: region)
        let session = session(account: account, partition: registry.region.partition, policy: policy)
        return ECRClient(caller: caller, registry: registry, endpoint: endpoint, credentials: session)
    }
}

extension AWS {
    /// AWS Organizations, asked with the hub role, or without one with the base credentials. The session of a hub role
    /// may do nothing but read the organization.
    package func organizations(partition: Partition) throws(AWSError) -> OrganizationsClient {
        let policy =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["organizations:Describe*","#
            + #""organizations:List*"],"Resource":"*"}]}"#
        let endpoint = try globalEndpoint(.organizations, partition: partition)
        return OrganizationsClient(caller: caller, endpoint: endpoint, credentials: sessions.hubSession(policy: policy))
    }

    /// IAM in one owner account, asked with the session that ``session(account:partition:policy:)`` gives.
    package func iam(account: AccountID, partition: Partition, policy: String?) throws(AWSError) -> IAMClient {
        let endpoint = try globalEndpoint(.iam, partition: partition)
        let session = session(account: account, partition: partition, policy: policy)
        return IAMClient(caller: caller, account: account, endpoint: endpoint, credentials: session)
    }

    /// One bucket of S3, asked with the session of a role that is assumed with the base credentials, no stronger than
    /// `policy`; without a role with the base credentials, which no policy narrows. Nothing is sent yet.
    package func s3(_ bucket: S3Bucket, role: String?, policy: String?) throws(AWSError) -> S3Client {
        let endpoint: Endpoint
        do throws(EndpointError) {
            endpoint = try endpoints.endpoint(for: .s3, region: bucket.region)
        } catch {
            throw AWSError(service: .s3, operation: "", region: bucket.region, cause: .endpoint(error))
        }
        let credentials = role.map { sessions.session(ofRole: $0, policy: policy) } ?? baseCredentials
        return S3Client(
            caller, bucket: bucket, endpoint: endpoint, credentials: credentials, requestTimeout: requestTimeout)
    }

    /// The role that is assumed in an owner account; nil when the base credentials are used as they are.
    package func roleARN(account: AccountID, partition: Partition) -> String? {
        sessions.opener.roleARN(account: account, partition: partition)
    }

    /// Who assumes the roles of the owner accounts, when that is a hub role; nil without one.
    package func hubIdentity(partition: Partition) async throws(AWSError) -> CallerIdentity? {
        guard let hub = sessions.opener.hub else { return nil }
        return try await identity(behind: hub, partition)
    }

    /// Who acts in an owner account: the identity behind ``session(account:partition:policy:)``.
    package func identity(account: AccountID, partition: Partition, policy: String?) async throws(AWSError)
        -> CallerIdentity
    {
        try await identity(behind: session(account: account, partition: partition, policy: policy), partition)
    }

    private func identity(
        behind credentials: CredentialCache, _ partition: Partition
    ) async throws(AWSError) -> CallerIdentity {
        let endpoint = try endpoints.stsEndpoint(partition: partition, region: region, isSigned: true)
        return try await STSClient(caller: caller, endpoint: endpoint, credentials: credentials).callerIdentity()
    }

    /// The endpoint of a service that has one for all regions of a partition.
    private func globalEndpoint(_ service: AWSService, partition: Partition) throws(AWSError) -> Endpoint {
        try endpoints.endpoint(for: service, region: partition.implicitGlobalRegion, configured: nil)
    }
}

/// Opens AWS for the time of `body`. Nothing is sent before the first call.
package func withAWS<Value, Failure>(
    _ configuration: AWSConfiguration,
    isolation: isolated (any Actor)? = #isolation,
    _ body: (AWS) async throws(Failure) -> Value
) async throws(Failure) -> Value {
    var http = configuration.http
    http.now = configuration.clock.wall
    return try await withHTTPClient(http) { (http) async throws(Failure) -> Value in
        try await body(AWS(configuration, http))
    }
}
