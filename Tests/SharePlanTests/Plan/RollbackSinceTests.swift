@testable import SharePlan
import AWSValues
import TestSupport
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

    private static func document(_ statements: String...) -> Policy {
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
        ] as [(Policy?, String, String?)] {
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

    @Test func `Functions of somebody that a take-over hit are not passed over`() throws {
        let edited = Self.statement(
            "EcrShareAllowLambdaPull", Self.c,
            condition:
                #","Condition":{"StringLike":{"aws:sourceArn":"arn:aws:lambda:us-east-1:\#(Self.c):function:f"}}"#
        ).replacing(#"{"AWS":"arn:aws:iam::\#(Self.c):root"}"#, with: #"{"Service":"lambda.amazonaws.com"}"#)
        var story = Story(live: Self.document(edited))
        let run = try story.apply("\(Self.a) pull")
        let outcome = story.outcome(run, RollbackRules(sidPrefix: "EcrShare", consumers: [.fixture(Self.c)]))
        #expect(text(outcome.entry).contains("what the statement \"EcrShareAllowLambdaPull\" granted"))
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

    @Test func `What another prefix or somebody took since does not come back`() throws {
        let team = SharingRules(sidPrefix: "Team")
        let removing = SharingRules(mode: .remove, sidPrefix: "Team")
        for who in ["run run-3 changed its access", "somebody took access from it", ""] {
            var story = Story()
            try story.apply("\(Self.a) pull", "\(Self.b) pull")
            let run = try story.apply("\(Self.b) pull")
            try story.apply("\(Self.a) pull", rules: team)
            switch who.prefix(9) {
            case "run run-3": try story.apply("\(Self.a) pull", rules: removing)
            case "somebody ": story.live = Self.document(Self.statement("EcrShareAllowPull", Self.b))
            default: break
            }
            for rules in Self.rules("EcrShare") {
                // What it was only given by others is theirs.
                let sentences = who.isEmpty ? [] : ["\(Self.a) does not get pull back: \(who) since"]
                #expect(story.outcome(run, rules).leftAlone == sentences)
            }
        }
        // A run and its rollback are as if neither had been.
        var story = Story()
        try story.apply("\(Self.a) pull", "\(Self.b) pull")
        let run = try story.apply("\(Self.b) pull")
        try story.rollback(try story.apply("\(Self.a) pull", rules: team), RollbackRules(sidPrefix: "Team"))
        #expect(story.outcome(run, Self.rules("EcrShare")[1]).leftAlone.isEmpty)
    }

    @Test func `The run that is named is the one that gave it`() throws {
        let team = SharingRules(sidPrefix: "Team")
        let somebody = "which somebody wrote since: take the grant away there"
        func undo(_ number: Int) -> String { "which run run-\(number) wrote since: undo that run first" }
        func sentences(_ tell: (inout Story) throws -> Void) throws -> [String] {
            var story = Story()
            try story.apply("\(Self.a) pull")
            try tell(&story)
            return Self.rules("EcrShare").map { story.outcome(0, $0).leftAlone.joined(separator: "; ") }
        }
        // Not the one that wrote the statement again for somebody else.
        let rewritten = try sentences { story in
            try story.apply("\(Self.a) pull", rules: team)
            try story.apply("\(Self.a) pull", "\(Self.b) pull", rules: team)
        }
        #expect(rewritten.allSatisfy { $0.contains(undo(1)) }, "\(rewritten)")
        // Not one that was undone, or that took it.
        let pasted = try sentences { story in
            try story.rollback(try story.apply("\(Self.a) pull", rules: team), RollbackRules(sidPrefix: "Team"))
            story.live = Self.document(
                Self.statement("EcrShareAllowPull", Self.a), Self.statement("TeamAllowPull", Self.a))
        }
        #expect(pasted.allSatisfy { $0.contains(somebody) }, "\(pasted)")
        // One with the same prefix as well.
        let role = try sentences { story in
            try story.apply("arn:aws:iam::\(Self.a):role/x pull", rules: SharingRules(mode: .add))
        }
        #expect(role.allSatisfy { $0.contains(":role/x keeps pull") && $0.contains(undo(1)) }, "\(role)")
        let organization = try sentences { story in
            try story.apply("o-a1b2c3d4e5 pull", rules: SharingRules(mode: .add))
        }
        #expect(
            organization.allSatisfy { $0.contains("\(Self.a) may keep pull") && $0.contains(undo(1)) },
            "\(organization)")
        var story = Story()
        try story.apply("arn:aws:iam::\(Self.a):role/x pull")
        try story.apply("\(Self.a) pull", rules: SharingRules(mode: .add))
        let account = story.outcome(0, RollbackRules(sidPrefix: "EcrShare", mergeLaterEdits: true)).leftAlone
        #expect(account.contains { $0.contains(":role/x keeps pull") && $0.contains(undo(1)) }, "\(account)")
    }

    @Test func `Nobody wrote since what the same run gave, or what the rollback gives back`() throws {
        let role = "arn:aws:iam::\(Self.a):role/x"
        // Another grant of the run, in the same statement.
        var story = Story()
        let run = try story.apply("\(Self.a) pull", "\(role) pull")
        #expect(story.outcome(run, Self.rules("EcrShare")[1]).leftAlone.isEmpty)
        // A role that the run's account took in, behind a Deny that makes everything doubtful.
        let endpoint =
            #"{"Sid":"V","Effect":"Deny","Principal":"*","Action":"ecr:BatchGetImage","Condition":"#
            + #"{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}}"#
        story = Story(live: Self.document(endpoint))
        try story.apply("\(role) pull")
        let wider = try story.apply("\(Self.a) pull")
        try story.apply("\(Self.b) pull")
        let back = story.outcome(wider, RollbackRules(sidPrefix: "EcrShare", mergeLaterEdits: true))
        #expect(back.leftAlone.isEmpty, "\(back.leftAlone)")
        // A later run changed whom a statement names that was there before.
        let deny = #"{"Sid":"D","Effect":"Deny","Principal":"*","Action":"ecr:BatchGetImage"}"#
        story = Story(live: Self.document(deny))
        let push = try story.apply("\(role) push")
        try story.apply("\(Self.a) push")
        let told = story.outcome(push, RollbackRules(sidPrefix: "EcrShare", mergeLaterEdits: true)).leftAlone
        #expect(
            told.contains { $0.contains("\(role) keeps") } && told.allSatisfy { $0.contains("run-1 wrote") }, "\(told)")
        story = Story()
        try story.apply("o-b1b2c3d4e5 pull")
        let member = try story.apply("\(Self.a) pull", "o-b1b2c3d4e5 pull")
        try story.apply("\(Self.b) pull", "o-a1b2c3d4e5 pull")
        let others = story.outcome(member, RollbackRules(sidPrefix: "EcrShare", mergeLaterEdits: true)).leftAlone
        #expect(
            others.contains { $0.contains("\(Self.a) may keep pull") && $0.contains("run-2 wrote since") }, "\(others)")
    }

    @Test func `Dates that have passed are decided in what opens a repository`() throws {
        for (date, verb) in [("DateGreaterThan", "opens"), ("DateLessThan", "")] {
            let condition = #","Condition":{"\#(date)":{"aws:CurrentTime":"2020-01-01T00:00:00Z"}}"#
            let open = Self.statement("Dated", Self.b, condition: condition)
                .replacing(#"{"AWS":"arn:aws:iam::\#(Self.b):root"}"#, with: "\"*\"")
            var story = Story(live: Self.document(open))
            let run = try story.apply("\(Self.a) pull")
            let outcome = RollbackRules(sidPrefix: "EcrShare").outcome(
                undoing: story.writes[run].change, live: story.live,
                RollbackHistory(run: "run-\(run)", today: CalendarDate("2026-06-01")))
            guard case .change(let undo) = outcome.entry else { throw Broken("\(outcome.entry)") }
            let told = undo.warnings.filter { $0.contains("the repository to") }
            #expect(told.map { $0.contains("\"Dated\" opens") } == (verb.isEmpty ? [] : [true]), "\(told)")
        }
    }

    @Test(arguments: [
        #""StringEquals":{"aws:SourceAccount":"444455556666"}"#,
        #""ArnLike":{"aws:SourceArn":"arn:aws:lambda:*:444455556666:function:*"}"#,
        #""StringEquals":{"aws:SourceOrgID":"o-a1b2c3d4e5"}"#, "",
    ]) func `Functions that can do it by a wider statement are named`(condition: String) throws {
        var story = Story()
        let run = try story.apply("\(Self.a) lambda-only us-east-1")
        let members = condition.isEmpty ? "" : ",\"Condition\":{\(condition)}"
        let wide = Self.statement("Wide", Self.a, condition: members)
            .replacing(#"{"AWS":"arn:aws:iam::\#(Self.a):root"}"#, with: #"{"Service":"lambda.amazonaws.com"}"#)
        var document = try PolicyDocument(parsing: #require(story.live))
        document.statements += try PolicyDocument(parsing: Self.document(wide)).statements
        story.live = Policy(document)
        for rules in Self.rules("EcrShare") {
            let told = text(story.outcome(run, rules).entry)
            #expect(told.contains("keep") && told.contains("lambda-only"), "\(told)")
            #expect(told.contains(#"through the statement "Wide", which somebody wrote since"#), "\(told)")
        }
    }

    @Test func `What statements from before and since give together is named, and so are sessions`() throws {
        let half = Self.statement("Half", Self.a).replacing(Self.pull, with: "\"ecr:GetDownloadUrlForLayer\"")
        var story = Story(live: Self.document(half))
        let run = try story.apply("\(Self.a) pull")
        let other = Self.statement("Other", Self.a).replacing(Self.pull, with: "\"ecr:BatchGetImage\"")
        story.live = Self.document(half, other, Self.statement("EcrShareAllowPull", Self.a))
        for rules in Self.rules("EcrShare") {
            let told = text(story.outcome(run, rules).entry)
            #expect(told.contains("\(Self.a) may keep pull"), "\(told)")
            #expect(told.contains(#"through the statement "Other", which somebody wrote since"#), "\(told)")
        }
        let session = "arn:aws:sts::\(Self.a):assumed-role/x/y"
        story.live = Self.document(
            half, Self.statement("Session", Self.a).replacing("arn:aws:iam::\(Self.a):root", with: session),
            Self.statement("EcrShareAllowPull", Self.a))
        for rules in Self.rules("EcrShare") {
            let told = text(story.outcome(run, rules).entry)
            #expect(told.contains(#"\#(session) keeps pull through the statement "Session""#), "\(told)")
        }
    }

    @Test func `A write that never happened is nobody's decision`() throws {
        let team = SharingRules(sidPrefix: "Team")
        // The rollback itself failed; nothing is in the way of the next one.
        var story = Story()
        let run = try story.apply("\(Self.a) pull", "\(Self.b) pull")
        try story.rollback(run)
        story.lose()
        for rules in [RollbackRules(sidPrefix: "EcrShare")] + Self.rules("EcrShare") {
            let outcome = story.outcome(run, rules)
            guard case .change(let undo) = outcome.entry else { throw RollbackRulesTests.Unexpected(outcome.entry) }
            #expect(outcome.leftAlone.isEmpty && undo.grants.removed.count == (rules.consumers == nil ? 2 : 1))
        }
        // Runs that were to give, or to take, and did not.
        var taking = Story()
        try taking.apply("\(Self.a) pull", "\(Self.b) pull")
        let taker = try taking.apply("\(Self.b) pull")
        try taking.apply("\(Self.a) pull", "\(Self.b) pull", "\(Self.c) push", rules: SharingRules())
        taking.lose()
        try taking.apply("\(Self.a) pull", rules: team)
        taking.lose()
        for rules in Self.rules("EcrShare") { #expect(taking.outcome(taker, rules).leftAlone.isEmpty) }
        // Somebody's edit of something else changes nothing of that.
        for (number, var told) in [(run, story), (taker, taking)] {
            var document = try told.live.map { try PolicyDocument(parsing: $0) } ?? PolicyDocument()
            document.statements += try PolicyDocument(parsing: Self.document(Self.statement("Own", "999900001111")))
                .statements
            told.live = Policy(document)
            for rules in Self.rules("EcrShare") { #expect(told.outcome(number, rules).leftAlone.isEmpty) }
        }
        // What was written after all is seen.
        var written = Story()
        let first = try written.apply("\(Self.a) pull")
        try written.apply("\(Self.a) push", rules: SharingRules())
        let live = written.live
        written.lose()
        written.live = live
        #expect(!written.outcome(first, Self.rules("EcrShare")[0]).leftAlone.isEmpty)
    }

    @Test(arguments: [
        (#","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}"#, ":root"), ("", ":role/x"),
    ]) func `What is revoked of less than the account does not come back with it`(condition: String, who: String) throws
    {
        let part = Self.statement("Part", Self.a, condition: condition).replacing(":root", with: who)
        var story = Story(live: Self.document(part))
        try story.apply("\(Self.a) pull", "\(Self.b) pull")
        let run = try story.apply("\(Self.b) pull")
        for rules in Self.rules("EcrShare") { #expect(story.outcome(run, rules).leftAlone.isEmpty) }
        story.live = Self.document(Self.statement("EcrShareAllowPull", Self.b))
        for rules in Self.rules("EcrShare") {
            #expect(
                story.outcome(run, rules).leftAlone == [
                    "\(Self.a) does not get pull back: somebody took access from it since"
                ])
        }
    }

    @Test func `The run that adopted last is the one to undo first`() throws {
        var story = Story()
        let run = try story.apply("\(Self.a) pull", "\(Self.b) pull")
        for (prefix, adopted) in [("New", "EcrShare*"), ("Team", "New*")] {
            let sids = [adopted].compactMap { SidPattern($0) }
            try story.apply(
                "\(Self.a) pull", "\(Self.b) pull", rules: SharingRules(sidPrefix: prefix, adoptedSids: sids))
        }
        for rules in Self.rules("EcrShare") {
            let told = story.outcome(run, rules).leftAlone
            #expect(told.allSatisfy { $0.contains(#""TeamAllowPull", which run run-2 wrote since"#) }, "\(told)")
            #expect(!told.isEmpty)
        }
        // What somebody wrote beside it is somebody's.
        story.live = Self.document(Self.statement("Own", Self.a))
        let told = story.outcome(run, Self.rules("EcrShare")[1]).leftAlone
        #expect(told.allSatisfy { $0.contains(#""Own", which somebody wrote since"#) } && !told.isEmpty, "\(told)")
    }

    @Test func `What a later run gives in place of an edited statement is that run's`() throws {
        var story = Story()
        let run = try story.apply("\(Self.a) push")
        story.live = story.live?.replacing("\"ecr:PutImage\"", with: "\"ecr:PutImage\",\"ecr:ListImages\"")
        try story.apply("\(Self.a) pull")
        for rules in Self.rules("EcrShare") {
            #expect(story.outcome(run, rules).leftAlone == ["\(Self.a) keeps pull: run run-1 has granted it since"])
        }
    }

    @Test func `An edit that was put back is nobody's decision`() throws {
        var story = Story()
        let run = try story.apply("\(Self.a) pull")
        let managed = try #require(story.live)
        story.live = managed.replacing("\"ecr:BatchGetImage\"", with: "\"ecr:BatchGetImage\",\"ecr:ListImages\"")
        try story.apply("\(Self.c) pull", rules: SharingRules(mode: .add, sidPrefix: "Team"))
        story.live = story.live?.replacing(",\"ecr:ListImages\"", with: "")
        for rules in Self.rules("EcrShare") { #expect(story.outcome(run, rules).leftAlone.isEmpty) }
    }

    @Test func `A search that was killed and undone is as if it had never been`() throws {
        var story = Story()
        try story.apply("\(Self.a) pull", "\(Self.b) pull")
        let run = try story.apply("\(Self.b) pull")
        let search = try story.apply("\(Self.a) pull", "\(Self.b) pull", "\(Self.c) pull")
        // Of the two that are new, the trial has one.
        let trial = SharingRules().entry(
            for: Story.repository, live: story.writes[search].change.before,
            wanted: ["\(Self.b) pull", "\(Self.c) pull"].map { .fixture($0) })
        guard case .change(let change) = trial, let text = change.after else {
            throw RollbackRulesTests.Unexpected(trial)
        }
        story.search(leaving: text.text)
        try story.rollback(search, told: .searched)
        #expect(story.live == story.writes[run].change.after)
        for rules in [RollbackRules(sidPrefix: "EcrShare")] + Self.rules("EcrShare") {
            let outcome = story.outcome(run, rules)
            guard case .change(let undo) = outcome.entry else { throw RollbackRulesTests.Unexpected(outcome.entry) }
            #expect(outcome.leftAlone.isEmpty && RollbackRulesTests.grants(in: undo.after).contains("\(Self.a) pull"))
        }
    }

    @Test func `A policy that cannot be read is not one without a trace`() throws {
        var story = Story()
        let run = try story.apply("\(Self.a) pull")
        try story.apply("\(Self.a) pull", "\(Self.b) pull")
        story.lose()
        story.live = "{"
        for rules in [RollbackRules(sidPrefix: "EcrShare")] + Self.rules("EcrShare") {
            guard case .problem = story.outcome(run, rules).entry else {
                Issue.record("\(story.outcome(run, rules).entry)")
                continue
            }
        }
    }
}
