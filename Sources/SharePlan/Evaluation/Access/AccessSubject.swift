import AWSValues

/// Somebody whom a policy is asked about, and how a report names them.
///
/// Together the subjects of a policy represent every request that can be made: whoever is named, the other members of
/// each named organization, the members of any other one, everybody else, and AWS services with and without a name.
struct AccessSubject: Hashable {
    let kind: AccessEntry.Kind
    let principal: String
    var region: String?
    var function: String?
    let requester: AccessRequest.Requester
    var organization = OrganizationMembership.none

    func context(in partition: Partition) -> RequestContext {
        RequestContext(requester: requester, organization: organization, partition: partition)
    }

    static let everybody = AccessSubject(kind: .public, principal: "*", requester: .stranger)
    static let anyOrganization = AccessSubject(
        kind: .anyOrganization, principal: "o-*", requester: .stranger, organization: .unnamed)
    static let anyService = AccessSubject(
        kind: .service, principal: "*", requester: .anyService, organization: .unknown)

    /// Whether it represents everybody of some sort whom a policy does not name.
    var isCatchAll: Bool {
        switch kind {
        case .anyOrganization: true
        case .service: principal == "*"
        case .lambda: principal == "o-*" || region == nil && function == nil && principal == "*"
        default: false
        }
    }

    /// Those whom no policy names one by one.
    enum Crowd {
        case identities, services
    }

    /// The crowd that the subject represents; nil for whoever a policy names.
    var crowd: Crowd? {
        if self == .everybody || kind == .anyOrganization { return .identities }
        return isCatchAll ? .services : nil
    }

    /// Whether it is an AWS service.
    var isService: Bool { kind == .service || kind == .lambda }

    /// What of an access the subject can use: functions take no other actions than those for them.
    func meant(_ access: Access) -> Access { kind == .lambda ? .lambdaOnly : access }

    /// The order of names.
    func isBefore(_ other: AccessSubject) -> Bool {
        [principal, region ?? "", function ?? ""].lexicographicallyPrecedes(
            [other.principal, other.region ?? "", other.function ?? ""])
    }

    /// Whether it is an identity of an account that holds something, a session of a role that does, or a function.
    func isPart(of holder: Holder) -> Bool {
        switch (holder, requester) {
        case (.account(let id), .principal(let arn)): arn.account == id
        case (.account(let id), .session(let arn)): arn.account == id
        case (.principal(let role), .session(let session)): role.isRole(of: session)
        case (.functions(let scope), .lambda(let caller)):
            caller.function != nil && caller.account == scope.account && caller.region == scope.region
        default: false
        }
    }

    /// Whether it may be a member of an organization or of a path that holds something, or is a path of it.
    func mayBePart(of holder: Holder) -> Bool {
        switch (holder, requester) {
        case (.organization, .account), (.organization, .principal), (.organization, .session),
            (.path, .account), (.path, .principal), (.path, .session):
            true
        case (.organization(let id), .member(let own, path: _?)): id == own
        case (.path(let whole), .member(_, path: let own?)):
            OrganizationPath(own).map { $0.ancestors.contains(whole) } ?? false
        default: false
        }
    }

    /// Everybody to ask about in policies that mention these; without single accounts if those are asked elsewhere.
    ///
    /// `region` is that of the repository, if nobody is to be asked about for functions that cannot use it.
    static func all(
        _ mentions: Mentions, withAccounts: Bool = true, functionsIn region: Region? = nil
    ) -> Set<AccessSubject> {
        var subjects: Set<AccessSubject> = [everybody, anyOrganization, anyService]
        var organizations: [(OrganizationMembership, name: String)] = [(.none, "*"), (.unnamed, "o-*")]
        for holder in mentions.holders {
            switch holder {
            case .account where !withAccounts: break
            case .account, .principal, .organization, .path: subjects.insert(AccessSubject(holder))
            case .functions: break
            case .organizationFunctions(let id, nil): organizations.append((.member(id, path: nil), id.text))
            case .pathFunctions(let path, nil):
                organizations.append((.member(path.organization, path: path.text), path.text))
            case .organizationFunctions, .pathFunctions: break
            }
        }
        func add(_ kind: AccessEntry.Kind, _ name: String, _ requester: AccessRequest.Requester) {
            subjects.insert(AccessSubject(kind: kind, principal: name, requester: requester, organization: .unknown))
        }
        for session in mentions.sessions { add(.session, session.text, .session(session)) }
        for service in mentions.services where service != RequestContext.lambdaService {
            add(.service, service, .service(service))
        }
        for name in mentions.unclear { add(.unknown, name, .unclear(name)) }
        for caller in mentions.callers.union([LambdaCaller(account: nil, region: nil)]) {
            if let account = caller.account {
                subjects.insert(functions(caller, of: .unknown, as: account.description))
            } else {
                for (membership, name) in organizations { subjects.insert(functions(caller, of: membership, as: name)) }
            }
        }
        return region.map { region in Set(subjects.map { $0.limited(to: region) }) } ?? subjects
    }

    /// Of functions in every region, or in those that a pattern matches, the ones in `region`: Lambda takes images from
    /// repositories of its own region only. Everybody else is the same.
    ///
    /// Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
    func limited(to region: Region) -> AccessSubject {
        guard case .lambda(let caller) = requester, !isCatchAll,
            Glob.matches(Array((caller.region ?? "*").utf8), Array(region.name.utf8))
        else { return self }
        return .functions(
            LambdaCaller(account: caller.account, region: region, function: caller.function), of: organization,
            as: principal)
    }

    static func functions(
        _ caller: LambdaCaller, of membership: OrganizationMembership, as name: String
    ) -> AccessSubject {
        AccessSubject(
            kind: .lambda, principal: name, region: caller.region, function: caller.function,
            requester: .lambda(caller), organization: membership)
    }
}

extension AccessSubject {
    /// The subject that holds what a grant gives.
    init(_ holder: Holder) {
        switch holder {
        case .account(let id):
            self.init(
                kind: .account, principal: id.description, requester: .account(id), organization: .unknown)
        case .principal(let arn):
            self.init(
                kind: arn.text.contains(":role/") ? .role : .user, principal: arn.text, requester: .principal(arn),
                organization: .unknown)
        case .organization(let id):
            self.init(kind: .organization, principal: id.text, requester: .member(of: id, path: nil))
        case .path(let path):
            self.init(
                kind: .path, principal: path.text, requester: .member(of: path.organization, path: path.text))
        case .functions(let scope):
            self = .functions(
                LambdaCaller(account: scope.account, regionName: scope.region), of: .unknown,
                as: scope.account.description)
        case .organizationFunctions(let id, let region):
            self = .functions(
                LambdaCaller(account: nil, regionName: region), of: .member(id, path: nil), as: id.text)
        case .pathFunctions(let path, let region):
            self = .functions(
                LambdaCaller(account: nil, regionName: region), of: .member(path.organization, path: path.text),
                as: path.text)
        }
    }
}
