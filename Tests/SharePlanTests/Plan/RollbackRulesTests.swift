import AWSValues
import OrderedJSON
import SharePlan
import TestSupport
import Testing

/// The table of rollbacks, row by row, and the histories in which somebody's access was once lost or given back.
@Suite struct RollbackRulesTests {
    /// A repository's policy and what the archive knows of it.
    struct Story {
        static let repository = RepositoryID.fixture("111122223333 us-east-1 base/go")
        var live: Policy?
        private(set) var writes: [RollbackHistory.Write] = []

        /// A run that wants `grants`; its number.
        @discardableResult mutating func apply(
            _ grants: String..., rules: SharingRules = SharingRules(takeOver: true)
        ) throws -> Int {
            let entry = rules.entry(for: Self.repository, live: live, wanted: grants.map { .fixture($0) })
            guard case .change(let change) = entry else { throw Unexpected(entry) }
            return wrote(change, undoing: nil)
        }

        /// A rollback of a run; its number.
        @discardableResult mutating func rollback(
            _ number: Int, _ rules: RollbackRules = RollbackRules(sidPrefix: "EcrShare"),
            told: RollbackHistory.Told = .wrote
        ) throws -> Int {
            let entry = outcome(number, rules, told: told).entry
            guard case .change(let change) = entry else { throw Unexpected(entry) }
            return wrote(change, undoing: number)
        }

        private mutating func wrote(_ change: Change, undoing undone: Int?) -> Int {
            writes.append(
                RollbackHistory.Write(
                    run: "run-\(writes.count)", undoes: undone.map { "run-\($0)" }, change: change))
            live = change.after
            return writes.count - 1
        }

        /// The last run does not know whether it wrote, and it did not.
        mutating func lose() {
            guard let last = writes.popLast() else { return }
            writes.append(.init(run: last.run, undoes: last.undoes, change: last.change, isCertain: false))
            live = last.change.before
        }

        /// The last run was killed in its search for unknown principals, at a trial.
        mutating func search(leaving trial: String) {
            guard let last = writes.popLast() else { return }
            writes.append(
                .init(
                    run: last.run, undoes: last.undoes, change: last.change, isCertain: false,
                    trialPrefix: "EcrShare"))
            live = Policy(trial)
        }

        func outcome(
            _ number: Int, _ rules: RollbackRules = RollbackRules(sidPrefix: "EcrShare"),
            told: RollbackHistory.Told = .wrote
        ) -> RollbackRules.Outcome {
            let history = RollbackHistory(
                run: writes[number].run, later: Array(writes[(number + 1)...]), told: told)
            return rules.outcome(undoing: writes[number].change, live: live, history)
        }

        /// What managed statements grant now.
        var grants: [String] { RollbackRulesTests.grants(in: live) }
    }

    struct Unexpected: Error, CustomStringConvertible {
        let description: String

        init(_ entry: PlanEntry) { description = "\(entry)" }
    }

    static func grants(in policy: Policy?) -> [String] {
        guard case .change(let change) = SharingRules().entry(for: Story.repository, live: policy, wanted: []) else {
            return []
        }
        return change.grants.removed.map { "\($0.grant.consumer) \($0.grant.access.rawValue)" }
    }

    private static let (a, b, c) = ("444455556666", "555566667777", "666677778888")
    private static let foreign: Policy =
        #"{"Version":"2008-10-17","Statement":[{"Sid":"x","Effect":"Allow","Principal":{"AWS":"999900001111"},"#
        + #""Action":"ecr:BatchGetImage"}]}"#
    private static let merging = RollbackRules(sidPrefix: "EcrShare", mergeLaterEdits: true)
    private static let plain = RollbackRules(sidPrefix: "EcrShare")

    private static func only(_ consumer: String) -> RollbackRules {
        RollbackRules(sidPrefix: "EcrShare", consumers: [.fixture(consumer)])
    }

    private func left(_ story: Story, _ number: Int, _ rules: RollbackRules) -> [String] {
        story.outcome(number, rules).leftAlone
    }

