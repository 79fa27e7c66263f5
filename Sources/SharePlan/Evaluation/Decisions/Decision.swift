/// What a policy answers to a request.
package enum Decision: Hashable, Sendable {
    /// These Allow statements cover the request and no Deny hits it.
    ///
    /// Another account's identities also need their own account's policies; those of the owner account need nothing
    /// else than their own, so for them the list may be empty.
    /// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
    case allowed(by: [StatementReference])
    /// These Deny statements hit the request, whatever else the policy says.
    case denied(by: [StatementReference])
    /// The answer depends on something that the policy text and the request do not determine. The statements are those
    /// that may or may not apply. Doubts are sorted.
    case depends(on: [Doubt], by: [StatementReference])
    /// No statement allows the request.
    case notAllowed

    /// The statements that the decision rests on, in document order.
    package var statements: [StatementReference] {
        switch self {
        case .allowed(let statements), .denied(let statements), .depends(_, let statements): statements
        case .notAllowed: []
        }
    }

    /// Whether it says the same, whatever the statements that it rests on.
    func isAlike(_ other: Decision) -> Bool {
        switch (self, other) {
        case (.allowed, .allowed), (.denied, .denied), (.notAllowed, .notAllowed): true
        case (.depends(let doubts, _), .depends(let others, _)): doubts == others
        default: false
        }
    }

    /// What it depends on, sorted; nothing when it is certain.
    var doubts: [Doubt] {
        guard case .depends(let doubts, _) = self else { return [] }
        return doubts
    }

    package var isAllowed: Bool {
        guard case .allowed = self else { return false }
        return true
    }
}

/// A statement of a document. Sids may be missing, shared or blank, so the position is what counts.
package struct StatementReference: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The position among the statements that an evaluator has, from 0: the document's own for a repository's policy.
    package let index: Int
    package let sid: String?
    /// The position in the registry's own policy, from 0; nil for a statement of a repository's policy.
    package let registryIndex: Int?
    /// The position as people count, from 1, and of which document it is where that is not plain.
    private let place: String

    /// `place`: where people find the statement, if not at that position.
    package init(index: Int, sid: String?, registryIndex: Int? = nil, place: String? = nil) {
        self.index = index
        self.sid = sid
        self.registryIndex = registryIndex
        self.place = place ?? String((registryIndex ?? index) + 1)
    }

    /// The Sid, or `#` and the position as people count, from 1, where there is none.
    package var name: String {
        guard let sid, !sid.isEmpty else { return "#\(place)" }
        return sid
    }

    /// The Sid in quotes, or the position as people count, from 1.
    package var label: String {
        guard let sid, !sid.isEmpty else { return "statement \(place)" }
        return "statement \"\(sid)\""
    }

    /// The label, and whose policy it is where that is the registry's.
    package var description: String { registryIndex == nil ? label : label + " of the registry policy" }

    package static func < (left: StatementReference, right: StatementReference) -> Bool {
        left.index < right.index
    }
}

/// Why an answer is not certain.
package enum Doubt: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The value of this condition key is not known before the request is made.
    case conditionKey(String)
    /// The operator is not evaluated here, or not in this spelling.
    case conditionOperator(String)
    /// The value holds a policy variable, `${…}`.
    case policyVariable(String)
    /// It is unknown who this principal is.
    case principal(String)
    /// A part of the statement does not have the form that the IAM grammar gives it.
    case form(String)
    /// The statement mentions some of those who were asked about, not all.
    case onlySome
    /// The statement is about these members of an organization, in words.
    case members(String)
    /// Of the actions that make up an access, these are there without the others.
    case actions(String)
    /// Only the registry's own policy allows it.
    case registryAllow

    package var description: String {
        switch self {
        case .conditionKey(let key): "the value of \(key)"
        case .conditionOperator(let name): "the condition operator \(name)"
        case .policyVariable("${aws:ResourceOrgID}"): "whether that is the organization of the owner account"
        case .policyVariable(let value): "the policy variable in \"\(value)\""
        case .principal("NotPrincipal"): "which principals NotPrincipal exempts"
        case .principal(let name): "who the principal \(name) is"
        case .form(let reason): "how AWS reads a malformed statement: \(reason)"
        case .onlySome: "which principal makes the request"
        case .members(let names): "whether the request comes from \(names)"
        case .actions(let names): "whether \(names) are enough"
        case .registryAllow: "whether an Allow of the registry policy is enough"
        }
    }
}
