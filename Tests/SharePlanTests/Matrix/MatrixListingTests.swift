import AWSValues
import SharePlan
import TestSupport
import Testing

/// Random rows over a few repositories, names and globs mixed, read by code that shares nothing with the matrix.
private struct RandomRows {
    struct Row {
        let pattern: String
        let consumer: String
        let words: [String]
        let isExpired: Bool
    }

    static let names = ["a", "a/b", "a/c", "ab", "base/go", "base/java", "zz"].compactMap { RepositoryName($0) }
    static let accounts = ["444455556666", "555566667777", "666677778888"].compactMap { AccountID($0) }
    static let groups = "group,consumer\nteam,444455556666\nteam,555566667777\n"
    private static let globs = ["*", "a*", "a/*", "base/*", "?", "??", "*/?o", "q*"]

    let rows: [Row]
    /// Whether the file is wide.
    let isWide: Bool

    init(_ random: inout SeededGenerator) {
        isWide = random.chance(2)
        // In a wide file, a column is a consumer and a row has one expiry.
        rows = (0..<Int.random(in: 1...8, using: &random)).map { _ in
            let pattern =
                random.chance(2) ? random.pick(RandomRows.globs) : random.pick(RandomRows.names).text
            let consumer = random.pick(RandomRows.accounts.map(\.description) + ["@team"])
            return Row(
                pattern: pattern, consumer: consumer,
                words: random.subset(of: ["pull", "push", "lambda", "lambda-only"], atMost: 2) + [
                    random.pick(["pull", "push"])
                ],
                isExpired: random.chance(4))
        }
    }

    /// nil when rows contradict each other.
    func matrix() throws -> Matrix? {
        let result = parse(text, groups: RandomRows.groups)
        if result.matrix == nil, let error = result.diagnostics.first(where: { $0.severity == .error }),
            error.kind != .conflict
        {
            throw Broken(error.description)
        }
        return result.matrix
    }

    var text: String {
        func day(_ row: Row) -> String { row.isExpired ? "2020-01-01" : "" }
        if !isWide {
            return longHeader
                + rows.map { row in
                    "111122223333,us-east-1,\(row.pattern),\(row.consumer),\(row.words.joined(separator: ";")),,\(day(row)),\n"
                }.joined()
        }
        let columns = RandomRows.accounts.map(\.description) + ["@team"]
        return "owner_account,region,repository,expires," + columns.joined(separator: ",") + "\n"
            + rows.map { row in
                let cells = columns.map { $0 == row.consumer ? row.words.joined(separator: ";") : "" }
                return "111122223333,us-east-1,\(row.pattern),\(day(row)),\(cells.joined(separator: ","))\n"
            }.joined()
    }

    /// The words of all rows that mention an account and a repository.
    func words(_ account: AccountID, on name: RepositoryName, expired: Bool) -> Set<String> {
        Set(
            rows.filter { row in
                (expired || !row.isExpired) && RandomRows.matches(row.pattern[...], name.text[...])
                    && (row.consumer == account.description
                        || (row.consumer == "@team" && account != RandomRows.accounts[2]))
            }.flatMap(\.words))
    }

    /// Tried one character after the other: `*` is nothing, or one character and the rest.
    static func matches(_ pattern: Substring, _ name: Substring) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        if first == "*" {
            return matches(pattern.dropFirst(), name) || (!name.isEmpty && matches(pattern, name.dropFirst()))
        }
        guard let character = name.first, first == "?" || first == character else { return false }
        return matches(pattern.dropFirst(), name.dropFirst())
    }
}

/// What an account may do by a document, asked of the evaluator.
private func access(_ account: AccountID, _ text: Policy?, owner: AccountID) throws -> (
    pull: Bool, push: Bool, lambda: Bool
) {
    let evaluator = try PolicyEvaluator(of: text, partition: .aws, owner: owner)
    func may(_ requester: AccessRequest.Requester, _ action: String) -> Bool {
        evaluator.decision(for: AccessRequest(requester, action: action, organization: .none)).isAllowed
    }
    let caller = LambdaCaller(account: account, region: Region("us-east-1"))
    return (
        may(.account(account), "ecr:BatchGetImage"), may(.account(account), "ecr:PutImage"),
        may(.lambda(caller), "ecr:BatchGetImage")
    )
}

