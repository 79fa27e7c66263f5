import AWSValues
import OrderedCollections
import OrderedJSON
@testable import SharePlan
import TestSupport
import Testing

/// What must hold for any live policy and any matrix. A failure prints the seed that repeats it.
@Suite struct PolicyPropertyTests {
    /// Runs `check` for each case; the first broken promise is recorded with the seed that repeats its case.
    private func forAll(_ check: (inout PolicyGenerator) throws -> Void) {
        for number in 0..<PropertySettings.cases {
            let seed = PropertySettings.seed &+ UInt64(number)
            var generator = PolicyGenerator(seed: seed)
            do {
                try check(&generator)
            } catch {
                Issue.record("ECR_SHARE_PROPERTY_SEED=\(seed) ECR_SHARE_PROPERTY_CASES=1: \(error)")
                return
            }
        }
    }

    @Test func `Foreign statements are kept in content and order, whatever is wanted`() {
        forAll { generator in
            let live = generator.livePolicy()
            let rules = SharingRules(mode: generator.random.pick(MergeMode.allCases))
            guard let change = try rules.change(on: generator.repository, live, generator.wanted()) else { return }
            let before = try foreignStatements(of: live)
            let after = try foreignStatements(of: change.after)
            try require(before == after, "foreign: \(live ?? "none") → \(change.after ?? "none")")
            guard let live, let after = change.after else { return }
            try require(
                PolicyDocument(parsing: live).otherMembers == PolicyDocument(parsing: after).otherMembers,
                "other members: \(live) → \(after)")
        }
    }

    @Test func `The evaluator agrees with the matrix for every consumer and action`() {
        forAll { generator in
            let live = generator.livePolicy()
            let wanted = generator.wanted()
            // In mode match the managed statements alone grant exactly what is wanted, whatever was there before.
            let change = try SharingRules().change(on: generator.repository, live, wanted)
            let text = change == nil ? live : change?.after
            try require(
                (text?.text.utf8.count ?? 0) <= SharingRules.defaultMaximumPolicySize, "too large: \(text ?? "")")
            let evaluator = try PolicyEvaluator(
                of: managedPart(of: text), partition: generator.partition, owner: generator.repository.account)
            let grants = GrantSet(wanted.map(\.grant))
            for (question, expected) in generator.questions(grants) {
                let decision = evaluator.decision(for: question)
                try require(
                    decision.isAllowed == expected,
                    "\(question.requester) \(question.action) is \(decision): \(text ?? "none")")
            }
        }
    }

    @Test func `Every change keeps the promises of its mode`() {
        forAll { generator in
            let live = generator.livePolicy()
            let wanted = generator.wanted()
            let mode = generator.random.pick(MergeMode.allCases)
            let adopts = generator.random.chance(4)
            let rules = SharingRules(mode: mode, adopt: adopts)
            guard let change = try rules.change(on: generator.repository, live, wanted) else { return }
            try DocumentCheck(
                mode: mode, sidPrefix: "EcrShare", adopts: adopts, owner: generator.repository.account,
                partition: generator.partition
            ).check(live: live, proposed: change.after, wanted: wanted.map(\.grant))
        }
    }

    @Test func `A second run has nothing to do, however the store spells what it got`() {
        forAll { generator in
            let live = generator.livePolicy()
            let wanted = generator.wanted()
            let rules = SharingRules(mode: generator.random.pick(MergeMode.allCases), adopt: generator.random.chance(4))
            guard let change = try rules.change(on: generator.repository, live, wanted) else { return }
            let stored = try generator.stored(change.after)
            let second = try rules.change(on: generator.repository, stored, wanted)
            try require(second == nil, "not settled: \(change.after ?? "none") then \(second?.after ?? "none")")
        }
    }

