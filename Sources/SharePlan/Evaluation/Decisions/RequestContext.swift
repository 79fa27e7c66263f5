import AWSValues

/// The condition keys of one request, worked out when a condition asks for them.
struct RequestContext {
    /// The service principal that Lambda uses in every partition.
    static let lambdaService = "lambda.amazonaws.com"

    let requester: AccessRequest.Requester
    var organization: OrganizationMembership
    let partition: Partition
    /// Known values of further keys, by lower-cased name.
    var extra: [String: [String]] = [:]

    func value(of key: ConditionKey) -> ContextValue {
        if !extra.isEmpty, let known = extra[key.name] {
            return known.isEmpty ? .absent : .texts(known)
        }
        if case .unclear = requester, key != .secureTransport { return .unknown }
        switch key {
        // ECR's endpoints take HTTPS only: https://docs.aws.amazon.com/general/latest/gr/ecr.html
        case .secureTransport: return .texts(["true"])
        // What is known of the repository has been decided where the policy was read.
        case .resourceAccount, .requestedRegion, .other: return .unknown
        default: break
        }
        return isService ? serviceValue(of: key) : principalValue(of: key)
    }

    private var isService: Bool {
        switch requester {
        case .lambda, .service, .anyService: true
        case .account, .principal, .session, .member, .stranger, .unclear: false
        }
    }

    /// The keys of a call by an IAM identity. The `aws:Source…` keys exist only on direct calls by a service principal.
    private func principalValue(of key: ConditionKey) -> ContextValue {
        switch key {
        case .principalAccount:
            requester.account.map { .texts([$0.description]) }
                ?? .open(OpenText(forms: [RequestContext.anyAccount], isUnnamed: true))
        case .principalARN: identity
        case .principalOrgID: organizationID
        case .principalOrgPaths: organizationPaths
        case .principalIsAWSService: .texts(["false"])
        default: .absent
        }
    }

    private static let anyAccount = String(repeating: "?", count: 12)
    private static let anyOrganization = "o-??????????*"

    /// The ARN of who asks. A session of a role carries the role's ARN, whose path the session does not have.
    private var identity: ContextValue {
        func all(of account: String) -> [String] {
            let start = "arn:\(partition.id):"
            return [
                start + "iam::\(account):role/*", start + "iam::\(account):user/*", start + "iam::\(account):root",
                start + "sts::\(account):federated-user/*",
            ]
        }
        switch requester {
        case .account(let id): return .open(OpenText(forms: all(of: id.description)))
        case .principal(let arn): return .texts([arn.text])
        case .session(let arn):
            guard let role = arn.role else { return .texts([arn.text]) }
            let start = "arn:\(partition.id):iam::\(arn.account):role/"
            return .open(OpenText(forms: [start + role, start + "*/" + role], isOne: true))
        default: return .open(OpenText(forms: all(of: RequestContext.anyAccount), isUnnamed: true))
        }
    }

    /// The keys of a call by a service principal, which belongs to no organization.
    private func serviceValue(of key: ConditionKey) -> ContextValue {
        switch key {
        case .principalIsAWSService: return .texts(["true"])
        case .principalOrgID, .principalOrgPaths: return .absent
        // The page of condition keys says nothing about services here: if they have an account, it is nobody else's,
        // and an ARN would be none of a role or user.
        case .principalAccount:
            return .open(OpenText(forms: [RequestContext.anyAccount], isUnnamed: true, mayBeAbsent: true))
        case .principalARN: return .open(OpenText(forms: ["\u{1}"], isUnnamed: true, mayBeAbsent: true))
        case .principalServiceName:
            switch requester {
            case .service(let name): return .texts([name])
            case .anyService: return .open(OpenText(forms: ["*.amazonaws.com"], isUnnamed: true))
            default: return .texts([RequestContext.lambdaService])
            }
        case .sourceARN:
            guard case .lambda(let caller) = requester else {
                return .open(OpenText(forms: ["arn:\(partition.id):*:*:*:*"], mayBeAbsent: true))
            }
            if let account = caller.account, let region = caller.region, caller.function == nil,
                !Glob.hasWildcard(region)
            {
                return .functions(FunctionScope(partition: partition.id, region: region, account: account))
            }
            let arn = caller.arn(in: partition)
            guard Glob.hasWildcard(arn) else { return .texts([arn]) }
            return .open(OpenText(forms: [arn], isUnnamed: caller.account == nil))
        case .sourceAccount:
            guard case .lambda(let caller) = requester else {
                return .open(OpenText(forms: [RequestContext.anyAccount], mayBeAbsent: true))
            }
            return caller.account.map { .texts([$0.description]) }
                ?? .open(OpenText(forms: [RequestContext.anyAccount], isUnnamed: true))
        case .sourceOrgID: return organizationID
        case .sourceOrgPaths: return organizationPaths
        default: return .unknown
        }
    }

    private var membership: OrganizationMembership {
        if case .member(let id, let path) = requester { return .member(id, path: path) }
        return organization
    }

    private var organizationID: ContextValue {
        switch membership {
        case .unknown: .open(OpenText(forms: [RequestContext.anyOrganization], mayBeAbsent: true))
        case .none: .absent
        case .unnamed: .open(OpenText(forms: [RequestContext.anyOrganization], isUnnamed: true))
        case .member(let id, _): .texts([id.text])
        }
    }

    private var organizationPaths: ContextValue {
        let root = "/r-????*/*"
        return switch membership {
        case .unknown: .open(OpenText(forms: [RequestContext.anyOrganization + root], mayBeAbsent: true))
        case .none: .absent
        case .unnamed: .open(OpenText(forms: [RequestContext.anyOrganization + root], isUnnamed: true))
        case .member(let id, nil): .open(OpenText(forms: [id.text + root]))
        case .member(_, let path?): path.hasSuffix("*") ? .open(OpenText(forms: [path])) : .texts([path])
        }
    }
}
