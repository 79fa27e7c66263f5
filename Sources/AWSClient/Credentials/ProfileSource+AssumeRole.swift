extension ProfileSource {
    /// A session of the role that the profile names, opened with the credentials of its source.
    ///
    /// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
    func assumedRole(
        _ values: SharedConfiguration.Profile,
        _ context: CredentialContext
    ) async throws(CredentialsError) -> SessionCredentials {
        let source = try await roleSource(values, context)
        var request = AssumeRoleRequest(
            roleARN: values["role_arn"] ?? "",
            sessionName: values["role_session_name"] ?? context.generatedSessionName,
            externalID: values["external_id"]
        )
        if let text = values["duration_seconds"] {
            guard let seconds = Int(text) else { throw broken("duration_seconds must be a number of seconds") }
            request.duration = .seconds(seconds)
        }
        if let serialNumber = values["mfa_serial"] {
            guard let code = await context.environment.askForMFACode?(serialNumber) else {
                throw broken(
                    "its role needs a code of the MFA device \(serialNumber), and nobody can be asked for it; run "
                        + "in a terminal, or sign in first and export the session's keys"
                )
            }
            request.mfa = AssumeRoleRequest.MFA(serialNumber: serialNumber, tokenCode: code)
        }
        let cache = CredentialCache(clock: context.clock) { () async throws(CredentialFailure) in source }
        do throws(AWSError) {
            let sts = try context.sts(for: request.roleARN, region: values["region"], credentials: cache)
            let session = try await sts.assumeRole(request)
            return SessionCredentials(session.credentials, expiration: session.expiration, account: session.account)
        } catch {
            throw broken(error)
        }
    }

    private func roleSource(
        _ values: SharedConfiguration.Profile,
        _ context: CredentialContext
    ) async throws(CredentialsError) -> SessionCredentials {
        let source: any CredentialSource
        switch (values["source_profile"], values["credential_source"]) {
        case (nil, nil): throw broken("role_arn needs source_profile or credential_source beside it")
        case (_?, _?): throw broken("source_profile and credential_source exclude each other")
        case (let next?, nil):
            source = try profileSource(next, context)
        case (nil, "Environment"?): source = EnvironmentSource()
        case (nil, "EcsContainer"?): source = ContainerSource()
        case (nil, "Ec2InstanceMetadata"?): source = InstanceSource()
        case (nil, let other?):
            throw broken(
                "credential_source is \(String(reflecting: other)); it must be Environment, EcsContainer or "
                    + "Ec2InstanceMetadata"
            )
        }
        switch try await source.look(context) {
        case .found(let credentials): return credentials
        case .notConfigured(let reason): throw broken("its source, \(source.name), gives nothing: \(reason)")
        }
    }

    private func profileSource(
        _ next: String,
        _ context: CredentialContext
    ) throws(CredentialsError) -> ProfileSource {
        let chain = dependents + [profile]
        // A profile may name itself when it holds the keys that its role is assumed with.
        let holdsKeys = context.files.profile(next)?["aws_access_key_id"] != nil
        guard !chain.contains(next) || holdsKeys else {
            throw broken("source_profile goes round in a circle: \((chain + [next]).joined(separator: " → "))")
        }
        return ProfileSource(profile: next, namedBy: "source_profile of \(profile)", dependents: chain)
    }
}

extension CredentialContext {
    /// A session name for roles of profiles that give none.
    var generatedSessionName: String { "ecr-share-\(Int(clock.wall().secondsSinceEpoch))" }

    /// STS as it is asked for a role: in the role's partition, and in the region of the profile or the run as far as
    /// that lies in it.
    func sts(for roleARN: String, region: String?, credentials: CredentialCache?) throws(AWSError) -> STSClient {
        let partition = ARNFields(roleARN)?.partition ?? "aws"
        let endpoint = try endpoints.stsEndpoint(
            partition: partition, region: region ?? self.region, isSigned: credentials != nil)
        return STSClient(caller, endpoint: endpoint, credentials: credentials)
    }
}
