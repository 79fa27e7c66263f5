import AWSValues
import OrderedCollections

/// One sentence of a group: these consumers gain, lose or keep this access.
package struct AccessClause: Hashable, Sendable {
    /// What the clause means to whom it is about. The raw values are the names by which the page's style knows it.
    package enum Tone: String, Hashable, Sendable {
        case loss, gain, same
    }

    /// A part of what is reported about the access.
    package struct Piece: Hashable, Sendable {
        package let text: String
        /// Whether it has words out of a policy, which may be anything.
        package let isQuoted: Bool
    }

    package let tone: Tone
    /// Whom the sentence is about, in words; what comes out of policies is made visible.
    package let names: [String]
    /// What several of them are called together.
    package let noun: String
    /// `gains`, `may gain`, `LOSES`, `MAY LOSE` or `keeps`, as the number of names wants it; `is` of a statement that
    /// is replaced.
    package let verb: String
    /// What they gain, lose or keep, such as `pull`, `push and lambda-only in eu-west-1`, and under which
    /// circumstances. To be joined without anything between.
    package let pieces: [Piece]
    /// Empty when there is none or when it differs.
    package let reason: String

    package var isLoss: Bool { tone == .loss }

    /// The pieces in one, made visible.
    package var access: String { pieces.map { $0.text.visible() }.joined() }

    /// The verb and what this program's own words say of the access.
    package var summary: String { verb + " " + pieces.prefix { !$0.isQuoted }.map(\.text).joined() }

    fileprivate init(_ tone: Tone, _ items: [AccessDifference.Item], _ pieces: [Piece], reason: String) {
        self.tone = tone
        self.pieces = pieces
        self.reason = reason
        names = items.map { $0.who.visible() }
        noun =
            if items.allSatisfy({ $0.consumer?.isAccount == true }) {
                "accounts"
            } else {
                items.contains { $0.consumer == nil } ? "others" : "consumers"
            }
        let isOne = items.areOne
        let isCertain = items.allSatisfy { $0.doubts.isEmpty || $0.afterwards != .depends }
        verb =
            switch tone {
            case .loss: isCertain ? (isOne ? "LOSES" : "LOSE") : "MAY LOSE"
            case .gain: isCertain ? (isOne ? "gains" : "gain") : "may gain"
            case .same: isCertain ? (isOne ? "keeps" : "keep") : "may keep"
            }
    }

    /// The clause of a statement that is replaced.
    fileprivate init(replacing statement: ReplacedStatement) {
        tone = .loss
        names = ["the hand-edited statement \"\(statement.sid)\"".visible()]
        noun = "statements"
        verb = "is"
        pieces = [
            Piece(
                text: statement.denies ? "replaced, and those that it denied may gain access" : "replaced",
                isQuoted: false)
        ]
        reason = ""
    }
}

extension PlanGroups.Group {
    /// Above this many clauses in a group, reasons are left out to keep it readable.
    private static let mostClauses = 8

    /// The remark on every grant in the group; nil when they have none or differ.
    package var sharedReason: String? {
        let all = Set((remarks.lost + remarks.gained + remarks.kept).map(\.words))
        guard all.count == 1, let remark = all.first, !remark.isEmpty else { return nil }
        return remark
    }

    /// What the group's changes say, losses first. A shared remark is not repeated in the clauses.
    package var clauses: [AccessClause] {
        if sharedReason != nil { return clauses { _ in "" } }
        let withReasons = clauses(\.words)
        // When access ends is never left out.
        return withReasons.count <= Self.mostClauses ? withReasons : clauses { $0.endInWords ?? "" }
    }

    private func clauses(_ words: (AccessRemark) -> String) -> [AccessClause] {
        // Whoever loses push and keeps pull gets one sentence.
        let losing = Set(difference.lost.filter { $0.doubts.isEmpty }.map(\.who))
        let keeping = Dictionary(
            grouping: difference.kept.filter { losing.contains($0.who) && $0.doubts.isEmpty }, by: \.who)
        let others = difference.kept.indices.filter { keeping[difference.kept[$0].who] == nil }
        return clauses(.loss, difference.lost, remarks.lost.map(words), keeping: keeping)
            + difference.replaced.filter { $0.denies || difference.lost.isEmpty }.map {
                AccessClause(replacing: $0)
            }
            + clauses(.gain, difference.gained, remarks.gained.map(words))
            + clauses(.same, others.map { difference.kept[$0] }, others.map { words(remarks.kept[$0]) })
    }

