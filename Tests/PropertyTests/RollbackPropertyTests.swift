import AWSValues
import OrderedCollections
import OrderedJSON
import SharePlan
import TestSupport
import Testing

/// Rollbacks over random histories of one repository, judged by an oracle that reads statements by itself: runs, edits
/// by others, later runs and rollbacks of all of them.
@Suite struct RollbackPropertyTests {
    /// Each takes dozens of plans, so there are fewer than of other properties.
    private static let cases = min(PropertySettings.cases, max(2_000, PropertySettings.cases / 6))

    private func forAll(_ cases: Int = cases, _ check: (inout History) throws -> Void) {
        for number in 0..<cases {
            let seed = PropertySettings.seed &+ UInt64(number)
            var history = History(seed: seed)
            do {
                try check(&history)
            } catch {
                Issue.record(
                    "ECR_SHARE_PROPERTY_SEED=\(seed) ECR_SHARE_PROPERTY_CASES=1: \(error)\n\(history.log.joined(separator: "\n"))"
                )
                return
            }
        }
    }

    @Test func `A rollback takes only what its run gave, gives only what it took, and keeps what came later`() {
        forAll { history in
            guard history.run() else { return }
            let first = history.writes.count - 1
            for _ in 0..<Int.random(in: 0..<5, using: &history.random) { history.step() }
            for rules in history.kindsOfRollback(of: first) {
                try Judge(history, first, rules).check()
            }
        }
    }

    /// One book knows all histories and both repositories, as in a plan: whatever it recognises must be the same.
    @Test func `What is decided once for many repositories is what each would get`() {
        let book = CaseBook()
        let other = RepositoryID.fixture("111122223333 us-east-1 base/other")
        forAll(Self.cases / 20) { history in
            guard history.run() else { return }
            for _ in 0..<Int.random(in: 0..<4, using: &history.random) { history.step() }
            for rules in history.kindsOfRollback(of: 0) {
                let known = history.outcome(of: 0, rules, in: book)
                let there = history.outcome(of: 0, rules, on: other, in: book)
                guard known == history.outcome(of: 0, rules).entry else { throw Broken("\(rules): \(known)") }
                guard there.repository == other, there == history.outcome(of: 0, rules, on: other) else {
                    throw Broken("\(rules): \(there)")
                }
            }
        }
    }

    /// However deep: what was done and undone, or undone and redone, leaves no trace in what a rollback does.
    @Test func `What cancels out does not matter`() {
        forAll { history in
            guard history.run() else { return }
            let first = history.writes.count - 1
            for _ in 0..<Int.random(in: 0..<3, using: &history.random) { history.step() }
            var other = history
            let redone = other.random.chance(2)
            guard other.run() else { return }
            let with = other
            let last = other.writes.count - 1
            guard other.rollback(last, other.kindsOfRollback(of: last)[0]) else { return }
            if redone, !other.rollback(last + 1, other.kindsOfRollback(of: last)[0]) { return }
            let reference = redone ? with : history
            guard canonical(reference.live) == canonical(other.live) else { throw Broken("not undone") }
            for rules in history.kindsOfRollback(of: first) {
                let expected = canonical(reference.result(of: first, rules))
                let actual = canonical(other.result(of: first, rules))
                guard expected == actual else {
                    history.log = other.log
                    throw Broken("\(rules): \(expected) without, \(actual) with")
                }
            }
        }
    }
}

/// A policy as the oracle reads it.
private struct Reading: Equatable {
    /// `CONSUMER ACTION-WORD`, where a push counts as pull and push.
    var managed: Set<String> = []
    var foreign: [String: Int] = [:]
    /// The same as ``managed``, of the other prefix.
    var others: Set<String> = []
    /// The Sids of managed statements.
    var sids: Set<String> = []

    init(_ text: Policy?) {
        guard let text, let statements = (try? JSONValue(parsing: text))?.object?["Statement"]?.array else { return }
        for statement in statements.compactMap(\.object) {
            let sid = statement["Sid"]?.string ?? ""
            if let capabilities = Self.capabilities(of: statement, "EcrShareAllow") {
                managed.formUnion(capabilities)
            } else {
                foreign[JSONValue.object(statement).minified, default: 0] += 1
                others.formUnion(Self.capabilities(of: statement, "OtherTeamAllow") ?? [])
            }
            if sid.hasPrefix("EcrShareAllow") { sids.insert(sid) }
        }
    }

