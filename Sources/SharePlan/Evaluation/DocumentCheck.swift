import OrderedCollections

/// Holds one proposed write against the promises that the program makes, whatever computed it.
///
/// Foreign statements and the document's other members stay as they are; managed statements grant what is wanted, no
/// more and no less; Sids are lawful; nobody becomes public; the text fits. Time grows linearly with the documents.
package struct DocumentCheck: Hashable, Sendable {
    /// `match`: managed statements grant exactly what is wanted. `add`: that and what they granted before. `remove`:
    /// what they granted before without what is wanted.
    package var mode: MergeMode
    /// The start of every managed Sid, in its letter case; a statement without a Sid is foreign.
    package var sidPrefix: String
    /// Whether foreign statements in the forms of grants may become managed: they may vanish when managed statements
    /// grant what they granted.
    package var adopts: Bool
    /// The most UTF-8 bytes that a document may have.
    package var maximumSize: Int
    /// The account of the registry.
    package var owner: AccountID
    package var partition: Partition

    package init(
        mode: MergeMode, sidPrefix: String, adopts: Bool = false, maximumSize: Int = 10_240, owner: AccountID,
        partition: Partition
    ) {
        self.mode = mode
        self.sidPrefix = sidPrefix
        self.adopts = adopts
        self.maximumSize = maximumSize
        self.owner = owner
        self.partition = partition
    }

    /// Throws the first promise that replacing `live` by `proposed` would break.
    ///
    /// nil is a repository without a policy; a nil `proposed` deletes the policy. `wanted` is in any order.
    package func check(live: String?, proposed: String?, wanted: some Sequence<Grant>) throws(DocumentViolation) {
        if let size = proposed?.utf8.count, size > maximumSize {
            throw .tooLarge(size: size, limit: maximumSize)
        }
        let before = try read(live, orElse: DocumentViolation.unreadableLive)
        let after = try read(proposed, orElse: DocumentViolation.unreadableProposed)
        if let after {
            guard !after.statements.isEmpty else { throw .emptyDocument }
            try checkMembers(before: before?.members, after: after.members)
        }
        let old = split(before)
        let new = split(after)
        let adopted = try checkForeign(before: old.foreign, after: new.foreign)
        try checkSids(managed: new.managed, foreign: new.foreign)
        try checkGrants(
            ManagedChange(before: old.managed, after: new.managed, adopted: adopted, foreign: old.foreign),
            wanted: Array(wanted))
    }

    /// A statement of a document, as it stands there and taken apart.
    struct Part {
        let json: JSONValue
        let statement: EvaluatedStatement

        /// Whether the other is the same to the byte; strings alone are equal already when they look the same.
        func isIdentical(to other: Part) -> Bool {
            json == other.json && json.minified.utf8.elementsEqual(other.json.minified.utf8)
        }

        var reference: StatementReference { statement.reference }
    }

    func read(
        _ text: String?, orElse violation: (PolicyTextError) -> DocumentViolation
    ) throws(DocumentViolation) -> PolicyParts? {
        guard let text else { return nil }
        do {
            return try PolicyParts(parsing: text)
        } catch {
            throw violation(error)
        }
    }

    func split(_ document: PolicyParts?) -> (managed: [Part], foreign: [Part]) {
        guard let document else { return ([], []) }
        let evaluator = PolicyEvaluator(
            statements: Array(document.statements.enumerated()), version: document.members["Version"],
            partition: partition, owner: owner)
        var managed: [Part] = []
        var foreign: [Part] = []
        for (json, statement) in zip(document.statements, evaluator.statements) {
            let part = Part(json: json, statement: statement)
            if statement.reference.sid?.utf8.starts(with: sidPrefix.utf8) == true {
                managed.append(part)
            } else {
                foreign.append(part)
            }
        }
        return (managed, foreign)
    }

    /// A document keeps its Version, its Id and whatever else it has; a new one has only the guide's Version.
    private func checkMembers(before: JSONObject?, after: JSONObject) throws(DocumentViolation) {
        let expected = before ?? ["Version": "2008-10-17"]
        for name in expected.keys where after[name] != expected[name] { throw .memberChanged(name) }
        for name in after.keys where expected[name] == nil { throw .memberChanged(name) }
    }

    /// Checks that foreign statements are the same in the same order, and returns those that were adopted.
    private func checkForeign(before: [Part], after: [Part]) throws(DocumentViolation) -> [Part] {
        var adopted: [Part] = []
        var next = after.startIndex
        for part in before {
            if next < after.endIndex, after[next].isIdentical(to: part) {
                next += 1
            } else if adopts, StatementShape(part.statement, partition: partition) != nil {
                adopted.append(part)
            } else if after.contains(where: { $0.isIdentical(to: part) }) {
                throw .foreignStatementMoved(part.reference)
            } else {
                throw .foreignStatementChanged(part.reference)
            }
        }
        guard next == after.endIndex else { throw .foreignStatementAdded(after[next].reference) }
        return adopted
    }

    private func checkSids(managed: [Part], foreign: [Part]) throws(DocumentViolation) {
        var taken = Set(foreign.compactMap(\.reference.sid))
        for part in managed {
            let sid = part.reference.sid ?? ""
            let isLawful = sid.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
            guard isLawful, !sid.isEmpty else { throw .unlawfulSid(part.reference) }
            guard taken.insert(sid).inserted else { throw .repeatedSid(part.reference) }
        }
    }
}
