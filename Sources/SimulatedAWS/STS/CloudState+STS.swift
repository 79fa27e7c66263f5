/// The operations of STS.
/// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
extension CloudState {
    /// Runs the operation; what comes back are the elements inside the result element.
    mutating func performSTS(_ call: Call, _ form: [String: String]) throws(ServiceError) -> String {
        guard form["Version"] == "2011-06-15" else {
            throw ServiceError(
                "InvalidAction", "Could not find operation \(call.operation) for version \(form["Version"] ?? "")")
        }
        switch call.operation {
        case "AssumeRole": return try assumeRole(call, form)
        case "GetCallerIdentity":
            return XML.element("Arn", call.caller.arn) + XML.element("UserId", call.caller.userID)
                + XML.element("Account", call.caller.account)
        default:
            throw ServiceError("InvalidAction", "Could not find operation \(call.operation) for version 2011-06-15")
        }
    }

    private mutating func assumeRole(_ call: Call, _ form: [String: String]) throws(ServiceError) -> String {
        let request = try AssumeRoleRequest(form)
        try call.caller.authorize("sts:AssumeRole", on: request.roleARN)
        guard let role = roles[request.roleARN], !role.isDenied, role.isTrusting(call.caller),
            role.externalID == nil || role.externalID == request.externalID
        else {
            // AWS does not distinguish a missing role from a trust policy that refuses.
            throw .accessDenied(
                "User: \(call.caller.arn) is not authorized to perform: sts:AssumeRole on resource: \(request.roleARN)"
            )
        }
        guard request.duration <= role.maximumDuration else {
            throw ServiceError(
                "ValidationError",
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
            )
        }
        // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
        guard call.caller.session == nil || request.duration <= 3600 else {
            throw ServiceError(
                "ValidationError",
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
            )
        }
        let session = begin(request, role: role)
        identities[session.keyID] = session
        return answer(session, request)
    }

    private mutating func begin(_ request: AssumeRoleRequest, role: Role) -> Identity {
        let capitals: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
        let base64: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        let begin = now
        let expiration = Timestamp(seconds: (begin.seconds + Double(request.duration)).rounded(.down))
        let end = faults.sessionSeconds.map { begin + $0 } ?? expiration
        let roleName = role.name.split(separator: "/").last.map(String.init) ?? role.name
        return Identity(
            keyID: "ASIA" + random.text(length: 16, alphabet: capitals),
            secret: random.text(length: 40, alphabet: base64),
            account: role.account,
            arn: "arn:\(role.partition):sts::\(role.account):assumed-role/\(roleName)/\(request.sessionName)",
            userID: "AROA" + random.text(length: 17, alphabet: capitals) + ":" + request.sessionName,
            session: Identity.Session(
                token: "IQoJb3JpZ2luX2Vj" + random.text(length: 260, alphabet: base64) + "==",
                roleARN: role.arn,
                expiration: expiration,
                end: min(end, expiration),
                permissions: role.permissions,
                sessionPolicy: request.sessionPolicy
            )
        )
    }

    private func answer(_ identity: Identity, _ request: AssumeRoleRequest) -> String {
        let credentials =
            XML.element("AccessKeyId", identity.keyID) + XML.element("SecretAccessKey", identity.secret)
            + XML.element("SessionToken", identity.session?.token ?? "")
            + XML.element("Expiration", identity.session?.expiration.extended ?? "")
        let user = XML.element("AssumedRoleId", identity.userID) + XML.element("Arn", identity.arn)
        let size = request.policyLength.map { XML.element("PackedPolicySize", String($0 * 100 / 2048)) } ?? ""
        return XML.wrap("AssumedRoleUser", user) + XML.wrap("Credentials", credentials) + size
    }
}

extension Role {
    /// Whether the trust policy names the caller.
    fileprivate func isTrusting(_ caller: Identity) -> Bool {
        guard caller.partition == partition else { return false }
        return trusts.contains { trusted in
            trusted == "*" || trusted == caller.account || trusted == "arn:\(partition):iam::\(caller.account):root"
                || trusted == caller.arn || trusted == caller.session?.roleARN
        }
    }
}
