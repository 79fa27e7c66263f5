package import AWSValues
import OrderedCollections
import OrderedJSON

/// Holds one proposed write against the promises that the program makes, whatever computed it.
///
/// Foreign statements and the document's other members stay as they are; managed statements grant what is wanted, no
/// more and no less; Sids are lawful; nobody becomes public; the text fits. Time grows linearly with the documents.
package struct DocumentCheck: Hashable, Sendable {
    /// `match`: managed statements grant exactly what is wanted. `add`: that and what they granted before. `remove`:
    /// what they granted before without what is wanted.
    package var mode: MergeMode
    /// What precedes the names in managed Sids, in its letter case; every other statement is foreign.
    package var sidPrefix: String
    /// Whether foreign statements in the forms of grants may become managed: they may vanish when managed statements
    /// grant what they granted. Not so those that are managed under another prefix.
    package var adopts = false
    /// Globs of Sids: such statements may become managed too, whatever their prefix.
    package var adoptedSids: [String] = []
    /// The most characters that a document may have.
    package var maximumSize = 10_240
    /// The account of the registry.
    package var owner: AccountID
    package var partition: Partition

    /// Throws the first promise that replacing `live` by `proposed` would break.
    ///
    /// nil is a repository without a policy; a nil `proposed` deletes the policy. `wanted` is in any order.
    package func check(live: Policy?, proposed: Policy?, wanted: some Sequence<Grant>) throws(DocumentViolation) {
        if let size = proposed?.size, size > maximumSize {
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

    /// A statement of a document, as written there and parsed.
    struct Part {
        let json: JSONValue
        let statement: EvaluatedStatement

        /// Whether the other is the same to the byte; strings alone are equal already when they look the same.
        func isIdentical(to other: Part) -> Bool {
            json == other.json && json.minified.utf8.elementsEqual(other.json.minified.utf8)
        }

        /// Whether this is the other to the byte, except that some of its root ARNs may be here as the account ids that
        /// ECR prints as root ARNs.
        func isKept(of other: Part, in partition: Partition) -> Bool {
            if isIdentical(to: other) { return true }
            guard var members = other.json.object, var principals = members["Principal"]?.object,
                let accounts = principals["AWS"],
                let spelled = json.object?["Principal"]?.object?["AWS"]
            else { return false }
            principals["AWS"] = Part.shortening(accounts, like: spelled, in: partition)
            members["Principal"] = .object(principals)
            return json.minified.utf8.elementsEqual(JSONValue.object(members).minified.utf8)
        }

        /// `accounts`, with the account id in place of each root ARN where `spelled` has it.
        private static func shortening(
            _ accounts: JSONValue, like spelled: JSONValue, in partition: Partition
        ) -> JSONValue {
            switch (accounts, spelled) {
            case (.string(let arn), .string(let id))
            where AccountID(id) != nil && arn.utf8.elementsEqual("arn:\(partition.id):iam::\(id):root".utf8):
                return spelled
            case (.array(let accounts), .array(let spelled)) where accounts.count == spelled.count:
                return .array(zip(accounts, spelled).map { shortening($0, like: $1, in: partition) })
            default:
                return accounts
            }
        }

        var reference: StatementReference { statement.reference }
    }

    func read(
        _ policy: Policy?, orElse violation: (PolicyError) -> DocumentViolation
    ) throws(DocumentViolation) -> PolicyParts? {
        do { return try policy?.parts } catch { throw violation(error) }
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
            if statement.reference.isManaged(prefix: sidPrefix) {
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

    /// Checks that foreign statements are the same in the same order, whether account ids replace root ARNs or not, and
    /// returns those that were adopted.
    private func checkForeign(before: [Part], after: [Part]) throws(DocumentViolation) -> [Part] {
        var adopted: [Part] = []
        var next = after.startIndex
        for part in before {
            if next < after.endIndex, after[next].isKept(of: part, in: partition) {
                next += 1
            } else if mayAdopt(part) {
                adopted.append(part)
            } else if after.contains(where: { $0.isKept(of: part, in: partition) }) {
                throw .foreignStatementMoved(part.reference)
            } else {
                throw .foreignStatementChanged(part.reference)
            }
        }
        guard next == after.endIndex else { throw .foreignStatementAdded(after[next].reference) }
        return adopted
    }

    private func mayAdopt(_ part: Part) -> Bool {
        guard StatementShape(part.statement, partition: partition) != nil else { return false }
        let sid = Array((part.reference.sid ?? "").utf8)
        return (adopts && !part.reference.isManagedUnderAnyPrefix)
            || (!sid.isEmpty && adoptedSids.contains { Glob.matches(Array($0.utf8), sid) })
    }

    private func checkSids(managed: [Part], foreign: [Part]) throws(DocumentViolation) {
        var taken = Set(foreign.compactMap(\.reference.sid))
        for part in managed {
            let sid = part.reference.sid ?? ""
            guard sid.utf8.allSatisfy(\.isLetterOrDigit), !sid.isEmpty else { throw .unlawfulSid(part.reference) }
            guard taken.insert(sid).inserted else { throw .repeatedSid(part.reference) }
        }
    }
}
