package import AWSValues

/// What a plan may do at most; a plan beyond it is refused before anything is written.
package struct PlanLimits: Sendable {
    /// A number, or a share of the plan's repositories.
    package enum Bound: Hashable, Sendable, CustomStringConvertible {
        case count(Int)
        /// From 0 to 100.
        case percent(Double)

        /// `N` or `P%`, as options have it; nil for anything else.
        package init?(_ text: String) {
            if text.hasSuffix("%") {
                guard let share = Double(text.dropLast()), (0...100).contains(share) else { return nil }
                self = .percent(share)
            } else {
                guard let number = Int(text), number >= 0 else { return nil }
                self = .count(number)
            }
        }

        package var description: String {
            switch self {
            case .count(let number): String(number)
            case .percent(let share):
                share == share.rounded() ? "\(Int(share))%" : "\(share)%"
            }
        }

        /// How many of `total` it is; a share is rounded up.
        package func number(of total: Int) -> Int {
            switch self {
            case .count(let number): min(number, total)
            case .percent(let share): Int((share * Double(total) / 100).rounded(.up))
            }
        }
    }

    /// The most repositories that may be written.
    package var maximumChanges: Bound?
    /// A number: how often access may be taken away, ``Change/revocations`` of all changes. A share: the most
    /// repositories where somebody loses access.
    package var maximumRevocations: Bound?
    /// Whether any access may be taken away.
    package var allowsRevocations: Bool
    /// The only digest that may be applied, as somebody reviewed it.
    package var expectedDigest: String?
    /// The only consumers that may gain access; an account includes its roles and users, an organization for its
    /// paths.
    package var allowedConsumers: Set<Consumer>?
    /// The repositories that may not be written.
    package var isProtected: @Sendable (RepositoryID) -> Bool

    package init(
        maximumChanges: Bound? = nil, maximumRevocations: Bound? = nil, allowsRevocations: Bool = true,
        expectedDigest: String? = nil, allowedConsumers: Set<Consumer>? = nil,
        isProtected: @escaping @Sendable (RepositoryID) -> Bool = { _ in false }
    ) {
        self.maximumChanges = maximumChanges
        self.maximumRevocations = maximumRevocations
        self.allowsRevocations = allowsRevocations
        self.expectedDigest = expectedDigest
        self.allowedConsumers = allowedConsumers
        self.isProtected = isProtected
    }

    fileprivate func allows(_ consumer: Consumer) -> Bool {
        guard let allowedConsumers else { return true }
        if allowedConsumers.contains(consumer) { return true }
        switch consumer {
        case .principal(let arn): return allowedConsumers.contains(.account(arn.account))
        case .organizationPath(let path): return allowedConsumers.contains(.organization(path.organization))
        case .account, .organization: return false
        }
    }
}

/// Holds one plan against its limits, entry by entry.
package struct PlanCheck: Sendable {
    private let limits: PlanLimits
    /// What the plan is for, which decides the advice.
    private let operation: PlanHeader.Operation
    private var summary = PlanSummary()
    private var repositoriesLosing = 0
    private var protected = PlanRefusal.Sample<RepositoryID>()
    private var consumers: Set<String> = []

    package init(_ limits: PlanLimits, of operation: PlanHeader.Operation = .share) {
        self.limits = limits
        self.operation = operation
    }

    /// Counts the next entry, in any order.
    package mutating func count(_ entry: PlanEntry) {
        summary.count(entry)
        guard case .change(let change) = entry else { return }
        if change.revocations > 0 { repositoriesLosing += 1 }
        if limits.isProtected(change.repository) { protected.add(change.repository) }
        guard limits.allowedConsumers != nil else { return }
        for added in change.grants.added where !limits.allows(added.grant.consumer) {
            consumers.insert(added.grant.consumer.description)
        }
        for entry in change.access.gained where entry.consumer.map({ !limits.allows($0) }) ?? true {
            consumers.insert(entry.consumer?.description ?? entry.holder)
        }
    }

    /// Throws every limit that the plan exceeds, at once. `digest` is the plan's own.
    package func verify(digest: String) throws(PlanRefusal) {
        var reasons: [PlanRefusal.Reason] = []
        if let expected = limits.expectedDigest, expected.lowercased() != digest {
            reasons.append(.anotherDigest(expected: expected, actual: digest))
        }
        if let limit = limits.maximumChanges, exceeds(summary.changes, limit) {
            reasons.append(.changes(summary.changes, of: summary.repositories, limit: limit))
        }
        if summary.grantsRemoved > 0, !limits.allowsRevocations {
            reasons.append(.revocationsNotAllowed(grants: summary.grantsRemoved, repositories: repositoriesLosing))
        }
        if let limit = limits.maximumRevocations {
            let counted = if case .count = limit { summary.grantsRemoved } else { repositoriesLosing }
            if exceeds(counted, limit) {
                reasons.append(
                    .revocations(
                        grants: summary.grantsRemoved, repositories: repositoriesLosing, of: summary.repositories,
                        limit: limit))
            }
        }
        if protected.count > 0 { reasons.append(.protected(protected, operation)) }
        if !consumers.isEmpty {
            var sample = PlanRefusal.Sample<String>()
            for consumer in consumers.sorted() { sample.add(consumer) }
            reasons.append(.consumers(sample, operation))
        }
        guard reasons.isEmpty else { throw PlanRefusal(reasons: reasons) }
    }

    private func exceeds(_ number: Int, _ limit: PlanLimits.Bound) -> Bool {
        switch limit {
        case .count(let most): number > most
        case .percent(let share): Double(number) * 100 > share * Double(summary.repositories)
        }
    }
}
