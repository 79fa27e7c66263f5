import OrderedCollections
import OrderedJSON

/// What statements give, or may give, to those whom nobody named, in person or through a service that acts for them.
package struct OpenAccess: Hashable, Sendable {
    /// To whom a repository is open.
    enum Audience: Hashable, Sendable {
        case everyone, anyOrganization
        /// The Lambda service, whosever functions ask.
        case functions
        /// The Lambda service for the functions of the members of any organization.
        case functionsOfMembers
        /// Any service, named or not.
        case services
        /// Another service by its principal name, whosever resources it acts for.
        case service(String)
    }

    let audience: Audience
    /// Words of the matrix, and actions.
    fileprivate(set) var access: [String]
    /// The statements that allow it, in document order.
    let statements: [StatementReference]
    /// What it depends on; empty when it is certain.
    let doubts: [Doubt]
}

extension PolicyEvaluator {
    /// What the policy gives, or may give, to everybody with AWS credentials and to the members of any organization,
    /// whoever wrote its statements, and to services on behalf of accounts that it does not name. What everybody has is
    /// not repeated for members.
    var openAccess: [OpenAccess] {
        let mentions = Mentions(of: statements)
        var inquiry = PolicyInquiry(self, about: mentions)
        var kinds: [[Bool]: [AskedActions.Kind]] = [:]
        var found: [OpenAccess] = []
        var audiences: [(AccessSubject, OpenAccess.Audience)] = [
            (.everybody, .everyone), (.anyOrganization, .anyOrganization),
        ]
        if statements.contains(where: \.mayBeOpen) {
            for subject in AccessSubject.all(mentions).sorted(by: { $0.isBefore($1) }) {
                switch (subject.kind, subject.principal) {
                case (.lambda, "*"): audiences.append((subject, .functions))
                case (.lambda, "o-*"): audiences.append((subject, .functionsOfMembers))
                case (.service, "*"): audiences.append((subject, .services))
                case (.service, let name): audiences.append((subject, .service(name)))
                default: break
                }
            }
        }
        for (subject, audience) in audiences {
            for entry in GrantAudit.entries(of: subject, &inquiry, &kinds) {
                // Which organization it is only the owner account knows; it is one.
                let isOfOne = subject.kind == .anyOrganization && entry.decision.isOfOwnersOrganization
                if entry.decision.isDenial || isOfOne { continue }
                let allowing = entry.decision.statements.filter { statements[$0.index].effect != .deny }
                if subject.isService {
                    // What is open to all has been said; what is for the sources that a statement names is not open.
                    let said = Set(
                        found.filter { $0.audience == .everyone || audience != .functions && $0.audience == .services }
                            .flatMap(\.statements))
                    let isNamed = { (reference: StatementReference) in statements[reference.index].namesSources }
                    if allowing.allSatisfy({ said.contains($0) || isNamed($0) }) { continue }
                }
                let access: [String] =
                    switch entry.extent {
                    case .access(let access): [access.rawValue]
                    case .other(let actions): actions
                    }
                if let same = found.firstIndex(where: {
                    $0.audience == audience && $0.statements == allowing && $0.doubts == entry.decision.doubts
                }) {
                    found[same].access += access
                } else {
                    found.append(
                        OpenAccess(
                            audience: audience, access: access, statements: allowing, doubts: entry.decision.doubts))
                }
            }
        }
        return found
    }
}

extension EvaluatedStatement {
    /// Whether everybody or a service may be among those whom the statement allows something.
    var mayBeOpen: Bool {
        effect != .deny && principals.map { $0.everyone || $0.isNegated || !$0.services.isEmpty } ?? true
    }

    /// Whether a condition lets only requests for accounts, resources or organizations through that it names.
    fileprivate var namesSources: Bool { conditions.contains(where: \.namesSources) }
}

extension Doubt {
    /// Whether it is about which actions are enough.
    var isOfActions: Bool { if case .actions = self { true } else { false } }
}

extension Decision {
    /// Whether it depends on whether somebody is in the organization of the owner account.
    var isOfOwnersOrganization: Bool { doubts.contains(.policyVariable("${aws:ResourceOrgID}")) }
}

extension PolicyStatement {
    /// Whether the statement may mention those whom it does not name.
    var mayBeOpen: Bool {
        guard members["NotPrincipal"] == nil, let principals = members["Principal"]?.object else { return true }
        return principals.contains { kind, names in kind == "Service" || (names.array ?? [names]).contains("*") }
    }
}
