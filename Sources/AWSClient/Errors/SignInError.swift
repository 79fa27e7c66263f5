package import AWSValues
import OrderedCollections
import OrderedJSON

/// Why no session in an owner account could be opened.
package struct SignInError: Error, Sendable, CustomStringConvertible {
    /// Why there is no session.
    package enum Reason: Sendable {
        /// STS refused, or could not be asked.
        case refused(AWSError)
        /// The session, or with role `none` the base credentials, belong to another account.
        case wrongAccount(actual: String)
        /// The role belongs to another account than it is wanted for.
        case roleOfAnotherAccount
    }

    /// The account that the session was to be in; nil where a hub role's ARN names none.
    package let account: AccountID?
    /// Nil when the base credentials were to be used as they are.
    package let roleARN: String?
    /// Who asked, where that could be found out.
    package let callerARN: String?
    package let externalID: String?
    /// The hub role with whose session the role was to be assumed; nil for the base credentials.
    package var hubARN: String?
    package internal(set) var reason: Reason

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
        let account = account?.description ?? ""
        switch reason {
        case .wrongAccount(let actual):
            return
                "the session of \(role) is in account \(actual), not in \(account); nothing was read or written with "
                + "it. Check --role and the matrix's owner_account"
        case .roleOfAnotherAccount:
            return "the role \(role) is not in account \(account); use {account} in --role, for example "
                + RoleTemplate.standardText
        case .refused(let error) where roleARN == nil:
            return "the base credentials cannot be used in account \(account): \(error)"
        case .refused(let error) where error.isAccessDenied:
            return refusal + need(AccessDenial(error.message))
        case .refused: return refusal
        }
    }

    /// What STS refused to whom, without what is missing.
    package var refusal: String {
        guard case .refused(let error) = reason, let roleARN else { return description }
        let verb = error.isAccessDenied ? "may not" : "could not"
        return "\(caller) \(verb) assume \(roleARN) in account \(account?.description ?? ""): \(error)"
    }

    /// Who asked, or as much as is known of it.
    private var caller: String {
        callerARN ?? hubARN.map { "the session of the hub role \($0)" } ?? "the base credentials"
    }

    /// What is missing, as sentences; nothing where something else than a missing permission is in the way, which the
    /// error itself says.
    private func need(_ denial: AccessDenial) -> String {
        guard denial.obstacle == nil else { return "" }
        let action = denial.action ?? "sts:AssumeRole"
        let path =
            callerARN?.contains(":assumed-role/") == true ? " (with the path of the caller's role, if it has one)" : ""
        let trust = "this statement: \(trustStatement(allowing: action))\(path)"
        switch denial.layer {
        case .identityPolicy:
            return ". The caller's own policy needs this statement: "
                + #"{"Effect":"Allow","Action":"\#(action)","Resource":"\#(roleARN ?? "*")"}"#
        case .resourcePolicy: return ". The role's trust policy needs \(trust)"
        default:
            return
                ". The role must exist, the caller must be allowed \(action) on it, and its trust policy needs \(trust)"
                + (action == "sts:TagSession" ? ". The caller's session passes its session tags on" : "")
        }
    }

    /// Whether the role's trust policy may be what is missing: not where AWS names something else.
    package var concernsTrust: Bool {
        guard case .refused(let error) = reason else { return true }
        let denial = AccessDenial(error.message)
        return denial.obstacle == nil && denial.layer != .identityPolicy
    }

    /// The statement that lets the caller assume the role.
    package var trustStatement: String {
        guard case .refused(let error) = reason else { return trustStatement(allowing: "sts:AssumeRole") }
        return trustStatement(allowing: AccessDenial(error.message).action ?? "sts:AssumeRole")
    }

    /// A trust policy must allow what else a call does, such as `sts:TagSession`, beside the assumption itself.
    private func trustStatement(allowing action: String) -> String {
        let principal = callerARN.map(SignInError.trustPrincipal) ?? hubARN ?? "ARN-OF-THE-CALLER"
        let isMore = action.hasPrefix("sts:") && action != "sts:AssumeRole"
        var statement: JSONObject = [
            "Effect": "Allow", "Principal": ["AWS": .string(principal)],
            "Action": isMore ? ["sts:AssumeRole", .string(action)] : "sts:AssumeRole",
        ]
        if let externalID { statement["Condition"] = ["StringEquals": ["sts:ExternalId": .string(externalID)]] }
        return JSONValue.object(statement).minified
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