    @Test func `A rollback restores what was there`() {
        forAll { generator in
            let live = generator.livePolicy()
            let rules = SharingRules(mode: generator.random.pick(MergeMode.allCases), adopt: generator.random.chance(4))
            guard let change = try rules.change(on: generator.repository, live, generator.wanted()) else { return }
            let stored = try generator.stored(change.after)
            let undo = RollbackRules(sidPrefix: "EcrShare").entry(undoing: change, live: stored)
            guard case .change(let inverse) = undo else { throw Broken("no change: \(undo)") }
            let statements = try inverse.after.map { try PolicyDocument(parsing: $0).statements }
            let originals = try live.map { try PolicyDocument(parsing: $0).statements }
            try require(statements == originals, "\(live ?? "none") → \(inverse.after ?? "none")")
        }
    }

    @Test func `What was added can be removed without a trace`() {
        forAll { generator in
            let live = generator.livePolicy()
            // Consumers that have nothing yet: removing cannot know what they had before.
            let held = Set(try generator.heldConsumers(in: live))
            let wanted = generator.wanted().filter { !held.contains($0.grant.consumer) }
            guard let added = try SharingRules(mode: .add).change(on: generator.repository, live, wanted) else {
                return
            }
            let removed = try SharingRules(mode: .remove).change(on: generator.repository, added.after, wanted)
            try require(
                removed != nil && Policy.haveSameMeaning(removed?.after, live, in: generator.partition),
                "left behind: \(live ?? "none") → \(removed?.after ?? "none")")
        }
    }

    @Test func `One consumer's part of a run is taken back, and only that`() {
        forAll { generator in
            let live = generator.livePolicy()
            guard let change = try SharingRules().change(on: generator.repository, live, generator.wanted()),
                let bad = (change.grants.added + change.grants.removed).first?.grant.consumer
            else { return }
            let stored = try generator.stored(change.after)
            let rules = RollbackRules(sidPrefix: "EcrShare", consumers: [bad])
            guard case .change(let undo) = rules.entry(undoing: change, live: stored) else {
                throw Broken("not undone for \(bad)")
            }
            let before = try generator.held(in: live)
            let after = try generator.held(in: change.after)
            let undone = try generator.held(in: undo.after)
            try require(undone.filter { $0.consumer == bad } == before.filter { $0.consumer == bad }, "\(bad) differs")
            try require(undone.filter { $0.consumer != bad } == after.filter { $0.consumer != bad }, "others differ")
            // They are as the store spells them now, or as they were when the whole change is taken back.
            let foreign = try foreignStatements(of: undo.after)
            try require(
                foreign == foreignStatements(of: stored) || foreign == foreignStatements(of: live),
                "foreign ones differ")
        }
    }

    @Test func `Spellings of one document are equal, different documents are not`() {
        forAll { generator in
            var statements = generator.foreignStatements()
            statements += try generator.managedStatements(granting: GrantSet(generator.grants(atMost: 5)))
            let document = generator.document(of: statements)
            let (left, right) = (Policy(generator.spelled(document)), Policy(generator.spelled(document)))
            try require(
                Policy.haveSameMeaning(left, right, in: generator.partition), "different: \(left) and \(right)")
            let different = generator.changed(document)
            try require(
                !Policy.haveSameMeaning(left, Policy(different.minified), in: generator.partition),
                "equal: \(left) and \(different.minified)")
        }
    }

    private func foreignStatements(of text: Policy?) throws -> [PolicyStatement] {
        guard let text else { return [] }
        return try PolicyDocument(parsing: text).statements.filter { !$0.isManaged(prefix: "EcrShare") }
    }

    private func managedPart(of text: Policy?) throws -> Policy? {
        guard let text else { return nil }
        var document = try PolicyDocument(parsing: text)
        document.statements.removeAll { !$0.isManaged(prefix: "EcrShare") }
        return Policy(document)
    }
}

private func require(_ holds: @autoclosure () throws -> Bool, _ broken: @autoclosure () -> String) throws {
    guard try holds() else { throw Broken(broken()) }
}