    @Test func `What somebody made anew after a run and its rollback is a conflict`() throws {
        var story = Story()
        let run = try story.apply("\(Self.a) pull")
        let left = story.live
        try story.rollback(run)
        story.live = left
        #expect(code(story.outcome(run)) == "conflict")
        #expect(story.outcome(run, Self.merging).leftAlone.count == 1)
        // Undone twice, with nobody in between, there is nothing to do.
        story.live = nil
        #expect(code(story.outcome(run)) == nil)
    }

    @Test func `An adopted statement that a rollback put back and somebody took is not given back again`() throws {
        let adopted =
            #"{"Version":"2012-10-17","Statement":[{"Sid":"AllowPull","Effect":"Allow","Principal":{"AWS":"#
            + #""arn:aws:iam::\#(Self.a):root"},"Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","#
            + #""ecr:BatchCheckLayerAvailability"]}]}"#
        let rules = SharingRules(adopt: true)
        var story = Story(live: Policy(adopted))
        let run = try story.apply("\(Self.b) pull", rules: rules)
        #expect(story.grants == ["\(Self.b) pull"])
        let rollback = try story.rollback(run)
        let back = story
        story.live = Self.foreign
        #expect(story.outcome(run, Self.merging).leftAlone.count == 1)
        guard case .problem = story.outcome(run, Self.merging).entry else {
            throw Unexpected(story.outcome(run, Self.merging).entry)
        }
        // Once that rollback is undone itself, the run's taking is its own again.
        story = back
        try story.rollback(rollback)
        #expect(left(story, run, Self.merging).isEmpty)
    }

    private func code(_ outcome: RollbackRules.Outcome) -> String? {
        guard case .problem(let problem) = outcome.entry else { return nil }
        return problem.code
    }

    @Test func `A pull that a later push needs stays, and is named`() throws {
        var story = Story()
        try story.apply("\(Self.a) pull")
        try story.apply("\(Self.a) push")
        #expect(code(story.outcome(0)) == "conflict")
        for rules in [Self.merging, Self.only(Self.a)] {
            let outcome = story.outcome(0, rules)
            #expect(code(outcome) == "left-alone")
            #expect(outcome.leftAlone == ["\(Self.a) keeps pull for its push: run run-1 gave that since"])
        }
        // The later run's push alone goes.
        try story.rollback(1, Self.only(Self.a))
        #expect(story.grants == ["\(Self.a) pull"])
        try story.rollback(0, Self.merging)
        #expect(story.live == nil)
    }

    @Test func `What was granted again after somebody's edit stays`() throws {
        for replacement in [Self.foreign, nil] {
            var story = Story()
            try story.apply("\(Self.a) pull")
            story.live = replacement
            try story.apply("\(Self.a) pull")
            #expect(code(story.outcome(0)) == "conflict")
            #expect(left(story, 0, Self.merging) == ["\(Self.a) keeps pull: run run-1 has granted it since"])
        }
    }

    @Test func `What somebody granted again by hand after a later run took it stays`() throws {
        var story = Story()
        try story.apply("\(Self.a) pull", "\(Self.b) pull")
        let granted = story.live
        try story.apply("\(Self.b) pull")
        story.live = granted
        #expect(code(story.outcome(0)) == "conflict", "the policy is the run's, but a later run wrote it")
        let outcome = story.outcome(0, Self.merging)
        #expect(outcome.leftAlone == ["\(Self.a) keeps pull: somebody has granted it since"])
        guard case .change(let undo) = outcome.entry else { throw Unexpected(outcome.entry) }
        #expect(Self.grants(in: undo.after) == ["\(Self.a) pull"])
        #expect(undo.warnings.contains { $0.contains("left alone") })
    }

