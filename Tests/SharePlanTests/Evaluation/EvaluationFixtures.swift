import AWSValues
import SharePlan
import TestSupport

let owner = account("111122223333")
let consumer = account("444455556666")
let allowAll = #"{"Effect":"Allow","Principal":"*","Action":"*"}"#

/// A decision without its statements.
enum Answer {
    case yes, no, maybe, denied

    init(_ decision: Decision) {
        switch decision {
        case .allowed: self = .yes
        case .denied: self = .denied
        case .depends: self = .maybe
        case .notAllowed: self = .no
        }
    }

    /// What a condition says when it is turned around.
    var opposite: Answer {
        switch self {
        case .yes: .no
        case .no: .yes
        case .maybe, .denied: self
        }
    }
}

/// A test's own account ids are well-formed.
func account(_ text: String) -> AccountID {
    guard let id = AccountID(text) else { preconditionFailure("\(text) is no account id") }
    return id
}

func organization(_ text: String) -> OrganizationID {
    guard let id = OrganizationID(text) else { preconditionFailure("\(text) is no organization id") }
    return id
}

/// The role `build` of an account.
func role(in account: AccountID) -> PrincipalARN {
    guard let arn = PrincipalARN("arn:aws:iam::\(account):role/build") else { preconditionFailure("no role") }
    return arn
}

func functions(of account: AccountID, _ region: String = "us-east-1") -> LambdaCaller {
    LambdaCaller(account: account, region: Region(region))
}

func policy(version: String = "2008-10-17", _ statements: String...) -> Policy {
    #"{"Version":"\#(version)","Statement":[\#(statements.joined(separator: ","))]}"#
}

func evaluator(_ policy: Policy?) throws -> PolicyEvaluator {
    try PolicyEvaluator(of: policy, partition: .aws, owner: owner)
}

func decide(
    _ policy: Policy?, _ requester: AccessRequest.Requester, _ action: String = "ecr:BatchGetImage",
    in membership: OrganizationMembership = .unknown, context: [String: [String]] = [:]
) throws -> Decision {
    try evaluator(policy).decision(
        for: AccessRequest(requester, action: action, organization: membership, context: context))
}
