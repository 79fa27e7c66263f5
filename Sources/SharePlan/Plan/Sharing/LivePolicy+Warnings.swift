import OrderedCollections
import OrderedJSON

extension LivePolicy {
    /// What a reviewer of this repository should know, a sentence each.
    var warnings: [String] {
        var warnings: [String] = []
        for edited in handEdited {
            let opens = edited.denies ? ", and those that it denied may gain access" : ""
            warnings.append(
                "the managed statement \"\(edited.sid)\" was edited by hand (it \(edited.reason)); it is replaced\(opens)"
            )
        }
        for id in deletedPrincipals {
            warnings.append("\(id), a deleted role or user, is left out of the managed statements")
        }
        if let adoption = adoptionWarning { warnings.append(adoption) }
        let guides = adoptable.filter { $0.prefix == nil }.map(\.name)
        if !guides.isEmpty {
            warnings.append(
                "\(guides.inWords) could be adopted: --adopt folds \(guides.count == 1 ? "it" : "them") into "
                    + "the managed statements")
        }
        for statement in adoptable {
            guard let prefix = statement.prefix else { continue }
            warnings.append(
                "\(statement.name) has the prefix \(prefix), so it is left to whoever uses that; only --adopt-sid adopts it"
            )
        }
        return warnings
    }

    /// The sentence that names what is adopted; nil when nothing is. The last look at a change asks for it.
    var adoptionWarning: String? {
        adopted.isEmpty ? nil : "adopts \(adopted.inWords), foreign until now"
    }

    /// What a reviewer should know when the policy is written.
    var warningsOfWriting: [String] {
        zip(foreignIndices, foreign).flatMap { index, statement in
            let label = statement.name(at: index)
            let name = "the foreign " + (label.first == "\"" ? "statement \(label)" : label)
            return statement.deletedPrincipals.map { id in
                "\(name) names \(id), a deleted role or user; ECR may refuse to accept it again"
            }
                + statement.refusedElements.map { element in
                    """
                    \(name) has \(element), which ECR no longer accepts; expect it to refuse every change of this policy \
                    until that statement is corrected by hand
                    """
                }
        }
    }

    /// Whether any foreign statement is not a plain permission.
    var hasDenial: Bool {
        foreign.contains { $0.members["Effect"] != "Allow" }
    }
}

extension LivePolicy.HandEdited {
    /// Whether the statement does not allow, so that somebody may gain access when it goes.
    var denies: Bool { statement.members["Effect"] != "Allow" }
}

extension PolicyStatement {
    /// The ids of deleted roles and users among the statement's principals.
    fileprivate var deletedPrincipals: [String] {
        principalTexts.filter { GrantShape.isDeletedPrincipal($0) }
    }

    /// What ECR took in older policies and refuses today with `Invalid repository policy provided`.
    ///
    /// Source: https://github.com/cloudposse/terraform-aws-ecr/pull/67 and https://github.com/aws/aws-cdk/issues/24314
    fileprivate var refusedElements: [String] {
        let actions = members["Action"].map { ($0.array ?? [$0]).compactMap(\.string) } ?? []
        let action = actions.first { $0.lowercased() == "ecr:getauthorizationtoken" }
        return [action.map { "the action \($0)" }].compactMap { $0 }
            + ["Resource", "NotResource"].filter { members[$0] != nil }.map { "the element \($0)" }
    }
}
