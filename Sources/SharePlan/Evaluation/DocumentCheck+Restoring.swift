extension DocumentCheck {
    /// Checks a document that is put back as it was before a run. What it grants was there before and is not judged
    /// again; but it must fit, and it must not open to strangers what the live policy keeps shut.
    func checkRestored(live: String?, proposed: String?) throws(DocumentViolation) {
        guard let proposed else { return }
        let size = proposed.unicodeScalars.count
        guard size <= maximumSize else { throw .tooLarge(size: size, limit: maximumSize) }
        let after: PolicyEvaluator
        do { after = try PolicyEvaluator(parsing: proposed, partition: partition, owner: owner) } catch {
            throw .unreadableProposed(error)
        }
        guard !after.statements.isEmpty else { throw .emptyDocument }
        let before: PolicyEvaluator
        do { before = try PolicyEvaluator(parsing: live, partition: partition, owner: owner) } catch {
            throw .unreadableLive(error)
        }
        let opened = openActions(of: after).subtracting(openActions(of: before))
        guard opened.isEmpty else { throw .open(to: .stranger, actions: opened.names) }
    }

    /// What the Allow statements give, or may give, to any AWS identity.
    private func openActions(of policy: PolicyEvaluator) -> ActionSet {
        let context = RequestContext(requester: .stranger, organization: .none, partition: partition)
        let given = access(of: context, by: policy.statements.map { ($0, ActionSet(possiblyIn: $0)) })
        return given.sure.union(given.possible)
    }
}
