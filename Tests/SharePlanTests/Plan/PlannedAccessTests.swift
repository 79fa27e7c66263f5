@testable import SharePlan
import AWSValues
import TestSupport
import Testing

/// A plan shows who can do what afterwards, whichever statement lets them, and counts what they lose.
@Suite struct PlannedAccessTests {
    private static let repository = RepositoryID.fixture("111122223333 us-east-1 base/go")
    private static let pull =
        #"["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]"#

    private static func statement(
        _ sid: String, _ principal: String, effect: String = "Allow", actions: String = pull, condition: String = ""
    ) -> String {
        let condition = condition.isEmpty ? "" : #","Condition":{\#(condition)}"#
        return
            #"{"Sid":"\#(sid)","Effect":"\#(effect)","Principal":\#(principal),"Action":\#(actions)\#(condition)}"#
    }

    private static func account(_ id: String) -> String { #"{"AWS":"arn:aws:iam::\#(id):root"}"# }

    private func change(_ live: Policy?, _ wanted: String..., ended: [WantedGrant] = []) throws -> Change {
        let entry = SharingRules(takeOver: true).entry(
            for: Self.repository, live: live, wanted: wanted.map { .fixture($0) }, ended: ended)
        guard case .change(let change) = entry else { throw Broken("\(entry)") }
        try ChangeCheck(PlanSamples.header).check(change)
        let line = PlanLine.entry(.change(change)).bytes
        #expect(try PlanEntry(decoding: line[...]) == .change(change))
        return change
    }

    /// The plan of one entry for people: text, Markdown, HTML and a script, without the marks of Markdown.
    private func forms(_ entry: PlanEntry) -> [String] {
        var renderers: [any PlanRenderer] = [
            TextPlanRenderer(header: PlanSamples.header, options: TextOptions(width: 1_000)),
            MarkdownPlanRenderer(header: PlanSamples.header, options: MarkdownOptions(limit: 65_536)),
            HTMLPlanRenderer(header: PlanSamples.header),
            AWSCLIPlanRenderer(header: PlanSamples.header),
        ]
        return renderers.indices.map { index in
            let text = renderers[index].render([entry], digest: String(repeating: "a", count: 64))
            return text.filter { $0 != "`" && $0 != "*" && $0 != "\\" }
        }
    }

    private func refusals(_ change: Change, _ limits: PlanLimits) -> Int {
        var check = PlanCheck(limits)
        check.count(.change(change))
        do { try check.verify(digest: "") } catch { return error.reasons.count }
        return 0
    }

    private let noRevocations = PlanLimits(maximumRevocations: .count(0), allowsRevocations: false)

    @Test func `Who keeps pull through somebody else's statement does not lose it`() throws {
        let live = policy(
            Self.statement("AllowPull", Self.account("444455556666")),
            Self.statement("EcrShareAllowPull", Self.account("444455556666")))
        let change = try change(live)
        #expect(change.grants.removed.count == 1 && change.access.lost.isEmpty && change.access.kept.count == 1)
        #expect(refusals(change, noRevocations) == 0)
        for form in forms(.change(change)) {
            #expect(form.contains(#"444455556666 keeps pull through statement "AllowPull""#), "\(form)")
            #expect(!form.contains("LOSE"))
        }
    }

    @Test func `Who could pull already gains nothing`() throws {
        let change = try change(
            policy(Self.statement("AllowPull", Self.account("444455556666"))), "444455556666 pull",
            "777788889999 pull")
        #expect(change.grants.added.count == 2 && change.access.gained.map(\.principal) == ["777788889999"])
        for form in forms(.change(change)).prefix(2) {
            #expect(form.contains("777788889999 gains pull"))
            #expect(form.contains(#"444455556666 keeps pull through statement "AllowPull""#), "\(form)")
        }
    }

    @Test func `What depends on a request is reported as possible, and a possible loss counts`() throws {
        let endpoint = Self.statement(
            "Endpoint", Self.account("444455556666"), condition: #""StringEquals":{"aws:SourceVpce":"vpce-1"}"#)
        let ours = Self.statement("EcrShareAllowPull", Self.account("444455556666"))
        let losing = try change(policy(endpoint, ours))
        #expect(refusals(losing, noRevocations) == 2)
        for form in forms(.change(losing)) {
            #expect(
                form.lowercased().contains(
                    "444455556666 may lose pull; it depends on the value of aws:sourcevpce"), "\(form)")
        }
        let gaining = try change(policy(endpoint), "444455556666 pull")
        for form in forms(.change(gaining)) {
            #expect(
                form.contains(
                    "444455556666 gains pull, unless that was possible before, which depends on the value of aws:SourceVpce"
                ), "\(form)")
        }
    }

