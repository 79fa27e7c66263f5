/// A live policy taken apart into what is ours and what is not, from which the wanted document is put together.
struct LivePolicy {
    /// A managed statement whose shape is not ours.
    struct HandEdited: Hashable {
        let sid: String
        /// The end of "it …".
        let reason: String
    }

    /// Everybody else's statements, in their order.
    private(set) var foreign: [PolicyStatement] = []
    /// What the managed statements grant, adopted ones included.
    private(set) var held = GrantSet()
    private(set) var handEdited: [HandEdited] = []
    /// Ids of deleted roles and users in managed statements; they are not written again.
    private(set) var deletedPrincipals: [String] = []
    /// Names of the foreign statements that were folded into managed ones.
    private(set) var adopted: [String] = []
    /// Names of the foreign statements that could be.
    private(set) var adoptable: [String] = []

    private let original: PolicyDocument?
    private let originalSize: Int
    private let sidPrefix: String
    private let partition: Partition

    /// Takes the policy apart; `text` is nil for a repository without one.
    init(text: String?, sidPrefix: String, partition: Partition, adopt: Bool = false) throws(PolicyError) {
        self.sidPrefix = sidPrefix
        self.partition = partition
        guard let text else {
            original = nil
            originalSize = 0
            return
        }
        let document = try PolicyDocument(parsing: text)
        original = document
        originalSize = document.text.utf8.count
        for (index, statement) in document.statements.enumerated() {
            sort(statement, index: index, adopt: adopt)
        }
    }

    private mutating func sort(_ statement: PolicyStatement, index: Int, adopt: Bool) {
        let isManaged = statement.isManaged(prefix: sidPrefix)
        do {
            let grants = try GrantShape.grants(of: statement, in: partition)
            switch (isManaged, adopt && grants.deletedPrincipals.isEmpty) {
            case (false, false):
                adoptable.append(statement.name(at: index))
                foreign.append(statement)
                return
            case (false, true): adopted.append(statement.name(at: index))
            case (true, _): deletedPrincipals += grants.deletedPrincipals
            }
            for grant in grants.grants { held.insert(grant) }
        } catch {
            guard isManaged, let sid = statement.sid else {
                foreign.append(statement)
                return
            }
            handEdited.append(HandEdited(sid: sid, reason: error.reason))
        }
    }

    /// The document in which the foreign statements stand as they were and the managed ones grant exactly `grants`; nil
    /// when nothing is left to say.
    ///
    /// Accounts are written as root ARNs while the document fits `maximumSize` UTF-8 bytes, then as bare ids for as many
    /// as needed. A document that was larger before may stay as large as it was: taking access away is never refused.
    func document(granting grants: GrantSet, maximumSize: Int) throws(PolicyTooLarge) -> PolicyDocument? {
        guard !(foreign.isEmpty && grants.isEmpty) else { return nil }
        var document = original ?? PolicyDocument()
        document.statements = foreign + managed(grants, bareAccounts: 0)
        let limit = max(maximumSize, min(originalSize, PolicyTooLarge.hardLimit))
        let size = document.text.utf8.count
        guard size > limit else { return document }

        let accounts = grants.sorted.count { grant in
            if case .account = grant.consumer { grant.access != .lambdaOnly } else { false }
        }
        let saving = "arn:\(partition.id):iam:::root".utf8.count
        let needed = (size - limit + saving - 1) / saving
        guard needed <= accounts else {
            throw PolicyTooLarge(
                smallestSize: size - accounts * saving, limit: limit, grants: grants.sorted.count,
                foreignStatements: foreign.count)
        }
        document.statements = foreign + managed(grants, bareAccounts: needed)
        return document
    }

    /// Whether `document` (nil: none) says the same as the live policy.
    func hasSameMeaning(as document: PolicyDocument?) -> Bool {
        guard let original, let document else { return original == nil && document == nil }
        return original.hasSameMeaning(as: document, in: partition)
    }

    private func managed(_ grants: GrantSet, bareAccounts: Int) -> [PolicyStatement] {
        GrantShape.statements(granting: grants, sidPrefix: sidPrefix, in: partition, bareAccounts: bareAccounts)
    }
}

extension PolicyStatement {
    /// How messages call the statement at `index` of its document: by its Sid, else by its place from 1.
    func name(at index: Int) -> String {
        guard let sid, !sid.isEmpty else { return "statement \(index + 1)" }
        return "\"\(sid)\""
    }
}

/// The wanted document does not fit, even with bare account ids.
struct PolicyTooLarge: Error, Hashable, Sendable {
    /// ECR's own limit in characters, which cannot be raised.
    ///
    /// Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html
    static let hardLimit = 10_240

    /// The fewest UTF-8 bytes that the document would take.
    let smallestSize: Int
    let limit: Int
    let grants: Int
    let foreignStatements: Int
}
