import AWSValues

/// What a new policy changes for those who may use a repository: who gains, who loses and who keeps access, when every
/// statement is taken together.
///
/// An entry with doubts is about what may happen: for a limit on losses it counts like the others.
package struct AccessChange: Hashable, Sendable {
    /// What the new policy gives, where it is not certain that somebody gains or loses.
    package enum Afterwards: String, Hashable, Sendable {
        case allowed, depends
        case notAllowed = "not-allowed"
    }

    /// What somebody gains, loses or keeps.
    package struct Entry: Hashable, Comparable, Sendable {
        package let kind: AccessEntry.Kind
        /// As ``AccessEntry/principal``: a consumer as matrices have it, a service, an ARN, `*` for everybody, `o-*`
        /// for the members of any organization.
        package let principal: String
        /// Of Lambda functions, where the policy names it.
        package let region: String?
        /// Of Lambda functions, where the policy names it.
        package let function: String?
        /// `push` includes `pull`.
        package let extent: AccessEntry.Extent
        /// The statements that give it, by ``StatementReference/name``: of the old policy for what is lost, else of the
        /// new one.
        package let through: [String]
        /// What it depends on, in words; empty when it is certain.
        package let doubts: [String]
        /// Beside doubts: what the new policy gives. A gain with `allowed` is one for those who did not have it yet.
        package let afterwards: Afterwards

        /// The consumer as matrices have it, or nil for whom no matrix can name.
        package var consumer: Consumer? { Consumer(principal) }

        /// What is certain comes before what is not, each in the order of subjects.
        package static func < (left: Entry, right: Entry) -> Bool {
            if left.doubts.isEmpty != right.doubts.isEmpty { return left.doubts.isEmpty }
            return left.line < right.line
        }

        private var line: AccessEntry {
            AccessEntry(
                kind: kind, principal: principal, region: region, function: function, extent: extent,
                decision: .notAllowed, statements: [])
        }
    }

    /// What was not possible before. What somebody had already is not a gain. Sorted.
    package internal(set) var gained: [Entry]
    /// What was possible before and is no longer. Sorted.
    package internal(set) var lost: [Entry]
    /// What those have as before whose grants change, and through which statements. Sorted.
    package internal(set) var kept: [Entry]

    package init(gained: [Entry] = [], lost: [Entry] = [], kept: [Entry] = []) {
        self.gained = gained
        self.lost = lost
        self.kept = kept
    }

    /// What grants say of themselves, whatever other statements there are.
    package init(_ grants: GrantDifference) {
        self.init(
            gained: grants.added.map { Entry($0.grant, .allowed) }.sorted(),
            lost: grants.removed.map { Entry($0.grant, .notAllowed) }.sorted())
    }

    package var isEmpty: Bool { gained.isEmpty && lost.isEmpty && kept.isEmpty }
}

extension AccessChange.Entry {
    fileprivate init(_ grant: Grant, _ afterwards: AccessChange.Afterwards) {
        let kind: AccessEntry.Kind = grant.access == .lambdaOnly ? .lambda : AccessEntry.Kind(of: grant.consumer)
        self.init(
            kind: kind, principal: grant.consumer.description, region: grant.consumerRegion?.name, function: nil,
            extent: .access(grant.access), through: [], doubts: [], afterwards: afterwards)
    }

    /// The kind that follows from the other words; nil when none does.
    static func impliedKind(of principal: String, _ extent: AccessEntry.Extent) -> AccessEntry.Kind? {
        extent == .access(.lambdaOnly) ? .lambda : Consumer(principal).map { AccessEntry.Kind(of: $0) }
    }
}

extension AccessEntry.Kind {
    /// What a consumer is.
    init(of consumer: Consumer) {
        switch consumer {
        case .account: self = .account
        case .principal(let arn): self = arn.text.contains(":role/") ? .role : .user
        case .organization: self = .organization
        case .organizationPath: self = .path
        }
    }
}
