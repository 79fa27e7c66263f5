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
        switch key {
        // ECR's endpoints take HTTPS only: https://docs.aws.amazon.com/general/latest/gr/ecr.html
        case .secureTransport: return .texts(["true"])
        case .other: return .unknown
        default: break
        }
        return isService ? serviceValue(of: key) : principalValue(of: key)
    }

    private var isService: Bool {
        switch requester {
        case .lambda, .service: true
        case .account, .principal, .member, .stranger: false
        }
    }

    /// The keys of a call by an IAM identity. The `aws:Source…` keys exist only on direct calls by a service principal.
    private func principalValue(of key: ConditionKey) -> ContextValue {
        switch key {
        case .principalAccount:
            switch requester {
            case .account(let id): .texts([id.description])
            case .principal(let arn): .texts([arn.account.description])
            default: .unnamed
            }
        case .principalARN:
            switch requester {
            case .account(let id): .open("arn:\(partition.id):iam::\(id):*")
            case .principal(let arn): .texts([arn.text])
            default: .unnamed
            }
        case .principalOrgID: organizationID
        case .principalOrgPaths: organizationPaths
        case .principalIsAWSService: .texts(["false"])
        default: .absent
        }
    }

    /// The keys of a call by a service principal, which belongs to no organization.
    private func serviceValue(of key: ConditionKey) -> ContextValue {
        switch key {
        case .principalIsAWSService: return .texts(["true"])
        case .principalOrgID, .principalOrgPaths: return .absent
        case .principalServiceName:
            guard case .service(let name) = requester else { return .texts([RequestContext.lambdaService]) }
            return .texts([name])
        case .sourceARN:
            guard case .lambda(let caller) = requester else { return .unknown }
            if let account = caller.account, let region = caller.region, caller.function == nil,
                !Glob.hasWildcard(region.utf8)
            {
                return .functions(FunctionScope(partition: partition.id, region: region, account: account))
            }
            let arn = caller.arn(in: partition)
            return Glob.hasWildcard(arn.utf8) ? .open(arn) : .texts([arn])
        case .sourceAccount:
            guard case .lambda(let caller) = requester else { return .unknown }
            return caller.account.map { .texts([$0.description]) } ?? .unnamed
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
        case .unknown: .unknown
        case .none: .absent
        case .member(let id, _): .texts([id.text])
        }
    }

    private var organizationPaths: ContextValue {
        switch membership {
        case .unknown: .unknown
        case .none: .absent
        case .member(let id, nil): .open("\(id.text)/*")
        case .member(_, let path?): path.hasSuffix("*") ? .open(path) : .texts([path])
        }
    }
}