private func all(_ body: (inout SeededGenerator, RandomRows) throws -> Void) throws {
    for number in 0..<max(1, PropertySettings.cases / 13) {
        var random = SeededGenerator(seed: PropertySettings.seed &+ UInt64(number))
        let rows = RandomRows(&random)
        do { try body(&random, rows) } catch let broken as Broken {
            Issue.record(
                "ECR_SHARE_PROPERTY_SEED=\(PropertySettings.seed &+ UInt64(number)): \(broken) in \(rows.text)")
            return
        }
    }
}

@Suite struct MatrixListingTests {
    private func entry(_ rules: SharingRules, _ target: Target, _ matrix: Matrix, live: Policy?) throws -> Policy? {
        let wanted = matrix.wantedGrants(for: target, mode: rules.mode)
        switch rules.entry(for: target.repository, live: live, wanted: wanted) {
        case .change(let change): return change.after
        case .unchanged, .orphan: return live
        case .problem(let problem): throw Broken(problem.message)
        }
    }

    /// A policy in which some of the accounts have some access, as the program writes it.
    private func live(_ random: inout SeededGenerator, _ repository: RepositoryID) throws -> Policy? {
        var grants: [WantedGrant] = []
        for account in RandomRows.accounts {
            if !random.chance(3) {
                grants.append(WantedGrant(Grant(consumer: .account(account), access: random.pick([.pull, .push]))))
            }
            if random.chance(2) {
                grants.append(
                    WantedGrant(
                        Grant(consumer: .account(account), access: .lambdaOnly, consumerRegion: repository.region)))
            }
        }
        return try SharingRules().change(on: repository, nil, grants)?.after
    }

    /// Whatever the listing has, or lacks, a row that matches a repository's name decides about it.
    @Test func `Nobody whom a matching row grants loses access, however the listing went`() throws {
        try all { random, rows in
            guard let matrix = try rows.matrix() else { return }
            let registry = matrix.registries[0]
            let named = Set(rows.rows.map(\.pattern)).intersection(RandomRows.names.map(\.text))
            let listed = random.subset(of: RandomRows.names, atMost: RandomRows.names.count)
            for listing in [nil, [], listed, RandomRows.names] {
                let targets = matrix.targets(in: registry, live: listing).targets
                let covered = (listing ?? []).filter { name in
                    rows.rows.contains { RandomRows.matches($0.pattern[...], name.text[...]) }
                }
                guard Set(targets.map(\.repository.name.text)) == named.union(covered.map(\.text)) else {
                    throw Broken("targets \(targets.map(\.repository.name)) of the listing \(listing ?? [])")
                }
                for target in targets {
                    let before = try live(&random, target.repository)
                    let after = try entry(SharingRules(), target, matrix, live: before)
                    for account in RandomRows.accounts {
                        let words = rows.words(account, on: target.repository.name, expired: false)
                        let has = try access(account, after, owner: target.repository.account)
                        let right =
                            has.push == words.contains("push")
                            && has.lambda == !words.isDisjoint(with: ["lambda", "lambda-only"])
                            && has.pull == !words.isDisjoint(with: ["pull", "push", "lambda"])
                        guard right else { throw Broken("\(account) has \(has) on \(target.repository) by \(words)") }
                    }
                }
            }
        }
    }

    /// `remove` takes away what any row lists, expired or not, and nothing else.
    @Test func `What a row lists is removed, wherever it is written and whatever else is listed`() throws {
        try all { random, rows in
            guard let matrix = try rows.matrix() else { return }
            for target in matrix.targets(in: matrix.registries[0], live: RandomRows.names).targets {
                let before = try live(&random, target.repository)
                let after = try entry(SharingRules(mode: .remove), target, matrix, live: before)
                for account in RandomRows.accounts {
                    let words = rows.words(account, on: target.repository.name, expired: true)
                    let (had, has) = (
                        try access(account, before, owner: target.repository.account),
                        try access(account, after, owner: target.repository.account)
                    )
                    let losesPull = !words.isDisjoint(with: ["pull", "lambda"])
                    let losesPush = losesPull || words.contains("push")
                    // Who loses push alone had pull only as a part of it.
                    let right =
                        has.push == (had.push && !losesPush)
                        && has.pull == (had.pull && !losesPull && !(had.push && losesPush))
                        && has.lambda == (had.lambda && words.isDisjoint(with: ["lambda", "lambda-only"]))
                    guard right else { throw Broken("\(account) had \(had), has \(has) after \(words)") }
                }
            }
        }
    }
}
