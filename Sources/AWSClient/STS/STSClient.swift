/// Calls the Security Token Service in one region.
///
/// Source: https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html
package struct STSClient: Sendable {
    let caller: AWSCaller
    let endpoint: Endpoint
    /// Without any, only the operations that are not signed can be called.
    let credentials: CredentialCache?

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
        var call = AWSCall(
            query: parameters, to: .sts, version: "2011-06-15", operation, endpoint, isSigned ? credentials : nil)
        call.secrets = secrets
        return try QueryAnswer(try await caller.answer(to: call), to: call)
    }
}