    @Test func `What somebody took later does not come back`() throws {
        // Deleted by hand, after the run had moved the access from one to another.
        var story = Story()
        try story.apply("\(Self.a) pull")
        let run = try story.apply("\(Self.b) pull")
        story.live = nil
        #expect(code(story.outcome(run)) == "conflict")
        for rules in [Self.merging, Self.only(Self.a)] {
            let outcome = story.outcome(run, rules)
            #expect(code(outcome) == "left-alone")
            #expect(outcome.leftAlone.contains { $0.contains("\(Self.a) does not get pull back") })
        }
        // From pull to push, or from push to pull, and then revoked.
        for (before, after) in [("pull", "push"), ("push", "pull")] {
            for later in [nil, Self.foreign] {
                var story = Story()
                try story.apply("\(Self.a) \(before)")
                let run = try story.apply("\(Self.a) \(after)")
                story.live = later
                for rules in [Self.plain, Self.merging, Self.only(Self.a)] {
                    let entry = story.outcome(run, rules).entry
                    if case .change(let change) = entry { Issue.record("\(change.grants)") }
                }
            }
        }
        // Revoked by a later run.
        var revoked = Story()
        try revoked.apply("\(Self.a) push")
        let narrowed = try revoked.apply("\(Self.a) pull", "\(Self.b) pull")
        try revoked.apply("\(Self.b) pull")
        let outcome = revoked.outcome(narrowed, Self.merging)
        #expect(outcome.leftAlone == ["\(Self.a) does not get push back: run run-2 changed its access since"])
    }

    @Test func `What the run took comes back beside later edits of others`() throws {
        var story = Story()
        try story.apply("\(Self.a) push")
        let run = try story.apply("\(Self.a) pull", "\(Self.b) pull")
        try story.apply("\(Self.a) pull", "\(Self.b) pull", "\(Self.c) pull")
        let outcome = story.outcome(run, Self.merging)
        #expect(outcome.leftAlone.isEmpty)
        guard case .change(let undo) = outcome.entry else { throw Unexpected(outcome.entry) }
        #expect(Self.grants(in: undo.after) == ["\(Self.a) push", "\(Self.c) pull"])
    }

    @Test func `A run and its rollback cancel out, at any depth`() throws {
        var story = Story()
        let run = try story.apply("\(Self.a) pull")
        let later = try story.apply("\(Self.a) pull", "\(Self.b) pull")
        let undone = try story.rollback(later)
        var copy = story
        try copy.rollback(run)
        #expect(copy.live == nil)
        // The later run is brought back: then the first one cannot simply be undone.
        let again = try story.rollback(undone)
        #expect(code(story.outcome(run)) == "conflict")
        try story.rollback(again)
        // The run itself is undone, and that is undone.
        let undo = try story.rollback(run)
        #expect(story.live == nil)
        #expect(story.outcome(run).entry == .unchanged(Unchanged(repository: Story.repository)))
        try story.rollback(undo)
        #expect(story.grants == ["\(Self.a) pull"])
        var merged = story
        try merged.rollback(run, Self.merging)
        try story.rollback(run)
        #expect(story.live == nil && merged.live == nil)
    }

    @Test func `Rollbacks bit by bit cancel a run as one does`() throws {
        var story = Story()
        let run = try story.apply("\(Self.a) pull")
        let later = try story.apply("\(Self.a) pull", "\(Self.b) pull", "\(Self.c) push")
        try story.rollback(later, Self.only(Self.b))
        #expect(code(story.outcome(run)) == "conflict")
        try story.rollback(later, Self.only(Self.c))
        try story.rollback(run)
        #expect(story.live == nil)
    }

    @Test func `Narrowed to a consumer a rollback never puts a document back`() throws {
        let edited: Policy =
            #"{"Version":"2008-10-17","Statement":[{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":"#
            + #"{"Service":"codebuild.amazonaws.com"},"Action":"ecr:*"}]}"#
        var story = Story(live: edited)
        let run = try story.apply("\(Self.b) pull")
        try story.rollback(run, Self.only(Self.b))
        #expect(story.live == nil)
        var whole = Story(live: edited)
        try whole.apply("\(Self.b) pull")
        guard case .change(let undo) = whole.outcome(0).entry else { throw Unexpected(whole.outcome(0).entry) }
        #expect(undo.warnings.contains { $0.contains("puts back the managed statement \"EcrShareAllowPull\"") })

        let guide = Self.foreign.replacing("\"ecr:BatchGetImage\"", with: Self.pull)
        var adopting = Story(live: guide)
        try adopting.apply("999900001111 pull", "\(Self.b) pull", rules: SharingRules(adopt: true))
        try adopting.rollback(0, Self.only(Self.b))
        #expect(adopting.grants == ["999900001111 pull"])
    }

