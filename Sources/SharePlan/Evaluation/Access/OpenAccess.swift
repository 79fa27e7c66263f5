import OrderedCollections

/// What statements give, or may give, to those whom nobody named, in person or through a service that acts for them.
package struct OpenAccess: Hashable, Sendable {
    /// To whom a repository is open.
    enum Audience: Hashable, Sendable {
        case everyone, anyOrganization
        /// The Lambda service, whosever functions ask.
        case functions
        /// Another service by its principal name, whosever resources it acts for.
        case service(String)
    }

    let audience: Audience
    /// Words of the matrix, and actions.
    let access: [String]
    /// The statements that allow it, in document order.
    let statements: [StatementReference]
    /// What it depends on; empty when it is certain.
    let doubts: [Doubt]
}

extension PolicyEvaluator {
    /// What the policy gives, or may give, to everybody with AWS credentials and to the members of any organization,
    /// whoever wrote its statements, and what it surely gives to services on behalf of any account. What everybody has
    /// is not repeated for members.
    var openAccess: [OpenAccess] {
        var mentions = Mentions()
        for statement in statements { mentions.add(statement) }
        var inquiry = PolicyInquiry(self, about: mentions)
        var kinds: [[Bool]: [AskedActions.Kind]] = [:]
        var found: [OpenAccess] = []
        var audiences: [(AccessSubject, OpenAccess.Audience)] = [
            (.everybody, .everyone), (.anyOrganization, .anyOrganization),
        ]
        if mentions.services.contains(where: { $0.hasSuffix(".amazonaws.com") }) {
            for subject in AccessSubject.all(mentions).sorted(by: { $0.isBefore($1) }) {
                if subject.kind == .lambda, subject.principal == "*" { audiences.append((subject, .functions)) }
                if subject.kind == .service, subject.principal != "*" {
                    audiences.append((subject, .service(subject.principal)))
                }
            }
        }
        for (subject, audience) in audiences {
            for entry in GrantAudit.entries(of: subject, &inquiry, &kinds) {
                switch entry.decision {
                case .allowed: break
                // Which organization it is only the owner account knows; it is one.
                case .depends where subject.kind == .anyOrganization && entry.decision.isOfOwnersOrganization: continue
                case .depends(let doubts, _) where !subject.isService || doubts.allSatisfy(\.isOfActions): break
                case .depends, .denied, .notAllowed: continue
                }
                // What is open to all has been said.
                let allowingAll = Set(found.filter { $0.audience == .everyone }.flatMap(\.statements))
                if subject.isService, entry.decision.statements.allSatisfy(allowingAll.contains) { continue }
                let access: [String] =
                    switch entry.extent {
                    case .access(let access): [access.rawValue]
                    case .other(let actions): actions
                    }
                let allowing = entry.decision.statements.filter { statements[$0.index].effect != .deny }
                if let same = found.firstIndex(where: {
                    $0.audience == audience && $0.statements == allowing && $0.doubts == entry.decision.doubts
                }) {
                    found[same] = OpenAccess(
                        audience: audience, access: found[same].access + access, statements: allowing,
                        doubts: found[same].doubts)
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