    /// What a managed statement grants; nil of any other.
    private static func capabilities(of statement: JSONObject, _ prefix: String) -> [String]? {
        let sid = statement["Sid"]?.string ?? ""
        guard sid.hasPrefix(prefix) else { return nil }
        let principals = statement["Principal"]?.object?["AWS"]
        let names = (principals?.array ?? principals.map { [$0] } ?? []).compactMap(\.string)
        let accounts = names.map { $0.hasSuffix(":root") ? String($0.dropFirst(13).prefix(12)) : $0 }
        func values(_ name: String, _ key: String) -> [String] {
            let value = statement["Condition"]?.object?[name]?.object?[key]
            return (value?.array ?? value.map { [$0] } ?? []).compactMap(\.string)
        }
        return switch sid.dropFirst(prefix.count) {
        case "Pull": accounts.map { "\($0) pull" }
        case "PullAndPush": accounts.flatMap { ["\($0) pull", "\($0) push"] }
        case "LambdaPull": values("StringLike", "aws:sourceARN").map { "\($0) lambda" }
        case "PullOrg": values("StringEquals", "aws:PrincipalOrgID").map { "\($0) pull" }
        case "PullAndPushOrg":
            values("StringEquals", "aws:PrincipalOrgID").flatMap { ["\($0) pull", "\($0) push"] }
        default: nil
        }
    }

    /// Whom a capability is about: the account of functions too.
    static func consumer(of capability: String) -> String {
        let name = String(capability.split(separator: " ")[0])
        return name.hasPrefix("arn:aws:lambda:") ? String(name.split(separator: ":")[4]) : name
    }
}

private func canonical(_ text: Policy?) -> String {
    let reading = Reading(text)
    return "\(text == nil) \(reading.managed.sorted()) \(reading.foreign.sorted { $0.key < $1.key })"
}

/// One repository through runs, edits and rollbacks.
private struct History {
    var random: SeededGenerator
    var live: Policy?
    var writes: [RollbackHistory.Write] = []
    /// The Sid prefix of each run.
    private var prefixes: [String] = []
    var log: [String] = []