    private func clauses(
        _ tone: AccessClause.Tone, _ items: [AccessDifference.Item], _ reasons: [String],
        keeping: [String: [AccessDifference.Item]] = [:]
    ) -> [AccessClause] {
        struct Subject: Hashable {
            let who: String
            let doubts: [String]
            let afterwards: AccessChange.Afterwards
        }
        var subjects: OrderedDictionary<Subject, (items: [AccessDifference.Item], reasons: [String])> = [:]
        for (index, item) in items.enumerated() {
            let subject = Subject(who: item.who, doubts: item.doubts, afterwards: item.afterwards)
            subjects[subject, default: ([], [])].items.append(item)
            let reason = reasons[index]
            if !reason.isEmpty, subjects[subject]?.reasons.contains(reason) == false {
                subjects[subject]?.reasons.append(reason)
            }
        }
        struct Key: Hashable {
            let access: [AccessClause.Piece]
            let kept: [AccessClause.Piece]
            let doubts: [AccessClause.Piece]
            let reason: String
        }
        var found: OrderedDictionary<Key, [AccessDifference.Item]> = [:]
        for (subject, access) in subjects {
            guard let first = access.items.first else { continue }
            let kept = subject.doubts.isEmpty ? keeping[subject.who] ?? [] : []
            let own = repositories.onlyRegion
            let key = Key(
                access: accessInWords(access.items, in: own) + (tone == .same ? through(access.items) : []),
                kept: kept.enumerated().flatMap { index, item in
                    (index == 0 ? [] : [.own(" and ")]) + accessInWords([item], in: own) + through([item])
                },
                doubts: doubtInWords(tone, subject.doubts, subject.afterwards),
                reason: access.reasons.joined(separator: "; "))
            found[key, default: []].append(first)
        }
        return found.map { key, items in
            let but = key.kept.isEmpty ? [] : [.own(items.areOne ? " but keeps " : " but keep ")] + key.kept
            return AccessClause(tone, items, key.access + but + key.doubts, reason: key.reason)
        }
    }
}

extension [AccessDifference.Item] {
    /// Whether the verb behind their names is a singular.
    fileprivate var areOne: Bool { count == 1 && !self[0].isPlural }
}

extension RepositorySet {
    /// The region of all of them; nil when there are several.
    fileprivate var onlyRegion: Region? {
        let regions = Set(registries.map(\.region))
        return regions.count == 1 ? regions.first : nil
    }
}

extension AccessClause.Piece {
    fileprivate static func own(_ text: String) -> AccessClause.Piece {
        AccessClause.Piece(text: text, isQuoted: false)
    }
    fileprivate static func quoted(_ text: String) -> AccessClause.Piece {
        AccessClause.Piece(text: text, isQuoted: true)
    }
}

/// The statements through which somebody keeps something.
private func through(_ items: [AccessDifference.Item]) -> [AccessClause.Piece] {
    let names = OrderedSet(items.flatMap(\.through)).map {
        $0.hasPrefix("#") ? "statement \($0.dropFirst())" : "statement \"\($0)\""
    }
    guard !names.isEmpty else { return [] }
    return [.own(" through ")]
        + names.enumerated().flatMap { index, name in
            (index == 0 ? [] : [.own(index == names.count - 1 ? " and " : ", ")]) + [.quoted(name)]
        }
}

/// The circumstances under which somebody gains, loses or keeps something.
private func doubtInWords(
    _ tone: AccessClause.Tone, _ doubts: [String], _ afterwards: AccessChange.Afterwards
) -> [AccessClause.Piece] {
    guard !doubts.isEmpty else { return [] }
    let words =
        switch (tone, afterwards) {
        case (.gain, .allowed): ", unless that was possible before, which depends on "
        case (.loss, .notAllowed): ", if that was possible before, which depends on "
        default: "; it depends on "
        }
    return [.own(words), .quoted(doubts.inWords)]
}

/// One consumer's access in the matrix's words: `lambda` when the Lambda service comes with `pull`. `own` is the region
/// of the repositories, if it is one.
private func accessInWords(_ items: [AccessDifference.Item], in own: Region?) -> [AccessClause.Piece] {
    var words: [String] = []
    var actions: [String] = []
    var lambda: [AccessDifference.Item] = []
    for item in items {
        switch item.extent {
        case .access(.lambdaOnly): lambda.append(item)
        case .access(let access):
            if item.includesPull { words.append(Access.pull.rawValue) }
            words.append(access.rawValue)
        case .other(let names): actions += names
        }
    }
    if !lambda.isEmpty {
        var word = Access.lambdaOnly.rawValue
        if words == [Access.pull.rawValue] {
            words = []
            word = "lambda"
        }
        let elsewhere = lambda.compactMap(\.region)
        if !elsewhere.isEmpty {
            let own = elsewhere.count < lambda.count ? [own?.name ?? "the repository's own region"] : []
            word += " in " + (own + elsewhere).inWords
        }
        words.append(word)
    }
    guard !actions.isEmpty else { return [.own(words.inWords)] }
    let quoted = AccessClause.Piece.quoted(actions.joined(separator: " "))
    return words.isEmpty ? [quoted] : [.own(words.inWords + " and "), quoted]
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
