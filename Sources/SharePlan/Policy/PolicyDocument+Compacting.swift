import OrderedCollections

extension PolicyDocument {
    /// The document's text in at most `limit` UTF-8 bytes if that can be had without a change of meaning: minified, and
    /// with root ARNs written as bare account ids if it is still too long.
    ///
    /// A policy that ECR printed can be longer than the limit that ECR holds its input against.
    func compacted(toFit limit: Int, in partition: Partition) -> String {
        let text = text
        guard text.utf8.count > limit else { return text }
        var compact = self
        compact.statements = statements.map { statement in
            var members = statement.members
            if var principals = members["Principal"]?.object, let accounts = principals["AWS"] {
                principals["AWS"] = accounts.withBareAccounts(in: partition)
                members["Principal"] = .object(principals)
            }
            return PolicyStatement(members)
        }
        return compact.text
    }
}

extension JSONValue {
    fileprivate func withBareAccounts(in partition: Partition) -> JSONValue {
        switch self {
        case .string(let text): .string(AccountID(principal: text, in: partition)?.description ?? text)
        case .array(let elements): .array(elements.map { $0.withBareAccounts(in: partition) })
        default: self
        }
    }
}
