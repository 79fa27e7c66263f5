import AWSValues

/// A live policy taken apart into what is ours and what is not, from which the wanted document is put together.
struct LivePolicy {
    /// A managed statement whose shape is not ours.
    struct HandEdited: Hashable {
        let sid: String
        /// The end of "it …".
        let reason: String
        let statement: PolicyStatement
    }

    /// Everybody else's statements, in their order.
    private(set) var foreign: [PolicyStatement] = []
    /// The position of each in the document, from 0.
    private(set) var foreignIndices: [Int] = []
    /// What the managed statements grant, adopted ones included.
    private(set) var held = GrantSet()
    private(set) var handEdited: [HandEdited] = []
    /// Ids of deleted roles and users in managed statements; they are not written again.
    private(set) var deletedPrincipals: [String] = []
    /// Names of the foreign statements that were folded into managed ones.
    private(set) var adopted: [String] = []
    /// The foreign statements that could be: their names, and the prefix of those that belong to another one.
    private(set) var adoptable: [(name: String, prefix: String?)] = []

    private let live: Policy?
    private let original: PolicyDocument?
    private let sidPrefix: String
    private let partition: Partition

    /// Takes the policy apart; nil for a repository without one.
    init(
        _ policy: Policy?, sidPrefix: String, partition: Partition, adopt: Adoption = .nothing
    ) throws(PolicyError) {
        try self.init(policy, sidPrefix, partition) { adopt.takes($0) }
        if !adopt.hints { adoptable = [] }
    }

    /// Takes the policy from before a change apart, adopting the foreign statements that `after` no longer has.
    init(
        _ policy: Policy?, sidPrefix: String, partition: Partition, adoptedIn after: LivePolicy
    ) throws(PolicyError) {
        var kept = after.foreign.filter { $0.grantsToAdopt(in: partition) != nil }[...]
        try self.init(policy, sidPrefix, partition) { statement in
            guard kept.first?.hasSameMeaning(as: statement, in: partition) == true else { return true }
            kept.removeFirst()
            return false
        }
    }

    private init(
        _ policy: Policy?, _ sidPrefix: String, _ partition: Partition, adopts: (PolicyStatement) -> Bool
    ) throws(PolicyError) {
        live = policy
        self.sidPrefix = sidPrefix
        self.partition = partition
        original = try policy?.document
        for (index, statement) in (original?.statements ?? []).enumerated() {
            if let sid = statement.sid, statement.isManaged(prefix: sidPrefix) {
                addManaged(statement, sid: sid)
            } else {
                addForeign(statement, index: index, adopts)
            }
        }
    }

    private mutating func addManaged(_ statement: PolicyStatement, sid: String) {
        do throws(ShapeMismatch) {
            let grants = try GrantShape.grants(of: statement, in: partition)
            deletedPrincipals += grants.deletedPrincipals
            for grant in grants.grants { held.insert(grant) }
        } catch {
            handEdited.append(HandEdited(sid: sid, reason: error.reason, statement: statement))
        }
    }

    private mutating func addForeign(_ statement: PolicyStatement, index: Int, _ adopts: (PolicyStatement) -> Bool) {
        let grants = statement.grantsToAdopt(in: partition)
        if let grants, adopts(statement) {
            adopted.append(statement.name(at: index))
            for grant in grants { held.insert(grant) }
            return
        }
        if grants != nil { adoptable.append((statement.name(at: index), statement.otherPrefix)) }
        foreign.append(statement)
        foreignIndices.append(index)
    }

    /// The policy in which the foreign statements are as they were and the managed ones grant exactly `grants`; nil
    /// when nothing is left to say.
    ///
    /// Accounts are written as root ARNs while the document fits `maximumSize` characters, then as bare ids for as many
    /// as needed, and last those of the foreign statements too: ECR prints either the same way. A document that does
    /// not fit even so may go up to ECR's own limit if it does not grow, or if nobody gains anything by it.
    func policy(granting grants: GrantSet, maximumSize: Int) throws(PolicyTooLarge) -> Policy? {
        guard !(foreign.isEmpty && grants.isEmpty) else { return nil }
        let accounts = grants.accountsByARN
        let saving = "arn:\(partition.id):iam:::root".utf8.count
        let plain = policy(foreign, grants, bareAccounts: 0)
        let excess = plain.size - maximumSize
        guard excess > 0 else { return plain }
        if excess <= accounts * saving {
            return policy(foreign, grants, bareAccounts: (excess + saving - 1) / saving)
        }
        let short = foreign.map { $0.withBareAccounts(in: partition) }
        let smallest = policy(short, grants, bareAccounts: accounts)
        let size = smallest.size
        guard size > maximumSize else { return smallest }
        let takesOnly = held.added(in: grants).isEmpty
        guard size <= PolicyTooLarge.hardLimit, takesOnly || size <= smallestOriginalSize else {
            throw PolicyTooLarge(
                smallestSize: size, limit: takesOnly ? PolicyTooLarge.hardLimit : maximumSize,
                grants: grants.sorted.count, foreignStatements: foreign.count, takesOnly: takesOnly)
        }
        return smallest
    }

    /// The live policy with one of its statements alone.
    func policy(withOnly statement: PolicyStatement) -> Policy {
        var document = original ?? PolicyDocument()
        document.statements = [statement]
        return Policy(document)
    }

    /// The characters of the live document with bare account ids: ECR prints root ARNs, whatever it was sent.
    private var smallestOriginalSize: Int {
        let statements = (foreign + handEdited.map(\.statement)).map { $0.withBareAccounts(in: partition) }
        return original == nil
            ? 0 : policy(statements, held, bareAccounts: held.accountsByARN).size
    }

    private func policy(_ others: [PolicyStatement], _ grants: GrantSet, bareAccounts: Int) -> Policy {
        var document = original ?? PolicyDocument()
        document.statements =
            others
            + GrantShape.statements(
                granting: grants, sidPrefix: sidPrefix, in: partition, bareAccounts: bareAccounts)
        return Policy(document)
    }

    /// Whether `other` says the same as the live policy.
    func hasSameMeaning(as other: Policy?) -> Bool { Policy.haveSameMeaning(live, other, in: partition) }
}

extension GrantSet {
    /// How many accounts are written as root ARNs or bare ids.
    fileprivate var accountsByARN: Int {
        sorted.count { grant in
            if case .account = grant.consumer { grant.access != .lambdaOnly } else { false }
        }
    }
}

extension PolicyStatement {
    /// What a foreign statement of exactly one of our shapes grants; nil for every other statement, and for one that
    /// names a deleted role or user, which a managed one would leave out.
    fileprivate func grantsToAdopt(in partition: Partition) -> [Grant]? {
        guard let grants = try? GrantShape.grants(of: self, in: partition), grants.deletedPrincipals.isEmpty else {
            return nil
        }
        return grants.grants
    }

    /// How messages call the statement at `index` of its document: by its Sid, else by its place from 1.
    func name(at index: Int) -> String {
        guard let sid, !sid.isEmpty else { return "statement \(index + 1)" }
        return "\"\(sid)\""
    }
}

/// The wanted document does not fit, even with bare account ids everywhere.
package struct PolicyTooLarge: Error, Hashable, Sendable {
    /// ECR's own limit in characters, which cannot be raised.
    ///
    /// Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html
    package static let hardLimit = 10_240

    /// The fewest characters that the document would take.
    let smallestSize: Int
    let limit: Int
    let grants: Int
    let foreignStatements: Int
    /// Whether nobody would gain anything by it.
    let takesOnly: Bool
}
