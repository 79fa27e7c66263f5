package import AWSValues

/// A question to a policy: may this requester do this with the repository?
///
/// A requester that is wider than one identity (an account, an organization) represents all who fit it: the answer is
/// certain only if it is the same for all of them. An Allow of some whom the policy names one by one (a role of an
/// account, a unit of an organization) does not answer for the others and is left out; they can be asked about
/// themselves. Any other Allow of some, and a Deny that hits some, makes the answer ``Decision/depends(on:by:)``.
package struct AccessRequest: Hashable, Sendable {
    /// Who asks.
    package enum Requester: Hashable, Sendable {
        /// The identities of an account, as far as the account's own policies allow them everything.
        case account(AccountID)
        /// One IAM role or user whose own policies allow everything.
        case principal(PrincipalARN)
        /// One session of a role, or a federated user.
        case session(SessionARN)
        /// The Lambda service on behalf of functions.
        case lambda(LambdaCaller)
        /// Another AWS service, by its principal name such as `ec2.amazonaws.com`.
        case service(String)
        /// Any AWS service that the policy does not name, Lambda aside.
        case anyService
        /// The accounts of an organization that the policy does not name one by one.
        ///
        /// `path` is a path as `aws:PrincipalOrgPaths` has it; with `*` at the end all nested units are meant, and nil
        /// represents the whole organization.
        case member(of: OrganizationID, path: String?)
        /// Any signed-in AWS identity whose account the policy does not name.
        case stranger
        /// Whoever a principal is that the program cannot identify, as the policy spells it.
        case unclear(String)

        /// The account of somebody who belongs to one that is known.
        var account: AccountID? {
            switch self {
            case .account(let id): id
            case .principal(let arn): arn.account
            case .session(let arn): arn.account
            case .lambda, .service, .anyService, .member, .stranger, .unclear: nil
            }
        }
    }

    package let requester: Requester
    /// The action, such as `ecr:BatchGetImage`; letter case does not matter.
    package let action: String
    /// The organization that the requester's account belongs to. Ignored for `member`, which says it itself.
    package let organization: OrganizationMembership
    /// Values of condition keys that the caller knows beyond those that follow from the requester; an empty list says
    /// that the key is absent. Names are lower-cased.
    package let context: [String: [String]]

    package init(
        _ requester: Requester, action: String, organization: OrganizationMembership = .unknown,
        context: [String: [String]] = [:]
    ) {
        self.requester = requester
        self.action = action
        self.organization = organization
        self.context = Dictionary(context.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
    }
}

/// The functions on whose behalf the Lambda service asks. What is nil means all: every function, region or account.
package struct LambdaCaller: Hashable, Sendable {
    package let account: AccountID?
    /// The region's name.
    package let region: String?
    /// The function's name, without a qualifier.
    package let function: String?

    package init(account: AccountID?, region: Region?, function: String? = nil) {
        self.init(account: account, regionName: region?.name, function: function)
    }

    /// A policy may name regions that this program does not know.
    init(account: AccountID?, regionName: String?, function: String? = nil) {
        self.account = account
        self.region = regionName
        self.function = function
    }

    /// The functions that `arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME` names, with wildcards but in the account.
    init?(pattern arn: String) {
        let fields = arn.split(separator: ":", maxSplits: 6, omittingEmptySubsequences: false)
        guard fields.count == 7, fields[0] == "arn", fields[2] == "lambda", fields[5] == "function" else { return nil }
        let account = AccountID(fields[4])
        guard account != nil || fields[4] == "*" else { return nil }
        self.init(
            account: account, regionName: fields[3] == "*" ? nil : String(fields[3]),
            function: fields[6] == "*" ? nil : String(fields[6]))
    }

    /// The functions' ARN, with `*` for what is nil.
    func arn(in partition: Partition) -> String {
        let owner = account.map(\.description) ?? "*"
        return "arn:\(partition.id):lambda:\(region ?? "*"):\(owner):function:\(function ?? "*")"
    }
}

/// What is known of the organization of an account.
package enum OrganizationMembership: Hashable, Sendable {
    case unknown
    /// The account belongs to no organization.
    case none
    /// The account belongs to an organization that the policy does not name.
    case unnamed
    /// The account belongs to this organization, at this path as `aws:PrincipalOrgPaths` has it; nil if not known.
    case member(OrganizationID, path: String?)
}
