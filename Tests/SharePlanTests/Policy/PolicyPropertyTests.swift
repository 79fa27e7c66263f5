import OrderedCollections
import SharePlan
import Testing

/// What must hold for any live policy and any matrix. A failure prints the seed that repeats it.
@Suite struct PolicyPropertyTests {
    /// Runs `check` for each case and records what it throws or misses with the case's own seed.
    private func forAll(_ check: (inout PolicyGenerator) throws -> [String]) rethrows {
        for number in 0..<PropertySettings.cases {
            let seed = PropertySettings.seed &+ UInt64(number)
            var generator = PolicyGenerator(seed: seed)
            let broken = try check(&generator)
            if !broken.isEmpty {
                Issue.record(
                    "ECR_SHARE_PROPERTY_SEED=\(seed) ECR_SHARE_PROPERTY_CASES=1: \(broken.joined(separator: "; "))")
                return
            }
        }
    }

    private func repository(_ generator: PolicyGenerator) -> RepositoryID {
        .fixture("000000000001 \(generator.region) base/app")
    }

    private func foreignStatements(of text: String?) throws -> [PolicyStatement] {
        guard let text else { return [] }
        return try PolicyDocument(parsing: text).statements.filter { !$0.isManaged(prefix: "EcrShare") }
    }

    @Test func `Foreign statements are kept in content and order, whatever is wanted`() throws {
        try forAll { generator in
            let live = generator.livePolicy()
            let rules = SharingRules(mode: generator.random.pick(MergeMode.allCases))
            let entry = rules.entry(for: repository(generator), live: live, wanted: generator.wanted())
            guard case .change(let change) = entry else { return [] }
            let before = try foreignStatements(of: live)
            let after = try foreignStatements(of: change.after)
            var broken: [String] = []
            if before != after {
                broken.append("foreign statements changed: \(live ?? "none") → \(change.after ?? "none")")
            }
            if let live, let after = change.after {
                let before = try PolicyDocument(parsing: live).otherMembers
                if try PolicyDocument(parsing: after).otherMembers != before { broken.append("other members changed") }
            }
            return broken
        }
    }

    @Test func `A second run has nothing to do, however the store spells what it got`() throws {
        try forAll { generator in
            let live = generator.livePolicy()
            let wanted = generator.wanted()
            let rules = SharingRules(mode: generator.random.pick(MergeMode.allCases), adopt: generator.random.chance(4))
            guard case .change(let change) = rules.entry(for: repository(generator), live: live, wanted: wanted) else {
                return []
            }
            var stored: String?
            if let after = change.after { stored = generator.spelled(try JSONValue(parsing: after)) }
            let second = rules.entry(for: repository(generator), live: stored, wanted: wanted)
            guard case .unchanged = second else { return ["not settled: \(change.after ?? "none") then \(second)"] }
            return []
        }
    }

    @Test func `A rollback restores what was there`() throws {
        try forAll { generator in
            let live = generator.livePolicy()
            let rules = SharingRules(mode: generator.random.pick(MergeMode.allCases), adopt: generator.random.chance(4))
            let entry = rules.entry(for: repository(generator), live: live, wanted: generator.wanted())
            guard case .change(let change) = entry else { return [] }
            var stored: String?
            if let after = change.after { stored = generator.spelled(try JSONValue(parsing: after)) }
            let undo = RollbackRules(sidPrefix: "EcrShare").entry(undoing: change, live: stored)
            guard case .change(let inverse) = undo else { return ["no change: \(undo)"] }
            guard PolicyDocument.haveSameMeaning(inverse.after, live, in: generator.partition) else {
                return ["not restored: \(live ?? "none") → \(inverse.after ?? "none")"]
            }
            let statements = try inverse.after.map { try PolicyDocument(parsing: $0).statements } ?? []
            let originals = try live.map { try PolicyDocument(parsing: $0).statements } ?? []
            return statements == originals ? [] : ["restored in another order or content"]
        }
    }

    @Test func `What was added can be removed without a trace`() throws {
        forAll { generator in
            let live = generator.livePolicy()
            let repository = repository(generator)
            // Consumers that have nothing yet: removing cannot know what they had before.
            let held = Set(generator.heldConsumers(in: live))
            let wanted = generator.wanted().filter { !held.contains($0.grant.consumer) }
            guard case .change(let added) = SharingRules(mode: .add).entry(for: repository, live: live, wanted: wanted)
            else { return [] }
            let removed = SharingRules(mode: .remove).entry(for: repository, live: added.after, wanted: wanted)
            guard case .change(let change) = removed else { return ["nothing removed: \(removed)"] }
            return PolicyDocument.haveSameMeaning(change.after, live, in: generator.partition)
                ? [] : ["left behind: \(live ?? "none") → \(change.after ?? "none")"]
        }
    }

    @Test func `Spellings of one document are equal, different documents are not`() throws {
        forAll { generator in
            var statements = generator.foreignStatements()
            statements.append(contentsOf: generator.managedStatements(granting: GrantSet(generator.grants(atMost: 5))))
            let document = generator.document(of: statements)
            let (left, right) = (generator.spelled(document), generator.spelled(document))
            var broken: [String] = []
            if !PolicyDocument.haveSameMeaning(left, right, in: generator.partition) {
                broken.append("spelled differently, so held for different: \(left) and \(right)")
            }
            let different = generator.document(of: statements + [generator.foreignStatement()])
            if PolicyDocument.haveSameMeaning(left, different.minified, in: generator.partition) {
                broken.append("held for equal: \(left) and \(different.minified)")
            }
            return broken
        }
    }
}

extension PolicyGenerator {
    /// The consumers of the managed statements of `live`.
    func heldConsumers(in live: String?) -> [Consumer] {
        let repository = RepositoryID.fixture("000000000001 \(region) base/app")
        guard case .change(let change) = SharingRules().entry(for: repository, live: live, wanted: []) else {
            return []
        }
        return change.grants.removed.map(\.grant.consumer)
    }
}