    private static let pull = #"["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]"#

    /// What a replaced statement gave is not the run's gift, and what it gave to others is not known well enough.
    @Test func `After a take-over nobody loses what a replaced statement had given`() throws {
        let edited: Policy =
            #"{"Version":"2008-10-17","Statement":[{"Sid":"EcrShareAllowPullOrg","Effect":"Allow","Principal":"*","#
            + #""Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability","#
            + #""ecr:DescribeImages"],"Condition":{"StringEquals":{"aws:PrincipalOrgID":["o-a1b2c3d4e5","o-b1b2c3d4e5"]}}}]}"#
        var story = Story(live: edited)
        try story.apply("o-a1b2c3d4e5 pull", "\(Self.b) pull")
        story.live = story.live?.replacing(
            "\"Statement\":[",
            with: #""Statement":[{"Sid":"x","Effect":"Allow","Principal":{"AWS":"1"},"Action":"ecr:BatchGetImage"},"#)
        let outcome = story.outcome(0, Self.merging)
        guard case .change(let undo) = outcome.entry else { throw Unexpected(outcome.entry) }
        #expect(Self.grants(in: undo.after) == ["o-a1b2c3d4e5 pull"])
        #expect(outcome.leftAlone.count == 2 && outcome.leftAlone[1].contains("EcrShareAllowPullOrg"))
        #expect(left(story, 0, Self.only(Self.b)).isEmpty)
    }

    @Test(arguments: [
        "", #","Condition":{"StringLike":{"aws:PrincipalOrgID":"*"}}"#,
        #","Condition":{"StringLike":{"aws:PrincipalOrgID":"o-*"}}"#,
        #","Condition":{"StringLike":{"aws:PrincipalOrgID":"o-a1b2c3d4e?"}}"#,
        #","Condition":{"Null":{"aws:PrincipalOrgID":"false"}}"#,
        #","Condition":{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"*"}}"#,
        #","Condition":{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-*/*"}}"#,
        #","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}"#,
        #","Condition":{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}"#,
    ]) func `What was open is not opened again, and the plan says so`(condition: String) throws {
        let open: Policy =
            #"{"Version":"2008-10-17","Statement":[{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":"*","Action":"#
            + Policy(Self.pull + condition) + "}]}"
        var story = Story(live: open)
        try story.apply("\(Self.b) pull")
        let outcome = story.outcome(0)
        guard case .problem(let problem) = outcome.entry else { throw Unexpected(outcome.entry) }
        #expect(problem.code == "not-restorable" && problem.message.contains("--consumer"))
        // The one consumer can be taken back all the same.
        try story.rollback(0, Self.only(Self.b))
        #expect(story.live == nil)
    }

    @Test func `An exact organization comes back with whatever else was edited`() throws {
        let shut: Policy =
            #"{"Version":"2008-10-17","Statement":[{"Sid":"EcrShareAllowPullOrg","Effect":"Allow","Principal":"*","Action":"#
            + #""ecr:*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}]}"#
        var story = Story(live: shut)
        try story.apply("\(Self.b) pull")
        try story.rollback(0)
        #expect(story.live == shut)
    }

    @Test func `A killed search is undone however ECR prints foreign statements`() throws {
        func document(_ statements: [String]) -> Policy {
            #"{"Version":"2008-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
        }
        let foreign = ["111111111111", "222222222222"].map {
            #"{"Sid":"\#($0)","Effect":"Allow","Principal":{"AWS":"\#($0)"},"Action":["ecr:BatchGetImage","ecr:ListImages"]}"#
        }
        var story = Story(live: document(foreign))
        try story.apply("\(Self.a) pull", "\(Self.b) push", "\(Self.c) pull")
        let trial = try story.writes[0].change.leaving([.fixture(Self.a), .fixture(Self.b)], sidPrefix: "EcrShare")
        let managed = try #require(trial.after.map { try PolicyDocument(parsing: $0) }?.statements.last)
        let printed = document(
            foreign.reversed().map {
                $0.replacing(
                    #"["ecr:BatchGetImage","ecr:ListImages"]"#, with: #"["ecr:ListImages","ecr:BatchGetImage"]"#)
            }
                + [JSONValue.object(managed.members).minified])
        story.live = printed
        #expect(code(story.outcome(0)) == "conflict", "the journal knows of no search")
        let outcome = story.outcome(0, told: .searched)
        guard case .change(let undo) = outcome.entry else { throw Unexpected(outcome.entry) }
        #expect(Policy.haveSameMeaning(undo.after, document(foreign), in: .aws))
        #expect(undo.grants.removed == [.fixture("\(Self.c) pull")])
        // Somebody deleted it since: that is no policy of the search.
        story.live = nil
        #expect(code(story.outcome(0, told: .searched)) == "conflict")
    }

    @Test func `What a foreign statement gives again is not given twice`() throws {
        let guide =
            #"{"Sid":"AllowPull","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::\#(Self.a):root"},"Action":["#
            + #""ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]}"#
        func document(_ statements: String...) -> Policy {
            #"{"Version":"2008-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
        }
        let other = #"{"Sid":"x","Effect":"Allow","Principal":"*","Action":"ecr:ListImages"}"#
        var story = Story(live: document(other, guide))
        try story.apply("\(Self.b) pull", rules: SharingRules(adopt: true))
        #expect(story.grants == ["\(Self.b) pull"])
        try story.rollback(0)
        // Undone, and then edited: the statement that the run had adopted is there.
        story.live = document(guide)
        let merging = RollbackRules(sidPrefix: "EcrShare", mergeLaterEdits: true)
        for rules in [merging, Self.only(Self.a)] {
            let outcome = story.outcome(0, rules)
            guard case .unchanged = outcome.entry else { throw Unexpected(outcome.entry) }
            #expect(outcome.leftAlone.isEmpty)
        }
    }

    @Test func `Where the journal tells of no write, nothing is planned, and what looks like one is named`() throws {
        for rules in [
            RollbackRules(sidPrefix: "EcrShare"), RollbackRules(sidPrefix: "EcrShare", mergeLaterEdits: true),
            Self.only(Self.a),
        ] {
            var story = Story(live: nil)
            try story.apply("\(Self.a) pull")
            #expect(code(story.outcome(0, rules, told: .nothing)) == "conflict")
            for live: Policy? in [
                nil,
                #"{"Version":"2008-10-17","Statement":[{"Sid":"x","Effect":"Deny","Principal":"*","Action":"ecr:*"}]}"#,
            ] {
                story.live = live
                guard case .unchanged = story.outcome(0, rules, told: .nothing).entry else {
                    Issue.record("planned: \(story.outcome(0, rules, told: .nothing).entry)")
                    continue
                }
            }
        }
    }

    @Test func `What does not fit any more does not keep the rest from being taken`() throws {
        let many = (0..<540).map { "\(300_000_000_000 + $0) pull" }
        var story = Story()
        let wanted = many.map { WantedGrant.fixture($0) }
        let rules = SharingRules()
        guard case .change(let full) = rules.entry(for: Story.repository, live: nil, wanted: wanted) else {
            return #expect(Bool(false), "no change")
        }
        story.live = full.after
        let run = try story.apply("\(Self.a) pull")
        let another = (0..<540).map { WantedGrant.fixture("\(400_000_000_000 + $0) pull") }
        let entry = SharingRules(mode: .add).entry(for: Story.repository, live: story.live, wanted: another)
        guard case .change(let more) = entry else { throw Unexpected(entry) }
        story.live = more.after
        let outcome = story.outcome(run, Self.merging)
        guard case .change(let undo) = outcome.entry else { throw Unexpected(outcome.entry) }
        #expect(undo.grants.removed.map(\.grant.consumer.description) == [Self.a] && undo.grants.added.isEmpty)
        #expect(outcome.leftAlone.count == 540)
    }
}
