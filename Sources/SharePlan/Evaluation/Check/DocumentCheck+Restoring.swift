extension DocumentCheck {
    /// Checks a document that is put back as it was before a run. What it grants was there before and is not judged
    /// again; but it must fit, and it must not open to strangers what the live policy keeps shut.
    ///
    /// Strangers are all AWS identities, and all in any organization: a condition that every organization meets limits
    /// nothing. So a managed statement for `*` comes back only if it names an organization by its id, or a path in one.
    func checkRestored(live: Policy?, proposed: Policy?) throws(DocumentViolation) {
        guard let proposed else { return }
        let size = proposed.size
        guard size <= maximumSize else { throw .tooLarge(size: size, limit: maximumSize) }
        let after = try read(proposed, orElse: DocumentViolation.unreadableProposed)
        guard let after, !after.statements.isEmpty else { throw .emptyDocument }
        let new = split(after)
        let old = split(try read(live, orElse: DocumentViolation.unreadableLive))
        var memberships = [OrganizationMembership.none]
        if let unnamed = DocumentCheck.unnamedOrganization { memberships.append(.member(unnamed, path: nil)) }
        for membership in memberships {
            let stranger = RequestContext(requester: .stranger, organization: membership, partition: partition)
            let opened = openActions(of: new, to: stranger).subtracting(openActions(of: old, to: stranger))
            guard opened.isEmpty else { throw .open(to: .stranger, actions: opened.names) }
        }
        let known = Set(old.managed.map(\.json))
        for part in new.managed where !known.contains(part.json) { try checkPublic(part) }
    }

    /// What the Allow statements give, or may give, to a stranger.
    private func openActions(
        of parts: (managed: [Part], foreign: [Part]), to stranger: RequestContext
    ) -> ActionSet {
        let statements = (parts.managed + parts.foreign).map { ($0.statement, ActionSet(possiblyIn: $0.statement)) }
        let given = access(of: stranger, by: statements)
        return given.sure.union(given.possible)
    }
}
