import AWSValues

/// The role of a profile, assumed with the credentials of its source.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
struct RoleSource: CredentialSource {
    let profile: String
    /// How the user named it, `--profile` or `AWS_PROFILE`; nil for the default profile, which nobody named.
    var namedBy: String?
    /// The profiles whose roles wait for this one's credentials, and this one.
    private var chain: [String]

    var name: String { "profile \(profile)" }

    init(profile: String, namedBy: String?) {
        self.profile = profile
        self.namedBy = namedBy
        chain = [profile]
    }

    func look(_ context: CredentialContext) async throws(CredentialsError) -> CredentialLookup {
        let files = context.files
        guard let values = files.profile(profile) else {
            guard let namedBy else { return .notConfigured(reason: nil) }
            let others = files.profileNames.joined(separator: ", ")
            let hint = others.isEmpty ? "there are no profiles there" : "profiles there: \(others)"
            throw broken("\(namedBy) names it, but it is not in \(files.place); \(hint)")
        }
        guard values.hasRole else { return .notConfigured(reason: nil) }
        return .found(try await assumedRole(values, context))
    }

    private func assumedRole(
        _ values: SharedConfiguration.Profile,
        _ context: CredentialContext
    ) async throws(CredentialsError) -> SessionCredentials {
        func given(_ key: String) throws(CredentialsError) -> String? {
            let text = try text(key, of: values.values)
            return text?.isEmpty == true ? nil : text
        }
        guard let roleARN = try given("role_arn") else { throw broken("role_arn is empty") }
        let source = try await sourceCredentials(values, context)
        var request = AssumeRoleRequest(
            roleARN: roleARN,
            sessionName: try given("role_session_name") ?? context.generatedSessionName,
            externalID: try given("external_id")
        )
        // What is not a number is ignored, as by botocore.
        request.duration = try given("duration_seconds").flatMap(wholeNumber).map { .seconds($0) }
        if let serialNumber = try given("mfa_serial") {
            guard let code = await context.environment.askForMFACode?(serialNumber) else {
                throw broken(
                    "its role needs a code from the MFA device \(serialNumber), and there is no terminal to ask on; run "
                        + "in a terminal, or sign in first and export the session's keys"
                )
            }
            request.mfa = AssumeRoleRequest.MFA(serialNumber: serialNumber, tokenCode: code)
        }
        let cache = CredentialCache(clock: context.clock) { () async throws(CredentialFailure) in source }
        do throws(AWSError) {
            let session = try await context.sts(for: request.roleARN, credentials: cache).assumeRole(request)
            return SessionCredentials(session.credentials, expiration: session.expiration, account: session.account)
        } catch {
            throw broken(error)
        }
    }

    private func sourceCredentials(
        _ values: SharedConfiguration.Profile,
        _ context: CredentialContext
    ) async throws(CredentialsError) -> SessionCredentials {
        let source = try text("source_profile", of: values.values)
        switch (source, try text("credential_source", of: values.values)) {
        case (nil, nil): throw broken("role_arn also needs source_profile or credential_source")
        case (_?, _?): throw broken("source_profile and credential_source cannot be combined")
        case (let next?, nil): return try await credentials(ofProfile: next, context)
        case (nil, "Environment"?): return try await credentials(of: [EnvironmentSource()], context)
        case (nil, "EcsContainer"?): return try await credentials(of: [ContainerSource()], context)
        case (nil, "Ec2InstanceMetadata"?): return try await credentials(of: [InstanceSource()], context)
        case (nil, let other?):
            throw broken(
                "credential_source is \(String(reflecting: other)); it must be Environment, EcsContainer or "
                    + "Ec2InstanceMetadata"
            )
        }
    }

    private func credentials(
        ofProfile next: String,
        _ context: CredentialContext
    ) async throws(CredentialsError) -> SessionCredentials {
        guard let values = context.files.profile(next) else {
            throw broken("source_profile names \(next), which is not in \(context.files.place)")
        }
        // A profile may name itself when it holds the keys that its role is assumed with.
        guard !chain.contains(next) || (next == profile && values.hasKeys) else {
            throw broken("source_profile forms a cycle: \((chain + [next]).joined(separator: " → "))")
        }
        // A profile with keys of its own is where the chain ends, whatever role it names.
        guard values.hasRole, !values.hasKeys else {
            let sources: [any CredentialSource] = [
                WebIdentitySource(profile: next, readsVariables: false), ProfileSource(profile: next),
            ]
            return try await credentials(of: sources, context)
        }
        var source = RoleSource(profile: next, namedBy: nil)
        source.chain = chain + [next]
        return try await source.assumedRole(values, context)
    }

    /// What the first of these sources gives, one of which must.
    private func credentials(
        of sources: [any CredentialSource],
        _ context: CredentialContext
    ) async throws(CredentialsError) -> SessionCredentials {
        var attempts: [String] = []
        for source in sources {
            switch try await source.look(context) {
            case .found(let credentials): return credentials
            case .notConfigured(let reason): attempts += reason.map { ["its source, \(source.name): \($0)"] } ?? []
            }
        }
        throw broken(attempts.joined(separator: "; "))
    }

    /// As Python reads a number: with a sign, and with single underscores between figures.
    private func wholeNumber(_ text: String) -> Int? {
        let groups = text.split(separator: "_", omittingEmptySubsequences: false)
        return groups.contains { $0.isEmpty } ? nil : Int(groups.joined())
    }
}

extension SharedConfiguration.Profile {
    /// Whether its role is to be assumed with the credentials of a source.
    fileprivate var hasRole: Bool { has("role_arn") && !has("web_identity_token_file") }

    fileprivate var hasKeys: Bool { has("aws_access_key_id") || has("aws_secret_access_key") }
}

extension CredentialContext {
    /// A session name for roles of profiles that give none.
    var generatedSessionName: String { "ecr-share-\(Int(clock.wall().secondsSinceEpoch))" }

    /// STS as it is asked for a role: in the role's partition, and in the region of the run as far as that lies in it.
    func sts(for roleARN: String, credentials: CredentialCache?) throws(AWSError) -> STSClient {
        let name = ARNFields(roleARN)?.partition ?? "aws"
        guard let partition = Partition(rawValue: name) else {
            let error = EndpointError("there is no AWS partition named \(String(reflecting: name))")
            throw AWSError(service: .sts, operation: "AssumeRole", region: region, cause: .endpoint(error))
        }
        let endpoint = try endpoints.stsEndpoint(
            partition: partition, region: region, isSigned: credentials != nil)
        return STSClient(caller: caller, endpoint: endpoint, credentials: credentials)
    }
}