    @Test(
        arguments: [
            (#""*""#, "", #"statement "oops" opens the repository to everyone with AWS credentials: push, ecr:*"#),
            (
                #""*""#, #""StringLike":{"aws:PrincipalOrgID":"o-*"}"#,
                #"statement "oops" opens the repository to the members of any organization: push, ecr:*"#
            ),
            (
                #"{"AWS":"*"}"#, #""StringEquals":{"aws:SourceVpce":"vpce-1"}"#,
                #"statement "oops" may open the repository to everyone with AWS credentials: push, ecr:*; it depends on the value of aws:SourceVpce"#
            ),
            (#""*""#, #""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#, nil),
            (#""*""#, #""StringEquals":{"aws:PrincipalAccount":"444455556666"}"#, nil),
            (#"{"AWS":"444455556666"}"#, "", nil),
        ] as [(String, String, String?)])
    func `Whoever opens a repository to strangers is named, also where nothing changes`(
        principal: String, condition: String, warning: String?
    ) throws {
        let open = Self.statement("oops", principal, actions: #""ecr:*""#, condition: condition)
        let live = policy(open, Self.statement("EcrShareAllowPull", Self.account("777788889999")))
        let warnings = warning.map { [$0] } ?? []
        let changed = try change(live, "777788889999 pull", "888899990000 pull")
        #expect(changed.warnings == warnings)
        let entry = SharingRules().entry(for: Self.repository, live: live, wanted: [.fixture("777788889999 pull")])
        #expect(entry == .unchanged(Unchanged(repository: Self.repository, warnings: warnings)))
        for form in forms(entry).prefix(2) where warning != nil {
            #expect(form.contains(warning?.filter { $0 != "*" } ?? ""), "\(form)")
        }
        let undone = RollbackRules(sidPrefix: "EcrShare").entry(undoing: changed, live: changed.after)
        guard case .change(let undo) = undone else { throw Broken("\(undone)") }
        #expect(undo.warnings == warnings)
        // A repository that is left out of the plan stays open all the same.
        let edited = policy(
            open, Self.statement("EcrShareAllowPull", Self.account("777788889999"), actions: #""ecr:*""#))
        let leftOut = SharingRules().entry(for: Self.repository, live: edited, wanted: [.fixture("777788889999 pull")])
        guard case .problem(let problem) = leftOut else { throw Broken("\(leftOut)") }
        #expect(problem.code == "hand-edited" && problem.message.contains(". Beside that, ") == (warning != nil))
        #expect(warning.map { problem.message.hasSuffix($0) } ?? true)
        let again = RollbackRules(sidPrefix: "EcrShare").entry(undoing: changed, live: live)
        #expect(again == .unchanged(Unchanged(repository: Self.repository, warnings: warnings)))
    }

    @Test func `A grant that goes because its rows have expired says when, and why it was there`() throws {
        let result = parse(
            longHeader + "111122223333,us-east-1,base/go,444455556666,pull,,2026-11-20,TICKET-9\n"
                + "111122223333,us-east-1,base/go,555566667777,pull,,2026-11-20,\n"
                + "111122223333,us-east-1,base/go,555566667777,push,,,\n"
                + "111122223333,us-east-1,base/go,777788889999,pull,,,\n")
        let matrix = try #require(result.matrix)
        let target = try #require(matrix.targets(in: Self.repository.registry, live: nil).targets.first)
        let ended = matrix.endedGrants(for: target)
        #expect(
            ended == [
                WantedGrant(
                    WantedGrant.fixture("444455556666 pull").grant, reason: "TICKET-9",
                    expires: CalendarDate("2026-11-20"), row: longHeader.split(separator: "\n").count + 1)
            ])
        let live = policy(
            Self.statement(
                "EcrShareAllowPull", #"{"AWS":["arn:aws:iam::444455556666:root","arn:aws:iam::777788889999:root"]}"#))
        let change = try change(live, "777788889999 pull", ended: ended)
        #expect(change.grants.removed == ended)
        let line = try #require(ended.first?.row)
        for form in forms(.change(change)) {
            #expect(form.contains("expired 2026-11-20; TICKET-9; row \(line)"), "\(form)")
        }
        // Repositories whose rows differ in nothing else are one group, without a row.
        var groups = PlanGroups()
        groups.add(.change(change))
        let other = try RepositoryID(
            registry: Self.repository.registry, name: #require(RepositoryName("base/other")))
        let moved = change.grants.removed.map {
            WantedGrant($0.grant, reason: $0.reason, expires: $0.expires, row: line + 1)
        }
        groups.add(
            .change(
                Change(
                    repository: other, before: change.before, after: change.after,
                    grants: GrantDifference(added: [], removed: moved), access: change.access)))
        #expect(groups.losing.map(\.sharedReason) == ["expired 2026-11-20; TICKET-9"])
        // Taken back, it is given again with a warning.
        let undone = RollbackRules(sidPrefix: "EcrShare").entry(
            undoing: change, live: change.after, RollbackHistory(today: sampleDay))
        guard case .change(let undo) = undone else { throw Broken("\(undone)") }
        #expect(undo.warnings == ["gives back pull for 444455556666, which expired on 2026-11-20"])
        #expect(undo.grants.added.map(\.expires) == [nil])
        // For one consumer as well.
        let consumers = Set(["444455556666"].compactMap { Consumer($0) })
        let narrow = RollbackRules(sidPrefix: "EcrShare", consumers: consumers).entry(
            undoing: change, live: change.after, RollbackHistory(today: sampleDay))
        guard case .change(let narrowed) = narrow else { throw Broken("\(narrow)") }
        #expect(narrowed.warnings == undo.warnings)
    }

    @Test func `What a whole policy brings back is reported, whoever has it`() throws {
        let edited = #"{"Sid":"EcrShareAllowPull","Effect":"Allow","#
        let live = policy(
            edited + #""Principal":{"Service":"codebuild.amazonaws.com"},"Action":"ecr:ListImages"}"#,
            Self.statement("Team", Self.account("888899990000")),
            #"{"Sid":"EcrShareAllowPullOrg","Effect":"Deny","Principal":{"AWS":"888899990000"},"Action":"ecr:*"}"#)
        let change = try change(live, "444455556666 pull")
        #expect(
            change.access.lost.map { "\($0.holder) \($0.extent)" }
                == [#"service codebuild.amazonaws.com other(["ecr:ListImages"])"#])
        #expect(change.access.gained.map(\.holder) == ["444455556666", "888899990000"], "the Deny is gone")
        let undone = RollbackRules(sidPrefix: "EcrShare").entry(undoing: change, live: change.after)
        guard case .change(let undo) = undone else { throw Broken("\(undone)") }
        for form in forms(.change(undo)) {
            for words in [
                "service codebuild.amazonaws.com gains ecr:ListImages", "444455556666 and 888899990000 lose pull",
            ] {
                #expect(form.lowercased().contains(words.lowercased()), "\(words): \(form)")
            }
        }
    }

    @Test func `Only allowed consumers may gain, by a grant or otherwise`() throws {
        let live = policy(
            Self.statement("Open", #""*""#),
            #"{"Sid":"EcrShareAllowPullOrg","Effect":"Deny","Principal":"*","Action":"ecr:*"}"#)
        let change = try change(live, "444455556666 pull")
        #expect(change.access.gained.contains { $0.holder == "everybody" })
        let allowed = PlanLimits(allowedConsumers: [.fixture("444455556666")])
        #expect(refusals(change, allowed) == 1)
    }

    @Test func `A plan that says otherwise than its documents is not executed`() throws {
        let planned = try change(
            policy(Self.statement("EcrShareAllowPull", Self.account("444455556666"))), "777788889999 pull")
        let check = ChangeCheck(PlanSamples.header)
        try check.check(planned)
        for access in [
            AccessChange(), AccessChange(gained: planned.access.gained),
            AccessChange(gained: planned.access.gained, kept: planned.access.lost),
        ] {
            let edited = Change(
                repository: planned.repository, before: planned.before, after: planned.after, grants: planned.grants,
                access: access)
            #expect(throws: ChangeObjection.misstatesAccess) { try check.check(edited) }
        }
    }

    @Test func `A repository that left the matrix is named for hand-edited statements too`() throws {
        let rules = SharingRules()
        let ours = Self.statement("EcrShareAllowPull", Self.account("777788889999"))
        let edited = Self.statement("EcrShareAllowPullAndPush", Self.account("444455556666"), actions: #""ecr:*""#)
        let foreign = Self.statement("Team", Self.account("444455556666"))
        #expect(try rules.orphan(Self.repository, live: policy(foreign)) == nil)
        #expect(
            try rules.orphan(Self.repository, live: policy(foreign, ours))?.sentence
                == "no longer in the matrix; managed statements still grant pull to 777788889999; --prune revokes that")
        let orphan = try #require(try rules.orphan(Self.repository, live: policy(ours, edited)))
        #expect(orphan.handEdited == ["EcrShareAllowPullAndPush"])
        #expect(orphan.sentence.hasSuffix("edited by hand, so --prune leaves the policy as it is"))
        let line = PlanLine.entry(.orphan(orphan))
        #expect(try PlanLine(decoding: line.bytes[...]) == line)
    }

    @Test func `The end of a grant is shown, whatever differs between the repositories of a group`() throws {
        func change(_ name: String, _ expires: String?, reason: String = "") throws -> PlanEntry {
            let repository = try RepositoryID(
                registry: Self.repository.registry, name: #require(RepositoryName(name)))
            let grant = WantedGrant.fixture("555566667777 pull").grant
            return SharingRules().entry(
                for: repository, live: nil,
                wanted: [WantedGrant(grant, reason: reason, expires: expires.flatMap { CalendarDate($0) })])
        }
        var groups = PlanGroups()
        groups.add(try change("base/a", "2026-11-27", reason: "T-1"))
        groups.add(try change("base/b", nil, reason: "T-2"))
        groups.add(try change("base/c", "2027-01-01", reason: "T-1"))
        #expect(groups.gaining.map(\.sharedReason) == ["some expire, the first on 2026-11-27"])
    }

    @Test func `Statements without a Sid are called by their places in the live policy`() throws {
        func unnamed(_ principal: String, effect: String = "Allow", actions: String = Self.pull) -> String {
            Self.statement("", principal, effect: effect, actions: actions).replacing(#""Sid":"","#, with: "")
        }
        let live = policy(
            Self.statement("EcrShareAllowPull", Self.account("444455556666")), unnamed(Self.account("444455556666")),
            unnamed(Self.account("555566667777"), effect: "Deny"), unnamed(#""*""#, actions: #""ecr:PutImage""#),
            unnamed(Self.account("777788889999")).replacing(#"{"Effect"#, with: #"{"Resource":"*","Effect"#))
        let change = try change(live, "555566667777 pull")
        #expect(
            change.warnings.map { $0.prefix { $0 != ":" && $0 != "," } } == [
                "statement 2 could be adopted", "statement 4 opens the repository to everyone with AWS credentials",
                "the foreign Deny in statement 3 denies pull to 555566667777",
                "the foreign statement 5 has the element Resource",
            ])
        #expect(change.access.kept.map(\.through) == [["#2"]])
        // What a document has that the live one has not is of the new one.
        let before = try PolicyEvaluator(
            of: policy(unnamed(Self.account("444455556666"))), partition: .aws, owner: owner)
        let after = try PolicyEvaluator(
            of: policy(unnamed(#""*""#), unnamed(Self.account("444455556666"))), partition: .aws, owner: owner,
            replacing: before)
        #expect(after.statements.map(\.reference.name) == ["#1 of the new policy", "#1"])
    }

    @Test func `A member of an organization who is denied by name is a warning`() throws {
        let deny = #"{"Sid":"No","Effect":"Deny","Principal":{"AWS":"444455556666"},"Action":"ecr:*"}"#
        let change = try change(policy(deny), "o-a1b2c3d4e5 pull")
        #expect(
            change.warnings == [
                "the foreign Deny in statement \"No\" may deny pull to o-a1b2c3d4e5; it depends on whether the request "
                    + "comes from 444455556666"
            ])
    }
}