    private static let repository = RepositoryID.fixture("111122223333 us-east-1 base/go")
    static let consumers = ["444455556666", "555566667777", "666677778888", "o-a1b2c3d4e5"]

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        if random.chance(2) { edit() }
        if random.chance(2) { run() }
        (writes, prefixes) = ([], [])
    }

    private mutating func wanted() -> [WantedGrant] {
        Self.consumers.flatMap { consumer -> [WantedGrant] in
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1: [.fixture("\(consumer) pull")]
            case 2: [.fixture("\(consumer) push")]
            case 3 where !consumer.hasPrefix("o-"):
                [.fixture("\(consumer) pull"), .fixture("\(consumer) lambda-only us-east-1")]
            default: []
            }
        }
    }

    /// A run of the archive; whether it wrote anything.
    @discardableResult mutating func run() -> Bool {
        let mode = random.pick([MergeMode.match, .match, .add, .remove])
        // The first one is judged.
        let prefix = !writes.isEmpty && random.chance(4) ? "OtherTeam" : "EcrShare"
        let rules = SharingRules(mode: mode, sidPrefix: prefix)
        guard case .change(let change) = rules.entry(for: Self.repository, live: live, wanted: wanted()) else {
            return false
        }
        prefixes.append(prefix)
        wrote(change, undoing: nil)
        return true
    }

    /// A rollback of a run of the archive; whether it wrote anything.
    @discardableResult mutating func rollback(_ number: Int, _ rules: RollbackRules) -> Bool {
        guard case .change(let change) = outcome(of: number, rules).entry else { return false }
        prefixes.append(prefixes[number])
        wrote(change, undoing: writes[number].run)
        return true
    }

    private mutating func wrote(_ change: Change, undoing: String?) {
        writes.append(RollbackHistory.Write(run: "run-\(writes.count)", undoes: undoing, change: change))
        live = printed(change.after)
        log.append("run-\(writes.count - 1) \(undoing.map { "undoes \($0)" } ?? ""): \(canonical(live))")
    }

    func outcome(of number: Int, _ rules: RollbackRules) -> RollbackRules.Outcome {
        rules.outcome(
            undoing: writes[number].change, live: live,
            RollbackHistory(run: writes[number].run, later: Array(writes[(number + 1)...])))
    }

    /// The same if all of it had happened to another repository.
    func outcome(
        of number: Int, _ rules: RollbackRules, on repository: RepositoryID = repository,
        in book: CaseBook = CaseBook()
    ) -> PlanEntry {
        let writes = writes.map {
            RollbackHistory.Write(run: $0.run, undoes: $0.undoes, change: Change(repository, $0.change.case))
        }
        return rules.entry(
            undoing: writes[number].change, live: live,
            RollbackHistory(run: writes[number].run, later: Array(writes[(number + 1)...])), in: book)
    }

    func result(of number: Int, _ rules: RollbackRules) -> Policy? {
        if case .change(let undo) = outcome(of: number, rules).entry { return undo.after }
        return live
    }

    mutating func step() {
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1: run()
        case 2, 3:
            let number = Int.random(in: 0..<writes.count, using: &random)
            rollback(number, random.pick(kindsOfRollback(of: number)))
        default: edit()
        }
    }

    /// Somebody edits the policy by hand.
    mutating func edit() {
        var statements = live.flatMap { (try? JSONValue(parsing: $0))?.object?["Statement"]?.array } ?? []
        switch Int.random(in: 0..<5, using: &random) {
        case 0: statements = []
        case 1 where !statements.isEmpty:
            statements.remove(at: Int.random(in: 0..<statements.count, using: &random))
        case 2:
            statements.append(
                [
                    "Sid": .string("foreign \(random.pick([1, 2, 3]))"), "Effect": "Allow",
                    "Principal": ["AWS": "arn:aws:iam::999900001111:root"], "Action": ["ecr:BatchGetImage"],
                ])
        default:
            // Somebody with the same prefix and another archive.
            let rules = SharingRules(mode: random.pick([.add, .remove, .match]))
            if case .change(let change) = rules.entry(for: Self.repository, live: live, wanted: wanted()) {
                live = printed(change.after)
                log.append("somebody: \(canonical(live))")
            }
            return
        }
        live =
            statements.isEmpty
            ? nil : Policy(JSONValue.object(["Version": "2008-10-17", "Statement": .array(statements)]).pretty)
        log.append("somebody: \(canonical(live))")
    }

    /// As ECR prints it.
    private func printed(_ policy: Policy?) -> Policy? {
        policy.flatMap { try? JSONValue(parsing: $0) }.map { Policy($0.pretty) }
    }

    func kindsOfRollback(of number: Int) -> [RollbackRules] {
        let prefix = prefixes[number]
        return [RollbackRules(sidPrefix: prefix), RollbackRules(sidPrefix: prefix, mergeLaterEdits: true)]
            + Self.consumers.map { RollbackRules(sidPrefix: prefix, consumers: [.fixture($0)]) }
    }
}

/// Judges what one rollback does at the end of a history.
private struct Judge {
    private let history: History
    private let rules: RollbackRules
    private let change: Change
    private let later: ArraySlice<RollbackHistory.Write>
    private let before, after, live, result: Reading
    private let outcome: RollbackRules.Outcome

    init(_ history: History, _ number: Int, _ rules: RollbackRules) {
        self.history = history
        self.rules = rules
        change = history.writes[number].change
        later = history.writes[(number + 1)...]
        before = Reading(change.before)
        after = Reading(change.after)
        live = Reading(history.live)
        outcome = history.outcome(of: number, rules)
        result = Reading(history.result(of: number, rules))
    }

    private func require(_ holds: Bool, _ what: String) throws {
        if !holds {
            throw Broken(
                "\(what)\n\(rules)\nbefore \(before)\nafter \(after)\nlive \(live)\nresult \(result)\n\(outcome.leftAlone)"
            )
        }
    }

    private func isMeant(_ capability: String) -> Bool {
        rules.consumers.map { $0.contains { $0.description == Reading.consumer(of: capability) } } ?? true
    }

