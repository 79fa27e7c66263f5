import OrderedCollections

extension LivePolicy {
    /// What a reviewer of this repository should know, a sentence each.
    var warnings: [String] {
        var warnings: [String] = []
        for edited in handEdited {
            warnings.append(
                "the managed statement \"\(edited.sid)\" was edited by hand (it \(edited.reason)); it is replaced")
        }
        for id in deletedPrincipals {
            warnings.append("\(id), a deleted role or user, is left out of the managed statements")
        }
        if !adopted.isEmpty {
            warnings.append("adopts \(adopted.joined(separator: ", ")), foreign until now")
        }
        if !adoptable.isEmpty {
            warnings.append(
                "\(adoptable.joined(separator: ", ")) could be adopted: --adopt folds it into the managed statements")
        }
        return warnings
    }

    /// What a reviewer should know when the policy is written.
    var warningsOfWriting: [String] {
        foreign.enumerated().compactMap { index, statement in
            guard let id = statement.deletedPrincipal else { return nil }
            return """
                the foreign statement \(statement.name(at: index)) names \(id), a deleted role or user; ECR may refuse to \
                take it back
                """
        }
    }

    /// Whether any foreign statement is not a plain permission.
    var hasDenial: Bool {
        foreign.contains { $0.members["Effect"] != "Allow" }
    }
}

extension PolicyStatement {
    /// The first id of a deleted role or user among the statement's principals.
    fileprivate var deletedPrincipal: String? {
        guard let principals = (members["Principal"] ?? members["NotPrincipal"])?.object?["AWS"] else { return nil }
        return (principals.array ?? [principals]).compactMap(\.string).first { GrantShape.isDeletedPrincipal($0) }
    }
}
