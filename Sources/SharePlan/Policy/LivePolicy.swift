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
    /// What hand-edited statements may grant, as far as it can be written as grants: what goes when they are replaced.
    private(set) var heldByEdited: [Grant] = []
    /// Ids of deleted roles and users in managed statements; they are not written again.
    private(set) var deletedPrincipals: [String] = []
    /// Names of the foreign statements that were folded into managed ones.
    private(set) var adopted: [String] = []
    /// Names of the foreign statements that could be.
    private(set) var adoptable: [String] = []

    private let original: PolicyDocument?
    private let sidPrefix: String
    private let partition: Partition

    /// Takes the policy apart; `text` is nil for a repository without one.
    init(text: String?, sidPrefix: String, partition: Partition, adopt: Bool = false) throws(PolicyError) {
        self.sidPrefix = sidPrefix
        self.partition = partition
        guard let text else {
            original = nil
            return
        }
        let document = try PolicyDocument(parsing: text)
        original = document
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
            heldByEdited += GrantShape.likelyGrants(ofEdited: statement, in: partition)
        }
    }

    /// Everything that the managed statements grant or, edited by hand, may grant: who loses any of it loses access.
    var heldWithEdited: GrantSet {
        var held = held
        for grant in heldByEdited { held.insert(grant) }
        return held
    }

    /// The document in which the foreign statements stand as they were and the managed ones grant exactly `grants`; nil
    /// when nothing is left to say.
    ///
    /// Accounts are written as root ARNs while the document fits `maximumSize` UTF-8 bytes, then as bare ids for as many
    /// as needed. A document that does not fit even so may go up to ECR's own limit if it does not grow: taking access
    /// away is never refused.
    func document(granting grants: GrantSet, maximumSize: Int) throws(PolicyTooLarge) -> PolicyDocument? {
        guard !(foreign.isEmpty && grants.isEmpty) else { return nil }
        var document = original ?? PolicyDocument()
        document.statements = foreign + managed(grants, bareAccounts: 0)
        let size = document.text.utf8.count
        guard size > maximumSize else { return document }

        let accounts = grants.accountsByARN
        let saving = "arn:\(partition.id):iam:::root".utf8.count
        let smallest = size - accounts * saving
        if smallest <= maximumSize {
            document.statements = foreign + managed(grants, bareAccounts: (size - maximumSize + saving - 1) / saving)
            return document
        }
        guard smallest <= min(smallestOriginalSize, PolicyTooLarge.hardLimit) else {
            throw PolicyTooLarge(
                smallestSize: smallest, limit: maximumSize, grants: grants.sorted.count,
                foreignStatements: foreign.count)
        }
        document.statements = foreign + managed(grants, bareAccounts: accounts)
        return document
    }

    /// The UTF-8 bytes of the live document with bare account ids: ECR prints root ARNs, whatever it was sent.
    private var smallestOriginalSize: Int {
        guard var document = original else { return 0 }
        let edited = document.statements.filter { statement in
            statement.isManaged(prefix: sidPrefix) && (try? GrantShape.grants(of: statement, in: partition)) == nil
        }
        document.statements = foreign + edited + managed(held, bareAccounts: held.accountsByARN)
        return document.text.utf8.count
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

extension GrantSet {
    /// How many accounts are written as root ARNs or bare ids.
    fileprivate var accountsByARN: Int {
        sorted.count { grant in
            if case .account = grant.consumer { grant.access != .lambdaOnly } else { false }
        }
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