    func check() throws {
        let given = after.managed.subtracting(before.managed)
        let taken = before.managed.subtracting(after.managed)
        let gained = result.managed.subtracting(live.managed)
        let lost = live.managed.subtracting(result.managed)
        try require(gained.isSubset(of: taken), "somebody gained what the run had not taken")
        try require(lost.isSubset(of: given), "somebody lost what the run had not given")
        try require((gained.union(lost)).allSatisfy(isMeant), "somebody else was touched")

        let isWhole = result == before && live == after
        try require(isWhole || result.foreign == live.foreign, "a foreign statement was touched")
        if case .change(let undo) = outcome.entry {
            let said = (undo.grants.added.map(\.grant), undo.grants.removed.map(\.grant))
            try require(
                Set(said.0.map { Reading.consumer(of: $0.consumer.description + " x") })
                    == Set(gained.map(Reading.consumer)), "the plan says another gain than there is")
            try require(
                Set(said.1.map { Reading.consumer(of: $0.consumer.description + " x") })
                    == Set(lost.map(Reading.consumer)), "the plan says another loss than there is")
        }
        if rules.consumers == nil, !rules.mergeLaterEdits {
            try require(outcome.entry.isConflict || live == before || isWhole, "neither conflict nor restored")
        }
        // What a later run gave, and no rollback took back, stays.
        let undone = Set(later.compactMap(\.undoes))
        for write in later where write.undoes == nil && !undone.contains(write.run) {
            let (old, new) = (Reading(write.change.before), Reading(write.change.after))
            let kept = new.managed.subtracting(old.managed).intersection(live.managed)
            try require(kept.isSubset(of: result.managed), "what \(write.run) gave was lost")
            for capability in gained {
                let consumer = Reading.consumer(of: capability)
                let touched = new.managed.symmetricDifference(old.managed)
                    .union(old.others.subtracting(new.others).subtracting(live.others)).map(Reading.consumer)
                try require(!touched.contains(consumer), "what \(write.run) decided about \(consumer) was overruled")
            }
        }
        if !later.contains(where: { $0.undoes != nil }), !outcome.entry.isConflict { try checkExactly(given, taken) }
    }

    /// Without rollbacks in between it is clear exactly what is to be done.
    private func checkExactly(_ given: Set<String>, _ taken: Set<String>) throws {
        var seen = [after]
        var touched: Set<String> = []
        var hasDeletions = false
        for write in later {
            let (old, new) = (Reading(write.change.before), Reading(write.change.after))
            if let last = seen.last, !last.sids.isSubset(of: old.sids) { hasDeletions = true }
            seen += [old, new]
            touched.formUnion(new.managed.symmetricDifference(old.managed).map(Reading.consumer))
        }
        if let last = seen.last, !last.sids.isSubset(of: live.sids) { hasDeletions = true }
        seen.append(live)
        if rules.consumers == nil, live == before { return }

        var expected = live.managed
        for capability in given where isMeant(capability) {
            if seen.allSatisfy({ $0.managed.contains(capability) }) { expected.remove(capability) }
        }
        for capability in given where capability.hasSuffix(" pull") && live.managed.contains(capability) {
            if expected.contains(capability.dropLast(4) + "push") { expected.insert(capability) }
        }
        let isWhole = rules.consumers == nil && result == before && live == after && later.isEmpty
        for capability in taken.sorted() where isMeant(capability) {
            let consumer = Reading.consumer(of: capability)
            let hasLost = zip(seen, seen.dropFirst()).contains { old, new in
                old.managed.subtracting(new.managed).subtracting(live.managed)
                    .union(old.others.subtracting(new.others).subtracting(live.others))
                    .contains { Reading.consumer(of: $0) == consumer }
            }
            let isAbsent = seen.allSatisfy { !$0.managed.contains(capability) }
            guard isWhole || isAbsent && !touched.contains(consumer) && !hasLost && !hasDeletions else { continue }
            if capability.hasSuffix(" push"), !expected.contains(capability.dropLast(4) + "pull") { continue }
            expected.insert(capability)
        }
        try require(result.managed == expected, "expected \(expected.sorted())")
        let leftOver = given.intersection(result.managed).union(taken.subtracting(result.managed)).filter(isMeant)
        try require(leftOver.isEmpty || !outcome.leftAlone.isEmpty, "left alone without a word: \(leftOver)")
    }
}
