package import AWSValues

/// Somebody who can hold access to a repository by one of the grant shapes.
package enum Holder: Hashable, Sendable, CustomStringConvertible {
    case account(AccountID)
    case principal(PrincipalARN)
    case organization(OrganizationID)
    case path(OrganizationPath)
    /// The Lambda service, for the functions of one account in one region.
    case functions(FunctionScope)
    /// The Lambda service, for the functions of an organization's accounts; region nil for all regions.
    case organizationFunctions(OrganizationID, region: String?)
    /// The Lambda service, for the functions of the accounts at a path; region nil for all regions.
    case pathFunctions(OrganizationPath, region: String?)

    /// Who holds what `grant` gives. The functions of a role or user are those of its account.
    init(of grant: Grant, partition: Partition) {
        let region = grant.consumerRegion?.name
        func functions(of account: AccountID) -> Holder {
            // Without a region the scope is one that no document can have, so that the grant counts as missing.
            .functions(FunctionScope(partition: partition.id, region: region ?? "", account: account))
        }
        let isForFunctions = grant.access == .lambdaOnly
        switch grant.consumer {
        case .account(let id): self = isForFunctions ? functions(of: id) : .account(id)
        case .principal(let arn): self = isForFunctions ? functions(of: arn.account) : .principal(arn)
        case .organization(let id):
            self = isForFunctions ? .organizationFunctions(id, region: region) : .organization(id)
        case .organizationPath(let path): self = isForFunctions ? .pathFunctions(path, region: region) : .path(path)
        }
    }

    package var description: String {
        switch self {
        case .account(let id): "account \(id)"
        case .principal(let arn): arn.text
        case .organization(let id): "organization \(id)"
        case .path(let path): "organization path \(path)"
        case .functions(let scope): "Lambda functions of account \(scope.account) in \(scope.region)"
        case .organizationFunctions(let id, let region): "Lambda functions of organization \(id) in \(region ?? "*")"
        case .pathFunctions(let path, let region): "Lambda functions of organization path \(path) in \(region ?? "*")"
        }
    }

    /// The wider holders whose access this one has too.
    var parents: [Holder] {
        switch self {
        case .account, .organization, .functions: []
        case .principal(let arn): [.account(arn.account)]
        case .path(let path): [.organization(path.organization)] + path.ancestors.map(Holder.path)
        case .organizationFunctions(let id, let region):
            region == nil ? [] : [.organizationFunctions(id, region: nil)]
        case .pathFunctions(let path, let region):
            Set([region, nil]).flatMap { region in
                [.organizationFunctions(path.organization, region: region)]
                    + (path.ancestors + [path]).map { Holder.pathFunctions($0, region: region) }
            }.filter { $0 != self }
        }
    }

    /// The request context that represents the holder. Single accounts are taken to be in no organization, so that only
    /// what is granted to themselves counts.
    func context(in partition: Partition) -> RequestContext {
        func lambda(_ region: String?, _ membership: OrganizationMembership) -> RequestContext {
            RequestContext(
                requester: .lambda(LambdaCaller(account: nil, regionName: region)), organization: membership,
                partition: partition)
        }
        func identity(_ requester: AccessRequest.Requester) -> RequestContext {
            RequestContext(requester: requester, organization: .none, partition: partition)
        }
        return switch self {
        case .account(let id): identity(.account(id))
        case .principal(let arn): identity(.principal(arn))
        case .organization(let id): identity(.member(of: id, path: nil))
        case .path(let path): identity(.member(of: path.organization, path: path.text))
        case .functions(let scope):
            identity(.lambda(LambdaCaller(account: scope.account, regionName: scope.region)))
        case .organizationFunctions(let id, let region): lambda(region, .member(id, path: nil))
        case .pathFunctions(let path, let region): lambda(region, .member(path.organization, path: path.text))
        }
    }
}

extension OrganizationPath {
    /// The paths with `*` at the end that cover this one, itself not among them.
    var ancestors: [OrganizationPath] {
        var parts = text.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        var ancestors: [OrganizationPath] = []
        while !parts.isEmpty {
            if let path = OrganizationPath(parts.joined(separator: "/") + "/*"), path != self { ancestors.append(path) }
            parts = parts.dropLast()
        }
        return ancestors
    }
}
