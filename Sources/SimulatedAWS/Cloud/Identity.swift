/// Whoever holds a key: a user, or a session of a role.
struct Identity: Hashable, Sendable {
    /// What a session has beyond a key.
    struct Session: Hashable, Sendable {
        var token: String
        var roleARN: String
        /// Announced to the client.
        var expiration: Timestamp
        /// When it is really over; before ``expiration`` only through a fault.
        var end: Timestamp
        /// The role's own permissions; nil allows everything.
        var permissions: PermissionPolicy?
        /// The session policy. A call must pass both.
        var sessionPolicy: PermissionPolicy?
        var calls = 0
    }

    var keyID: String
    var secret: String
    var account: String
    var arn: String
    var userID: String
    /// Nil for a long-lived key.
    var session: Session?
}

extension Identity {
    init(_ key: AccessKey) {
        self.init(
            keyID: key.id,
            secret: key.secret,
            account: key.account,
            arn: key.arn,
            userID: "AIDA" + String(key.id.dropFirst(4)),
            session: nil
        )
    }

    /// The partition in the ARN.
    var partition: String {
        String(arn.split(separator: ":", maxSplits: 2)[1])
    }

    /// Refuses what a session's policies do not allow.
    /// Source of the wording: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    func authorize(_ action: String, on resource: String) throws(ServiceError) {
        for (kind, policy) in [("identity-based", session?.permissions), ("session", session?.sessionPolicy)] {
            guard let policy else { continue }
            let reason: String
            switch policy.verdict(action: action, resource: resource) {
            case .allowed: continue
            case .explicitlyDenied:
                reason = "with an explicit deny in \(kind == "session" ? "a" : "an") \(kind) policy"
            case .notAllowed: reason = "because no \(kind) policy allows the \(action) action"
            }
            throw .accessDenied(
                "User: \(arn) is not authorized to perform: \(action) on resource: \(resource) \(reason)"
            )
        }
    }
}
