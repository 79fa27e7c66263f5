import OrderedCollections

/// What statements give, or may give, to those whom nobody named.
package struct OpenAccess: Hashable, Sendable {
    /// To whom a repository is open.
    enum Audience: Hashable, Sendable {
        case everyone, anyOrganization
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
    /// whoever wrote its statements. What everybody has is not repeated for members.
    var openAccess: [OpenAccess] {
        var mentions = Mentions()
        for statement in statements { mentions.add(statement) }
        var inquiry = PolicyInquiry(self, about: mentions)
        var kinds: [[Bool]: [AskedActions.Kind]] = [:]
        var found: [OpenAccess] = []
        let audiences: [(AccessSubject, OpenAccess.Audience)] = [
            (.everybody, .everyone), (.anyOrganization, .anyOrganization),
        ]
        for (subject, audience) in audiences {
            for entry in GrantAudit.entries(of: subject, &inquiry, &kinds) {
                switch entry.decision {
                case .allowed, .depends: break
                case .denied, .notAllowed: continue
                }
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

extension PolicyStatement {
    /// Whether the statement may mention those whom it does not name.
    var mayBeOpen: Bool {
        guard members["NotPrincipal"] == nil, let principals = members["Principal"]?.object else { return true }
        return principals.contains { _, names in (names.array ?? [names]).contains("*") }
    }
}
