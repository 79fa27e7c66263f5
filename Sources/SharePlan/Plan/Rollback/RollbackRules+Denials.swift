import AWSValues

extension RollbackRules {
    /// Who gets a grant back and cannot use it, since a statement that somebody wrote since the run denies it. A
    /// sentence each.
    func deniedSince(
        _ grants: [Grant], in policy: Policy?, _ change: Change, _ history: RollbackHistory
    ) throws -> [String] {
        guard var document = try policy?.document, !grants.isEmpty else { return [] }
        let partition = change.repository.region.partition
        let old = try change.before?.document.statements ?? []
        document.statements.removeAll { statement in old.contains { $0.hasSameMeaning(as: statement, in: partition) } }
        return try PolicyEvaluator(
            of: Policy(document), partition: partition, owner: change.repository.account, today: history.today,
            region: change.repository.region
        ).deniedGrants(among: grants, sidPrefix: sidPrefix).map { denied in
            let region = denied.grant.consumerRegion.map { " in \($0)" } ?? ""
            let verb = denied.isCertain ? "denies" : "may deny"
            let name =
                denied.statement.sid.flatMap { $0.isEmpty ? nil : "the statement \"\($0)\"" } ?? "a statement"
            return
                "\(denied.grant.consumer) gets \(denied.grant.access.rawValue)\(region) back, but \(name), which "
                + "somebody wrote since, \(verb) it"
        }
    }
}
