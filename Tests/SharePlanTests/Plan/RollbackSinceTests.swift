import SharePlan
import Testing

/// What a rollback says where somebody still has, or has lost for good, what the run gave or took.
@Suite struct RollbackSinceTests {
    private typealias Story = RollbackRulesTests.Story
    private static let (a, b, c) = ("444455556666", "555566667777", "888899990000")
    private static let pull = #"["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]"#

    /// Of a run with the prefix: all that it gave, and that of one consumer.
    private static func rules(_ prefix: String, _ consumer: String = a) -> [RollbackRules] {
        [
            RollbackRules(sidPrefix: prefix, mergeLaterEdits: true),
            RollbackRules(sidPrefix: prefix, consumers: [.fixture(consumer)]),
        ]
    }

    private static func statement(_ sid: String, _ account: String, condition: String = "") -> String {
        #"{"Sid":"\#(sid)","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::\#(account):root"},"Action":\#(pull)\#(condition)}"#
    }

    private static func document(_ statements: String...) -> String {
        #"{"Version":"2008-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
    }

    private func text(_ entry: PlanEntry) -> String { entry.leftAlone.joined(separator: "; ") }

    @Test func `What a run with another prefix adopted is left to that run, and named`() throws {
        var story = Story()
        let team = try story.apply("\(Self.a) pull", rules: SharingRules(sidPrefix: "Team"))
        let adopting = SharingRules(adoptedSids: ["Team*"].compactMap { SidPattern($0) })
        let adopter = try story.apply("\(Self.a) pull", "\(Self.b) pull", rules: adopting)
        for rules in Self.rules("Team") {
            let outcome = story.outcome(team, rules)
            guard case .problem(let problem) = outcome.entry else {
                Issue.record("\(outcome.entry)")
                continue
            }
            #expect(problem.code == "left-alone" && outcome.leftAlone == [problem.message])
            #expect(
                problem.message == "\(Self.a) keeps pull through the statement \"EcrShareAllowPull\", which run run-1 "
                    + "wrote since: undo that run first, or take the grant away with its matrix")
        }
        // That is a way to take it.
        try story.rollback(adopter)
        for rules in Self.rules("Team") {
            #expect(story.outcome(team, rules).leftAlone.isEmpty)
            var copy = story
            try copy.rollback(team, rules)
            #expect(copy.live == nil)
        }
    }

    @Test func `Who still has it by a statement that was written since is left with it, and named`() throws {
        let old = Self.document(Self.statement("Old", Self.a))
        for (before, live, words) in [
            (
                nil, Self.statement("New", Self.a),
                "keeps pull through the statement \"New\", which somebody wrote since"
            ),
            (
                nil,
                Self.statement("New", Self.a, condition: #","Condition":{"StringEquals":{"aws:PrincipalTag/t":"x"}}"#),
                "may keep pull, depending on the value of aws:PrincipalTag/t, through the statement \"New\""
            ),
            // Less than the grant, and less than the account.
            (
                nil, Self.statement("New", Self.a).replacing(",\"ecr:BatchCheckLayerAvailability\"", with: ""),
                "may keep pull, depending on whether ecr:BatchGetImage and ecr:GetDownloadUrlForLayer are enough, through"
            ),
            (
                nil, Self.statement("New", Self.a).replacing(Self.pull, with: "\"ecr:BatchGetImage\""),
                "keeps ecr:BatchGetImage through the statement \"New\""
            ),
            (nil, Self.statement("New", Self.a).replacing(":root", with: ":role/x"), ":role/x keeps pull through"),
            (nil, Self.statement("New", Self.b), nil), (old, Self.statement("Old", Self.a), nil),
            // The same as before, in another form, and by another name.
            (old, Self.statement("Old", Self.a).replacing("root\"}", with: "root\",\"Service\":\"x.y\"}"), nil),
            (old, Self.statement("New", Self.a), nil),
        ] as [(String?, String, String?)] {
            var story = Story(live: before)
            let run = try story.apply("\(Self.a) pull", "\(Self.c) pull")
            let managed = Self.statement("EcrShareAllowPull", Self.a)
            story.live = Self.document(live, managed)
            for rules in Self.rules("EcrShare") {
                let outcome = story.outcome(run, rules)
                guard case .change(let undo) = outcome.entry else {
                    Issue.record("\(outcome.entry)")
                    continue
                }
                // The grant is taken all the same, and the plan says what is left.
                #expect(RollbackRulesTests.grants(in: undo.after).isEmpty)
                #expect(outcome.entry.leftAlone == outcome.leftAlone)
                if let words {
                    #expect(
                        text(outcome.entry).contains("\(Self.a)\(words.first == ":" ? "" : " ")\(words)"),
                        "\(text(outcome.entry))")
                } else {
                    #expect(outcome.leftAlone.isEmpty, "\(outcome.leftAlone)")
                }
            }
        }
    }

    @Test func `Who gets it back under a denial that was written since does not have it, and is named`() throws {
        var story = Story()
        try story.apply("\(Self.a) pull", "\(Self.b) pull")
        let run = try story.apply("\(Self.b) pull")
        let deny = Self.statement("No", Self.a).replacing("Allow", with: "Deny")
        story.live = Self.document(deny, Self.statement("EcrShareAllowPull", Self.b))
        for rules in Self.rules("EcrShare") {
            let words = "\(Self.a) gets pull back, but the statement \"No\", which somebody wrote since, denies it"
            #expect(story.outcome(run, rules).leftAlone == [words])
        }
    }

    /// Less than a whole grant, another action than a grant's, and a denial.
    @Test(arguments: [
        ("Allow", #"["ecr:BatchGetImage"]"#), ("Allow", #"["ecr:ListImages"]"#), ("Deny", #"["ecr:PutImage"]"#),
    ]) func `What a take-over took from somebody is not passed over`(effect: String, actions: String) throws {
        let edited =
            #"{"Sid":"EcrShareAllowPull","Effect":"\#(effect)","Principal":{"AWS":"\#(Self.c)"},"Action":\#(actions)}"#
        var story = Story(live: Self.document(edited))
        let run = try story.apply("\(Self.a) pull")
        let change = story.writes[run].change
        #expect(change.touches([.fixture(Self.c)], sidPrefix: "EcrShare"))
        #expect(change.touches([.fixture(Self.a)], sidPrefix: "EcrShare"))
        #expect(!change.touches([.fixture(Self.b)], sidPrefix: "EcrShare"))
        let outcome = story.outcome(run, RollbackRules(sidPrefix: "EcrShare", consumers: [.fixture(Self.c)]))
        let verb = effect == "Deny" ? "denied" : "granted"
        #expect(text(outcome.entry).contains("what the statement \"EcrShareAllowPull\" \(verb)"), "\(outcome.entry)")
    }
}
