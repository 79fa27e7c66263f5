/// Calls the Security Token Service in one region.
///
/// Source: https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html
package struct STSClient: Sendable {
    private let caller: AWSCaller
    private let endpoint: Endpoint
    private let credentials: CredentialCache?

    /// Without credentials only the operations that are not signed can be called.
    package init(_ caller: AWSCaller, endpoint: Endpoint, credentials: CredentialCache?) {
        self.caller = caller
        self.endpoint = endpoint
        self.credentials = credentials
    }

    /// Opens a session of a role.
    package func assumeRole(_ request: AssumeRoleRequest) async throws(AWSError) -> AssumedRole {
        try AssumedRole(try await call("AssumeRole", request.parameters, hiding: request.secrets))
    }

    /// Opens a session of a role with a token from an identity provider. The call is not signed.
    package func assumeRoleWithWebIdentity(
        _ request: AssumeRoleRequest,
        token: String
    ) async throws(AWSError) -> AssumedRole {
        let parameters = request.parameters + [("WebIdentityToken", token)]
        return try AssumedRole(
            try await call("AssumeRoleWithWebIdentity", parameters, hiding: [token], isSigned: false)
        )
    }

    /// Who the credentials belong to. Needs no permission.
    package func callerIdentity() async throws(AWSError) -> CallerIdentity {
        try CallerIdentity(try await call("GetCallerIdentity", []))
    }

    private func call(
        _ operation: String,
        _ parameters: [(name: String, value: String)],
        hiding secrets: [String] = [],
        isSigned: Bool = true
    ) async throws(AWSError) -> QueryAnswer {
        let all = [("Action", operation), ("Version", "2011-06-15")] + parameters.map { ($0.name, $0.value) }
        let body = all.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
        var call = AWSCall(
            service: .sts,
            operation: operation,
            endpoint: endpoint,
            headers: ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"],
            body: Array(body.utf8),
            credentials: isSigned ? credentials : nil
        )
        call.secrets = secrets
        let response = try await caller.answer(to: call)
        return try QueryAnswer(response, to: call)
    }
}
