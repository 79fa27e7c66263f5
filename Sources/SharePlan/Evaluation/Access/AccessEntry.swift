/// One line of what a live policy gives to whom.
package struct AccessEntry: Hashable, Comparable, Sendable {
    /// What kind of requester an entry is about, in the order of a report.
    package enum Kind: String, CaseIterable, Hashable, Sendable {
        /// Everybody with AWS credentials: a `*` that no known condition limits.
        case `public`
        /// The members of any organization that the policy does not name; written `o-*`.
        case anyOrganization = "any-organization"
        case organization
        /// A path in an organization.
        case path
        case account
        case role
        case user
        /// One session of a role, or a federated user.
        case session
        /// The Lambda service on behalf of functions.
        case lambda
        /// Another AWS service; `*` for any that the policy does not name.
        case service
        /// What is left of a role or user that was deleted: its unique id, AIDA… or AROA….
        case deleted
        /// A principal whose identity is unknown.
        case unknown
    }

    /// How far the access goes.
    package enum Extent: Hashable, Comparable, Sendable {
        /// All the actions that this access consists of.
        case access(Access)
        /// These actions, as policies spell them, which make up no access; sorted.
        case other([String])

        package static func < (left: Extent, right: Extent) -> Bool {
            switch (left, right) {
            case (.access(let left), .access(let right)): left < right
            case (.access, .other): true
            case (.other, .access): false
            case (.other(let left), .other(let right)): left.lexicographicallyPrecedes(right)
            }
        }
    }

    package let kind: Kind
    /// An account id, ARN, organization id or path, service name, unique id, `*` or `o-*`.
    package var principal: String
    /// For `lambda`: the region of the functions; nil where the policy names none.
    package let region: String?
    /// For `lambda`: the functions' name, with wildcards; nil for all functions.
    package let function: String?
    package let extent: Extent
    /// ``Decision/notAllowed`` is reported for those whom wider access leaves out, and for what was deleted.
    package let decision: Decision
    /// The statements that the entry comes from, in document order.
    package let statements: [StatementReference]

    /// The consumer as matrices have it, or nil for what no matrix can name.
    package var consumer: Consumer? { Consumer(principal) }

    /// By kind, principal, region, function and extent.
    package static func < (left: AccessEntry, right: AccessEntry) -> Bool {
        left.order < right.order
    }

    private var order: (Int, String, String, String, Extent, Int) {
        (kind.rank, principal, region ?? "", function ?? "", extent, statements.first?.index ?? 0)
    }
}

extension AccessChange.Entry {
    /// Who it is, in words; what comes out of policies is as written there.
    package var holder: String {
        switch kind {
        case .public: return "everybody"
        case .anyOrganization: return "the members of any organization"
        case .service: return principal == "*" ? "any AWS service" : "service \(principal)"
        case .lambda:
            let owner =
                switch principal {
                case "*": "any account"
                case "o-*": "any organization"
                default: consumer?.inWords ?? principal
                }
            return "Lambda functions of \(owner)" + (region.map { " in \($0)" } ?? "")
                + (function.map { " named \($0)" } ?? "")
        case .organization, .path, .account, .role, .user, .session, .deleted, .unknown:
            return consumer?.inWords ?? principal
        }
    }
}

extension AccessEntry.Kind {
    fileprivate var rank: Int { AccessEntry.Kind.allCases.firstIndex(of: self) ?? 0 }
}
