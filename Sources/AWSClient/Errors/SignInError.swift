/// Why no session in an owner account could be opened.
package struct SignInError: Error, Sendable, CustomStringConvertible {
    package enum Reason: Sendable {
        /// STS refused, or could not be asked.
        case refused(AWSError)
        /// The session, or with role `none` the base credentials, belong to another account.
        case wrongAccount(actual: String)
        /// The role belongs to another account than it is wanted for.
        case roleOfAnotherAccount
    }

    /// The account that the session was to be in.
    package let account: String
    /// Nil when the base credentials were to be used as they are.
    package let roleARN: String?
    /// Who asked, where that could be found out.
    package let callerARN: String?
    package let externalID: String?
    package let reason: Reason

    package init(account: String, roleARN: String?, callerARN: String?, externalID: String?, reason: Reason) {
        self.account = account
        self.roleARN = roleARN
        self.callerARN = callerARN
        self.externalID = externalID
        self.reason = reason
    }

    package var code: String {
        switch reason {
        case .refused(let error): error.code
        case .wrongAccount, .roleOfAnotherAccount: "wrong-account"
        }
    }

    package var underlying: AWSError? {
        guard case .refused(let error) = reason else { return nil }
        return error
    }

    package var description: String {
        let role = roleARN ?? "the base credentials"
        let caller = callerARN ?? "the base credentials (their identity could not be read)"
        switch reason {
        case .wrongAccount(let actual):
            return
                "the session of \(role) is in account \(actual), not in \(account); nothing was read or written with "
                + "it. Check --role and the matrix's owner_account"
        case .roleOfAnotherAccount:
            return "the role \(role) is not in account \(account); use {account} in --role, for example "
                + "arn:{partition}:iam::{account}:role/EcrShareOperator"
        case .refused(let error) where error.isAccessDenied:
            return "\(caller) may not assume \(role) in account \(account): \(error). The role must exist, the caller "
                + "must be allowed sts:AssumeRole on it, and its trust policy needs this statement: \(trustStatement)"
                + (caller.contains(":assumed-role/") ? " (with the path of the caller's role, if it has one)" : "")
        case .refused(let error):
            return "\(caller) could not assume \(role) in account \(account): \(error)"
        }
    }

    /// The statement that lets the caller assume the role.
    package var trustStatement: String {
        let principal = callerARN.map(SignInError.trustPrincipal) ?? "ARN-OF-THE-CALLER"
        var members: [(name: String, value: JSONNode)] = [
            ("Effect", .string("Allow")),
            ("Principal", .object([JSONNode.Member(name: "AWS", value: .string(principal))])),
            ("Action", .string("sts:AssumeRole")),
        ]
        if let externalID {
            let equals = JSONNode.object([JSONNode.Member(name: "sts:ExternalId", value: .string(externalID))])
            members.append(("Condition", .object([JSONNode.Member(name: "StringEquals", value: equals)])))
        }
        return String(decoding: JSONNode.compactObject(members), as: UTF8.self)
    }

    /// What a trust policy names for a caller: for a role session the role, whose ARN is in IAM. (A path of the role is
    /// not in the session's ARN and must be added by hand.)
    static func trustPrincipal(_ callerARN: String) -> String {
        let fields = callerARN.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard fields.count == 6, fields[2] == "sts" else { return callerARN }
        let resource = fields[5].split(separator: "/")
        guard resource.count == 3, resource[0] == "assumed-role" else { return callerARN }
        return "arn:\(fields[1]):iam::\(fields[4]):role/\(resource[1])"
    }
}
