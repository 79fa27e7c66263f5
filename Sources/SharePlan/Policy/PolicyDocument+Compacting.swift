import AWSValues
import OrderedCollections
import OrderedJSON

extension PolicyDocument {
    /// The policy in at most `limit` characters if that can be had without a change of meaning: minified, and
    /// with root ARNs written as bare account ids if it is still too long.
    ///
    /// A policy that ECR printed can be longer than the limit that ECR holds its input against.
    func compacted(toFit limit: Int, in partition: Partition) -> Policy {
        let policy = Policy(self)
        guard policy.size > limit else { return policy }
        var compact = self
        compact.statements = statements.map { $0.withBareAccounts(in: partition) }
        return Policy(compact)
    }
}

extension PolicyStatement {
    /// The statement with the root ARNs among its principals written as account ids, which ECR prints as root ARNs.
    func withBareAccounts(in partition: Partition) -> PolicyStatement {
        guard var principals = members["Principal"]?.object, let accounts = principals["AWS"] else { return self }
        principals["AWS"] = accounts.withBareAccounts(in: partition)
        var members = members
        members["Principal"] = .object(principals)
        return PolicyStatement(members)
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
