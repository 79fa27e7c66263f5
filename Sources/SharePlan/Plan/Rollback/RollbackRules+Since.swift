import OrderedCollections

extension RollbackRules {
    /// Who still can do what the run gave, though no managed statement grants it in `document`, the policy as the
    /// rollback leaves it: through statements that were written since the run, with another prefix or by somebody. A
    /// sentence each.
    func keptSince(
        _ grants: [Grant], in document: PolicyDocument?, _ change: Change, _ history: RollbackHistory
    ) throws -> [String] {
        let partition = change.repository.region.partition
        func statements(_ text: String?) throws -> [PolicyStatement] {
            try text.map { try PolicyDocument(parsing: $0).statements } ?? []
        }
        func has(_ statement: PolicyStatement, in statements: [PolicyStatement]) -> Bool {
            statements.contains { $0.hasSameMeaning(as: statement, in: partition) }
        }
        let known = try statements(change.before) + statements(change.after)
        guard var document, !grants.isEmpty else { return [] }
        let new = document.statements.filter { !has($0, in: known) }
        guard !new.isEmpty else { return [] }

        let asked = GrantDifference(removed: grants.map { WantedGrant($0) })
        func held(in text: String?) throws -> [AccessChange.Entry] {
            let policy = try PolicyEvaluator(parsing: text, partition: partition, owner: change.repository.account)
            return EffectiveAccess.difference(from: policy, to: policy, naming: asked).kept
        }
        let now = try held(in: document.text)
        let once = try now.isEmpty ? [] : held(in: change.before)
        // What is uncertain may come from statements that the run found or left, whatever the new ones say.
        document.statements.removeAll { $0.members["Effect"] == "Allow" && has($0, in: known) }
        let uncertain = try Set(now.isEmpty ? [] : held(in: document.text).map(\.grant))
        return try now.compactMap { entry in
            guard entry.function == nil, let grant = entry.grant, grants.contains(grant),
                entry.doubts.isEmpty || uncertain.contains(grant),
                let statement = new.first(where: { entry.isThrough($0) }),
                // Who had it by an older form of the statement has it as before.
                !once.contains(where: { $0.grant == grant && $0.doubts.isEmpty && $0.isThrough(statement) })
            else { return nil }
            let run = try history.later.last { write in
                try has(statement, in: statements(write.change.after))
                    && !has(statement, in: statements(write.change.before))
            }?.run
            let verb = entry.doubts.isEmpty ? "keeps" : "may keep"
            let region = grant.consumerRegion.map { " in \($0)" } ?? ""
            let doubt = entry.doubts.isEmpty ? "" : ", depending on \(entry.doubts.inWords),"
            let name = statement.sid.flatMap { $0.isEmpty ? nil : "the statement \"\($0)\"" } ?? "a statement"
            let advice =
                run.map { "run \($0) wrote since: undo that run first, or take the grant away with its matrix" }
                ?? "somebody wrote since: take the grant away there"
            let access = grant.access.rawValue + region
            return "\(grant.consumer) \(verb) \(access)\(doubt) through \(name), which \(advice)"
        }
    }
}

extension AccessChange.Entry {
    /// Whether a statement gives this, by its name.
    fileprivate func isThrough(_ statement: PolicyStatement) -> Bool {
        guard let sid = statement.sid, !sid.isEmpty else { return through.contains { $0.hasPrefix("#") } }
        return through.contains(sid)
    }
}
