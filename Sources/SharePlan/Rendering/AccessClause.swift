import OrderedCollections

/// One sentence of a group: these consumers gain or lose this access.
package struct AccessClause: Hashable, Sendable {
    package let isLoss: Bool
    /// Whom the sentence is about, in words; what comes out of policies is made visible.
    package let names: [String]
    /// What several of them are called together.
    package let noun: String
    /// `gains`, `gain`, `LOSES` or `LOSE`, as the number of names wants it; `is` of a statement that is replaced.
    package let verb: String
    /// In the matrix's words, such as `pull`, `push and lambda-only in eu-west-1` or `push but keeps pull`.
    package let access: String
    /// Whether ``access`` has words out of a policy, which may be anything.
    package let quotesPolicy: Bool
    /// Empty when there is none or when it differs.
    package let reason: String

    fileprivate init(isLoss: Bool, consumers: [Consumer], access: String, reason: String) {
        self.isLoss = isLoss
        self.access = access
        self.reason = reason
        quotesPolicy = false
        names = consumers.map(\.inWords)
        noun = consumers.allSatisfy(\.isAccount) ? "accounts" : "consumers"
        verb =
            switch (isLoss, consumers.count == 1) {
            case (true, true): "LOSES"
            case (true, false): "LOSE"
            case (false, true): "gains"
            case (false, false): "gain"
            }
    }

    fileprivate init(_ loss: ReplacedStatement.Loss) {
        self.init(name: loss.holder, verb: "LOSES", access: loss.access, quotesPolicy: true)
    }

    /// The clause of a statement with which nothing goes that has a clause of its own.
    fileprivate init(replacing statement: ReplacedStatement) {
        self.init(
            name: "the hand-edited statement \"\(statement.sid)\"", verb: "is",
            access: statement.denies ? "replaced, and whom it shut out may gain access" : "replaced")
    }

    private init(name: String, verb: String, access: String, quotesPolicy: Bool = false) {
        isLoss = true
        self.quotesPolicy = quotesPolicy
        names = [name.visible()]
        noun = "others"
        self.verb = verb
        self.access = access.visible()
        reason = ""
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
            + difference.replaced.flatMap { statement in
                statement.losses.isEmpty
                    ? [AccessClause(replacing: statement)] : statement.losses.map { AccessClause($0) }
            }
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
