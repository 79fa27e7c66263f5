import OrderedCollections

/// One sentence of a group: these consumers gain or lose this access.
package struct AccessClause: Hashable, Sendable {
    package let isLoss: Bool
    package let consumers: [Consumer]
    /// In the matrix's words, such as `pull`, `push and lambda-only in eu-west-1` or `push but keeps pull`.
    package let access: String
    /// Empty when there is none or when it differs.
    package let reason: String

    /// What several consumers are called together.
    package var noun: String {
        let areAccounts = consumers.allSatisfy { if case .account = $0 { true } else { false } }
        return areAccounts ? "accounts" : "consumers"
    }

    /// `gains`, `gain`, `LOSES` or `LOSE`, as the number of consumers wants it.
    package var verb: String {
        switch (isLoss, consumers.count == 1) {
        case (true, true): "LOSES"
        case (true, false): "LOSE"
        case (false, true): "gains"
        case (false, false): "gain"
        }
    }
}

extension PlanGroups.Group {
    /// Above so many clauses in a group, reasons are left out to keep it readable.
    private static let mostClauses = 8

    /// The reason of every grant in the group; nil when they have none or differ.
    package var sharedReason: String? {
        let reasons = Set(removedReasons + addedReasons)
        guard reasons.count == 1, let reason = reasons.first, let reason, !reason.isEmpty else { return nil }
        return reason
    }

    /// What the group's grants say, losses first. A shared reason is not repeated in the clauses.
    package var clauses: [AccessClause] {
        let withReasons = clauses(reasons: sharedReason == nil)
        return withReasons.count <= Self.mostClauses ? withReasons : clauses(reasons: false)
    }

    private func clauses(reasons: Bool) -> [AccessClause] {
        clauses(difference.removed, reasons ? removedReasons : [], isLoss: true)
            + clauses(difference.added, reasons ? addedReasons : [], isLoss: false)
    }

    private func clauses(_ items: [AccessDifference.Item], _ reasons: [String?], isLoss: Bool) -> [AccessClause] {
        var grants: OrderedDictionary<Consumer, (items: [AccessDifference.Item], reasons: [String])> = [:]
        for (index, item) in items.enumerated() {
            grants[item.consumer, default: ([], [])].items.append(item)
            if index < reasons.count, let reason = reasons[index], !reason.isEmpty,
                grants[item.consumer]?.reasons.contains(reason) == false
            {
                grants[item.consumer]?.reasons.append(reason)
            }
        }
        struct Key: Hashable {
            let access: String
            let reason: String
            let keepsPull: Bool
        }
        let keepingPull = isLoss ? Set(difference.keepingPull) : []
        var consumers: OrderedDictionary<Key, [Consumer]> = [:]
        for (consumer, grant) in grants {
            let key = Key(
                access: accessInWords(grant.items), reason: grant.reasons.joined(separator: "; "),
                keepsPull: keepingPull.contains(consumer))
            consumers[key, default: []].append(consumer)
        }
        return consumers.map { key, consumers in
            let kept = key.keepsPull ? " but \(consumers.count == 1 ? "keeps" : "keep") pull" : ""
            return AccessClause(
                isLoss: isLoss, consumers: consumers, access: key.access + kept, reason: key.reason)
        }
    }
}

/// One consumer's grants in the matrix's words: `lambda` when the Lambda service comes with `pull`.
private func accessInWords(_ items: [AccessDifference.Item]) -> String {
    var words = items.map(\.access).filter { $0 != .lambdaOnly }.map(\.rawValue)
    let lambda = items.filter { $0.access == .lambdaOnly }
    guard !lambda.isEmpty else { return words.inWords }
    var word = Access.lambdaOnly.rawValue
    if let pull = words.firstIndex(of: Access.pull.rawValue) {
        words.remove(at: pull)
        word = "lambda"
    }
    let elsewhere = lambda.compactMap(\.region?.name)
    if !elsewhere.isEmpty {
        let own = elsewhere.count < lambda.count ? ["its own region"] : []
        word += " in " + (own + elsewhere).inWords
    }
    return (words + [word]).inWords
}

extension Consumer {
    /// The consumer as people say it: an organization is called one.
    package var inWords: String {
        switch self {
        case .account, .principal: description
        case .organization: "organization " + description
        case .organizationPath: "organization path " + description
        }
    }
}
