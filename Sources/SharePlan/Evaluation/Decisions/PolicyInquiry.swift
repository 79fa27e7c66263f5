import AWSValues

/// Asks one policy about many subjects, and remembers what it answered.
struct PolicyInquiry {
    /// A requester in an organization.
    struct Asked: Hashable {
        var requester: AccessRequest.Requester
        var organization: OrganizationMembership

        init(_ requester: AccessRequest.Requester, in organization: OrganizationMembership) {
            self.requester = requester
            self.organization = organization
        }

        init(_ subject: AccessSubject) {
            self.init(subject.requester, in: subject.organization)
        }

        /// Somebody whom the policy does not name, in an organization.
        init(strangerIn organization: OrganizationMembership) {
            if case .member(let id, let path) = organization {
                self.init(.member(of: id, path: path), in: .none)
            } else {
                self.init(.stranger, in: organization)
            }
        }

        /// The functions that the policy does not name, in an organization.
        init(functionsIn organization: OrganizationMembership) {
            self.init(.lambda(LambdaCaller(account: nil, region: nil)), in: organization)
        }
    }

    /// A subject in one organization, beside whoever is treated like it unless the policy names the subject.
    struct Comparison: Hashable {
        let own: Asked
        let wider: Asked
    }

    let evaluator: PolicyEvaluator
    /// Whom the policy names, and others who are asked about.
    let mentions: Mentions
    /// Whether it is asked what a change of the policy does: then the owner account may do what nothing denies, and
    /// whoever is named is asked about by name only.
    private let isOfChange: Bool
    /// The organizations that an account may be in, as far as the policy distinguishes them.
    private let memberships: [OrganizationMembership]
    private var known: [Asked: [StatementAnswer]] = [:]

    init(_ evaluator: PolicyEvaluator, about mentions: Mentions, isOfChange: Bool = false) {
        self.evaluator = evaluator
        self.isOfChange = isOfChange
        self.mentions = mentions
        guard mentions.asksForOrganizations else {
            memberships = [.unknown]
            return
        }
        var memberships: Set<OrganizationMembership> = [.none, .unnamed]
        for holder in mentions.holders {
            switch holder {
            case .organization(let id), .organizationFunctions(let id, _): memberships.insert(.member(id, path: nil))
            case .path(let path), .pathFunctions(let path, _):
                memberships.insert(.member(path.organization, path: path.text))
            case .account, .principal, .functions: break
            }
        }
        self.memberships = Array(memberships)
    }

    /// What each statement says.
    mutating func answers(to asked: Asked) -> [StatementAnswer] {
        if let answers = known[asked] { return answers }
        let answers = evaluator.answers(
            to: RequestContext(
                requester: asked.requester, organization: asked.organization, partition: evaluator.partition))
        known[asked] = answers
        return answers
    }

    /// What the policy gives or denies.
    mutating func decision(for asked: Asked, about kind: AskedActions.Kind) -> Decision {
        evaluator.decision(
            answers(to: asked), actions: kind.fits, ownerAsks: isOfChange && evaluator.isOwner(asked.requester),
            exceptNamed: isOfChange)
    }

    /// What the policy gives or denies to a subject, wherever its account may belong.
    mutating func decision(
        for subject: AccessSubject, _ comparisons: [Comparison], about kind: AskedActions.Kind
    ) -> Decision {
        let decision = decision(for: Asked(subject), about: kind)
        guard case .depends = decision, comparisons.count > 1 else { return decision }
        // Perhaps it is the same in each organization.
        let decisions = comparisons.map { self.decision(for: $0.own, about: kind) }
        let statements = Set(decisions.flatMap(\.statements)).sorted()
        if decisions.allSatisfy(\.isAllowed) { return .allowed(by: statements) }
        guard decisions.allSatisfy(\.isDenial) else { return decision }
        return statements.isEmpty ? .notAllowed : .denied(by: statements)
    }

    /// The statements that allow a subject something, or may do so.
    mutating func statementsAllowing(_ subject: AccessSubject, _ kind: AskedActions.Kind) -> [StatementReference] {
        let answers = answers(to: Asked(subject))
        return evaluator.statements.enumerated().compactMap { place, statement in
            let fit = min(kind.fits[place], answers[place].fit)
            return statement.effect != .deny && fit != .no && fit != .named ? statement.reference : nil
        }
    }

    /// With whom a subject is compared, to find out whether the policy treats it in a way of its own.
    func comparisons(of subject: AccessSubject) -> [Comparison] {
        let own = Asked(subject)
        func compared(with wider: Asked) -> [Comparison] { [Comparison(own: own, wider: wider)] }
        func inEachOrganization(_ wider: (OrganizationMembership) -> Asked) -> [Comparison] {
            memberships.map { Comparison(own: Asked(subject.requester, in: $0), wider: wider($0)) }
        }
        switch subject.requester {
        case .stranger: return subject == .everybody ? [] : compared(with: Asked(.everybody))
        case .unclear: return []
        case .member(let id, let path):
            let whole = Asked(strangerIn: .member(id, path: nil))
            let isBelow = path != nil && mentions.holders.contains(.organization(id))
            return compared(with: isBelow ? whole : Asked(.anyOrganization))
        case .account: return inEachOrganization(Asked.init(strangerIn:))
        case .principal(let arn): return inEachOrganization { identity(of: arn.account, in: $0) }
        case .session(let arn): return inEachOrganization { identity(of: arn.account, in: $0) }
        // Somebody who reads that everybody gains or loses something does not think of services.
        case .anyService: return isOfChange ? [] : compared(with: Asked(.everybody))
        case .service: return compared(with: Asked(.anyService))
        case .lambda(let caller):
            if caller.account != nil { return inEachOrganization(Asked.init(functionsIn:)) }
            // Of a change's subjects, the functions of an organization are those in the repository's region.
            if isOfChange, case .member = subject.organization,
                caller == LambdaCaller(account: nil, region: evaluator.region)
            {
                return compared(with: Asked(functionsIn: .unnamed))
            }
            guard caller == LambdaCaller(account: nil, region: nil) else {
                // What functions have whatever their organization is reported for those of everybody.
                if subject.organization == .unnamed { return compared(with: Asked(subject.requester, in: .none)) }
                return compared(with: Asked(functionsIn: subject.organization))
            }
            switch subject.organization {
            case .none, .unknown: return compared(with: Asked(.anyService))
            case .unnamed: return compared(with: Asked(functionsIn: .none))
            case .member: return compared(with: Asked(functionsIn: .unnamed))
            }
        }
    }

    /// Some identity of an account that is asked about, or of one that the policy does not name.
    private func identity(of account: AccountID, in organization: OrganizationMembership) -> Asked {
        mentions.holders.contains(.account(account))
            ? Asked(.account(account), in: organization) : Asked(strangerIn: organization)
    }
}
