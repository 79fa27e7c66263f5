package import AWSValues

/// What one live policy gives to everybody whom it names, and to everybody else: the answer of `ecr-share access`.
///
/// For each subject there is an entry for the widest access whose actions all get the same decision, and one for the
/// further actions that the policy names. A subject has no entry of its own where it is treated as a wider one is: what
/// an account gets as a member of an organization is listed under the organization. Whatever a request may do is
/// reported for somebody whom it belongs to, as allowed or as depending on something.
package struct GrantAudit: Hashable, Sendable {
    /// Sorted.
    package let entries: [AccessEntry]

    /// Reads a repository's policy. nil is a repository without one, which gives nothing.
    package init(
        of policy: Policy?, partition: Partition, owner: AccountID, today: CalendarDate? = nil
    ) throws(PolicyError) {
        self.init(of: try PolicyEvaluator(of: policy, partition: partition, owner: owner, today: today))
    }

    /// The audit of the policy that `evaluator` has read.
    package init(of evaluator: PolicyEvaluator) {
        let mentions = Mentions(of: evaluator.statements)
        var inquiry = PolicyInquiry(evaluator, about: mentions)
        var kinds: [[Bool]: [AskedActions.Kind]] = [:]
        var entries: Set<AccessEntry> = []
        for subject in AccessSubject.all(mentions, withAccounts: mentions.asksForIdentities) {
            entries.formUnion(GrantAudit.entries(of: subject, &inquiry, &kinds))
        }
        if !mentions.asksForIdentities {
            // Accounts that the same statements name are treated alike.
            var alike: [[Fit]: [AccessEntry]] = [:]
            for case .account(let id) in mentions.holders {
                var doubts: Set<Doubt> = []
                let named = evaluator.statements.map {
                    $0.principals?.fit(.account(id), doubts: &doubts) ?? .unknown
                }
                let found =
                    alike[named] ?? GrantAudit.entries(of: AccessSubject(.account(id)), &inquiry, &kinds)
                alike[named] = found
                for var entry in found {
                    entry.principal = id.description
                    entries.insert(entry)
                }
            }
        }
        for statement in evaluator.statements { entries.formUnion(GrantAudit.bygoneEntries(of: statement)) }
        self.entries = entries.sorted()
    }

    /// The entries of one subject. `known` has the kinds of action by the statements that matter.
    static func entries(
        of subject: AccessSubject, _ inquiry: inout PolicyInquiry, _ known: inout [[Bool]: [AskedActions.Kind]]
    ) -> [AccessEntry] {
        let comparisons = inquiry.comparisons(of: subject)
        let statements = inquiry.evaluator.statements
        var relevant = inquiry.answers(to: PolicyInquiry.Asked(subject)).map { $0.fit != .no }
        for wider in Set(comparisons.map(\.wider)) {
            for (index, answer) in inquiry.answers(to: wider).enumerated() where answer.fit != .no {
                relevant[index] = true
            }
        }
        guard relevant.contains(true) else { return [] }
        let kinds = known[relevant] ?? AskedActions.kinds(in: statements, relevant: relevant)
        known[relevant] = kinds
        let own = AskedActions.resolved(kinds) { none, all in
            let decision = inquiry.decision(for: subject, comparisons, about: none)
            guard decision.isAlike(inquiry.decision(for: subject, comparisons, about: all)) else { return true }
            // What is allowed is reported whatever wider subjects have.
            return (!decision.isAllowed || subject.isCatchAll)
                && comparisons.contains {
                    !inquiry.decision(for: $0.wider, about: none).isAlike(inquiry.decision(for: $0.wider, about: all))
                }
        }
        var report = AuditReport()
        for kind in own {
            var decision = inquiry.decision(for: subject, comparisons, about: kind)
            let isShown = isShown(subject, decision, kind, comparisons, &inquiry)
            if case (.unclear(let name), .allowed(let references)) = (subject.requester, decision) {
                decision = .depends(on: [.principal(name)], by: references)
            }
            // What may deny says nothing without what allows.
            if case .depends(let doubts, let references) = decision {
                let given = inquiry.statementsAllowing(subject, kind)
                decision = .depends(on: doubts, by: Set(references + given).sorted())
            }
            report.add(kind.actions, decision, isShown: isShown)
        }
        return report.extents(isLambda: subject.kind == .lambda).map { extent, decision in
            AccessEntry(
                kind: subject.kind, principal: subject.principal, region: subject.region,
                function: subject.function, extent: extent, decision: decision, statements: decision.statements)
        }
    }

    /// Whether a decision says something about the subject that is not reported for a wider one.
    private static func isShown(
        _ subject: AccessSubject, _ decision: Decision, _ kind: AskedActions.Kind,
        _ comparisons: [PolicyInquiry.Comparison], _ inquiry: inout PolicyInquiry
    ) -> Bool {
        func isOwn(_ inquiry: inout PolicyInquiry) -> Bool {
            comparisons.isEmpty
                || comparisons.contains {
                    inquiry.decision(for: $0.own, about: kind) != inquiry.decision(for: $0.wider, about: kind)
                }
        }
        /// Whether others whom the subject is one of may be allowed it.
        func isLeftOut(_ inquiry: inout PolicyInquiry) -> Bool {
            guard subject.kind != .service, !subject.isCatchAll || subject == .anyOrganization else { return false }
            return comparisons.contains { !inquiry.decision(for: $0.wider, about: kind).isDenial }
        }
        switch decision {
        case .allowed(let references):
            return !references.isEmpty && (!subject.isCatchAll || isOwn(&inquiry))
        case .depends:
            return isOwn(&inquiry) && !isOnlyForUnclear(subject, decision, inquiry.evaluator)
        case .denied(let references):
            if subject == .everybody {
                // A consumer outside every organization adds nothing where the members of any may pull.
                let members = inquiry.decision(for: PolicyInquiry.Asked(.anyOrganization), about: kind)
                guard members.isDenial else { return false }
            }
            let isTold = isToldOfDenial(subject, references, kind, &inquiry)
            return isTold && (!subject.isCatchAll || isOwn(&inquiry)) || isLeftOut(&inquiry)
        case .notAllowed:
            return isLeftOut(&inquiry)
        }
    }

    /// Whether a denial matters to the subject: it is named, or would be allowed otherwise.
    private static func isToldOfDenial(
        _ subject: AccessSubject, _ references: [StatementReference], _ kind: AskedActions.Kind,
        _ inquiry: inout PolicyInquiry
    ) -> Bool {
        let indices = Set(references.map(\.index))
        let answers = inquiry.answers(to: PolicyInquiry.Asked(subject))
        for (index, statement) in inquiry.evaluator.statements.enumerated() {
            if indices.contains(statement.reference.index) {
                guard let principals = statement.principals else { return true }
                var doubts: Set<Doubt> = []
                if principals.fit(subject.requester, doubts: &doubts) == .yes,
                    !principals.everyone || !subject.isNamedByPrincipal
                {
                    return true
                }
            } else if statement.effect != .deny, kind.fits[index] != .no, answers[index].fit == .yes {
                return true
            }
        }
        return false
    }

    /// Whether all that may allow the subject something are principals whose identity is unknown; these
    /// have entries of their own.
    private static func isOnlyForUnclear(
        _ subject: AccessSubject, _ decision: Decision, _ evaluator: PolicyEvaluator
    ) -> Bool {
        if case .unclear = subject.requester { return false }
        let indices = Set(decision.statements.map(\.index))
        return evaluator.statements.allSatisfy { statement in
            guard indices.contains(statement.reference.index) else { return true }
            guard statement.effect == .allow, let principals = statement.principals, !principals.isNegated,
                !subject.isService || principals.services.isEmpty
            else { return false }
            var doubts: Set<Doubt> = []
            return principals.fit(subject.requester, doubts: &doubts) == .unknown
        }
    }

    /// Principals who cannot act here any more, or never could: deleted ones and those of other partitions.
    private static func bygoneEntries(of statement: EvaluatedStatement) -> [AccessEntry] {
        guard let principals = statement.principals else { return [] }
        let possible = ActionSet(possiblyIn: statement)
        let extent: AccessEntry.Extent =
            if possible.isSuperset(of: .push) {
                .access(.push)
            } else if possible.isSuperset(of: .pull) {
                .access(.pull)
            } else {
                .other(
                    (statement.actions?.isNegated == false ? statement.actions?.names ?? [] : possible.names).sorted())
            }
        func entry(_ name: String, _ kind: AccessEntry.Kind) -> AccessEntry {
            AccessEntry(
                kind: kind, principal: name, region: nil, function: nil, extent: extent, decision: .notAllowed,
                statements: [statement.reference])
        }
        return principals.deleted.map { entry($0, .deleted) } + principals.elsewhere.map { entry($0, .unknown) }
    }
}

extension Decision {
    /// Whether it is a no, for whatever reason.
    var isDenial: Bool {
        switch self {
        case .denied, .notAllowed: true
        case .allowed, .depends: false
        }
    }
}

extension AccessSubject {
    /// Whether a statement can name such a requester in its Principal.
    fileprivate var isNamedByPrincipal: Bool {
        switch kind {
        case .account, .role, .user, .session, .lambda, .service: true
        case .public, .anyOrganization, .organization, .path, .deleted, .unknown: false
        }
    }
}
