import OrderedCollections
import OrderedJSON

extension Change {
    /// The statements of the policy from before that name an account, role or user which ECR may not know any more, as
    /// messages call them, in their order. When some name the id of a deleted role or user, it is those alone.
    package var statementsNamingPrincipals: [String] {
        guard let document = try? before?.document else { return [] }
        var named: [(name: String, isDeleted: Bool)] = []
        for (index, statement) in document.statements.enumerated() {
            let principals = statement.principalTexts.filter { $0 != "*" }
            guard !principals.isEmpty else { continue }
            named.append((statement.name(at: index), principals.contains { GrantShape.isDeletedPrincipal($0) }))
        }
        let deleted = named.filter(\.isDeleted)
        return (deleted.isEmpty ? named : deleted).map(\.name)
    }

    /// The ids of deleted roles and users in foreign statements that the change keeps, each with its statement as
    /// messages call it: `AIDA… in the foreign statement "ci"`. ECR may refuse a policy with such an id.
    package func foreignDeletedPrincipals(sidPrefix: String) -> [String] {
        guard let document = try? after?.document else { return [] }
        return document.statements.enumerated().flatMap { index, statement -> [String] in
            guard !statement.isManaged(prefix: sidPrefix) else { return [] }
            let label = statement.sid?.isEmpty == false ? "statement " : ""
            return statement.principalTexts.filter { $0.hasPrefix("AIDA") || $0.hasPrefix("AROA") }
                .map { "\($0) in the foreign \(label)\(statement.name(at: index))" }
        }
    }
}

extension PolicyStatement {
    /// The `AWS` principals that the statement names, in `Principal` or `NotPrincipal`.
    var principalTexts: [String] {
        guard let principals = (members["Principal"] ?? members["NotPrincipal"])?.object?["AWS"] else { return [] }
        return (principals.array ?? [principals]).compactMap(\.string)
    }
}
