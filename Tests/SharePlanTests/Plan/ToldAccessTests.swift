@testable import SharePlan
import AWSValues
import TestSupport
import Testing

/// A plan's sentences say no more and no less than the policies do.
@Suite struct ToldAccessTests {
    private static let pull = #"["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]"#
    private static let lambda = #"["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]"#

    private static func statement(
        _ sid: String, _ principal: String, effect: String = "Allow", actions: String = pull, condition: String = ""
    ) -> String {
        let condition = condition.isEmpty ? "" : #","Condition":{\#(condition)}"#
        return
            #"{"Sid":"\#(sid)","Effect":"\#(effect)","Principal":\#(principal),"Action":\#(actions)\#(condition)}"#
    }

    private static func account(_ id: String) -> String { #"{"AWS":"arn:aws:iam::\#(id):root"}"# }

    private func entry(
        _ live: Policy?, _ wanted: String..., mode: MergeMode = .match, ended: [WantedGrant] = [],
        of name: String = "base/go"
    ) -> PlanEntry {
        SharingRules(mode: mode).entry(
            for: .fixture("111122223333 us-east-1 \(name)"), live: live, wanted: wanted.map { .fixture($0) },
            ended: ended)
    }

    private func warnings(_ entry: PlanEntry) -> [String] {
        switch entry {
        case .change(let change): change.warnings
        case .unchanged(let unchanged): unchanged.warnings
        case .problem, .orphan: []
        }
    }

    private func sentences(_ entry: PlanEntry) throws -> [String] {
        guard case .change(let change) = entry else { throw Broken("\(entry)") }
        return PlanGroups.Group(change).clauses.map { clause in
            "\(clause.names.joined(separator: "+")) \(clause.verb) \(clause.access)"
        }
    }

    @Test func `Whoever gains or loses both pull and push is told of both`() throws {
        let given = entry(nil, "444455556666 push")
        #expect(try sentences(given) == ["444455556666 gains pull and push"])
        guard case .change(let change) = given else { throw Broken("\(given)") }
        #expect(try sentences(entry(change.after)) == ["444455556666 LOSES pull and push"])
        #expect(
            try sentences(entry(change.after, "444455556666 pull")) == [
                #"444455556666 LOSES push but keeps pull through statement "EcrShareAllowPull""#
            ])
        let narrowed = entry(change.after, "444455556666 pull")
        guard case .change(let narrow) = narrowed else { throw Broken("\(narrowed)") }
        #expect(try sentences(entry(narrow.after, "444455556666 push")).contains("444455556666 gains push"))
    }

    @Test(arguments: [("aws:SourceVpce", "vpce-1"), ("aws:PrincipalOrgID", "o-a1b2c3d4e5")])
    func `What is perhaps possible before and after hides no pull that is certain`(key: String, value: String) throws {
        let perhaps = Self.statement(
            "V", Self.account("666677778888"), actions: #""ecr:*""#,
            condition: #""StringEquals":{"\#(key)":"\#(value)"}"#)
        let given = entry(policy(perhaps), "666677778888 pull")
        let gains = try sentences(given)
        #expect(
            gains == ["666677778888 gains pull, unless that was possible before, which depends on the value of \(key)"])
        guard case .change(let change) = given else { throw Broken("\(given)") }
        let losses = try sentences(entry(change.after))
        #expect(losses == ["666677778888 MAY LOSE pull; it depends on the value of \(key)"])
        let audit = try GrantAudit(of: change.after, partition: .aws, owner: owner)
        let certain = audit.entries.filter { $0.principal == "666677778888" && $0.decision.isAllowed }
        #expect(certain.map(\.extent) == [.access(.pull)])
        #expect(audit.entries.contains { $0.extent == .access(.push) && !$0.decision.isAllowed })
    }

    @Test func `Functions are many, and their regions are named`() throws {
        let any = Self.statement(
            "EcrShareAllowLambdaPull", #"{"Service":"lambda.amazonaws.com"}"#, actions: Self.lambda)
        let edited = SharingRules(takeOver: true).entry(
            for: .fixture("111122223333 us-east-1 base/go"), live: policy(any), wanted: [])
        #expect(try sentences(edited).first == "Lambda functions of any account LOSE lambda-only")
        #expect(
            try sentences(entry(nil, "444455556666 lambda-only us-east-1", "444455556666 lambda-only eu-west-1")) == [
                "444455556666 gains lambda-only in us-east-1 and eu-west-1"
            ])
    }

    @Test func `Functions of an account whose regions are named do not gain elsewhere`() throws {
        let deny = Self.statement(
            "D", #""*""#, effect: "Deny", actions: #""ecr:*""#,
            condition: #""StringNotEqualsIfExists":{"aws:SourceAccount":"444455556666"},"#
                + #""Bool":{"aws:PrincipalIsAWSService":"true"}"#)
        let given = entry(
            policy(deny), "444455556666 lambda-only us-east-1", "555566667777 lambda-only us-east-1")
        #expect(try sentences(given) == ["444455556666 gains lambda-only"])
    }

    @Test(
        arguments: [
            (
                "lambda.amazonaws.com", "",
                #"statement "open" opens the repository to the Lambda functions of any account: lambda-only"#
            ),
            (
                "lambda.amazonaws.com", #""ArnLike":{"aws:SourceArn":"arn:aws:lambda:us-east-1:*:function:*"}"#,
                #"statement "open" opens the repository to the Lambda functions of any account: lambda-only"#
            ),
            (
                "lambda.amazonaws.com",
                #""ArnLike":{"aws:SourceArn":"arn:aws:lambda:us-east-1:444455556666:function:*"}"#, nil
            ),
            ("lambda.amazonaws.com", #""StringEquals":{"aws:SourceAccount":"444455556666"}"#, nil),
            (
                "ecs-tasks.amazonaws.com", "",
                #"statement "open" may open the repository to ecs-tasks.amazonaws.com on behalf of any account: pull; "#
                    + "it depends on whether ecr:BatchGetImage and ecr:GetDownloadUrlForLayer are enough"
            ),
            ("ecs-tasks.amazonaws.com", #""StringEquals":{"aws:SourceAccount":"444455556666"}"#, nil),
        ] as [(String, String, String?)])
    func `A service that acts for any account opens the repository`(
        service: String, condition: String, warning: String?
    ) {
        let open = Self.statement(
            "open", #"{"Service":"\#(service)"}"#, actions: Self.lambda, condition: condition)
        let told = warnings(entry(policy(open))).filter { $0.contains("open") && !$0.contains("adopt") }
        #expect(told == (warning.map { [$0] } ?? []))
    }

    @Test func `The organization of the owner account is not any organization`() throws {
        let own = Self.statement(
            "own", #""*""#, condition: #""StringEquals":{"aws:PrincipalOrgID":"${aws:ResourceOrgID}"}"#)
        let live = policy(version: "2012-10-17", own)
        #expect(warnings(entry(live)).isEmpty)
        let access = try RepositoryAccess(
            of: .fixture("111122223333 us-east-1 base/go"), policy: live, sidPrefix: "EcrShare",
            adopt: Adoption(unprefixed: false), wanted: nil)
        #expect(access.entries.map(\.who) == ["o-* (members of the owner's organization)"])
    }

    @Test func `What remains of what is removed is named`() throws {
        let manifests = Self.statement("Part", Self.account("444455556666"), actions: #""ecr:BatchGetImage""#)
        let live = policy(manifests, Self.statement("EcrShareAllowPull", Self.account("444455556666")))
        #expect(
            warnings(entry(live, "444455556666 pull", mode: .remove)) == [
                #"statement "Part" still allows a part of what is removed, ecr:BatchGetImage, to 444455556666"#
            ])
        #expect(
            try sentences(entry(live)) == [
                #"444455556666 LOSES pull but keeps ecr:BatchGetImage through statement "Part""#
            ])
    }

    @Test func `An access of which one action depends on something is perhaps there, and not missing`() throws {
        let deny = Self.statement(
            "Outside", #""*""#, effect: "Deny", actions: #""ecr:BatchGetImage""#,
            condition: #""StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#)
        let first = Self.statement(
            "First", Self.account("555566667777"), effect: "Deny", actions: #""ecr:BatchCheckLayerAvailability""#)
        let ours = Self.statement("EcrShareAllowPull", #"{"AWS":["444455556666","555566667777"]}"#)
        func lines(_ statements: String...) throws -> [String] {
            let wanted = ["444455556666 pull", "555566667777 pull"].map { WantedGrant.fixture($0) }
            let access = try RepositoryAccess(
                of: .fixture("111122223333 us-east-1 base/go"), policy: policy(statements.joined(separator: ",")),
                sidPrefix: "EcrShare", adopt: Adoption(unprefixed: false), wanted: wanted)
            #expect(access.missing.isEmpty)
            return access.entries.map { "\($0.who) \($0.what)" }
        }
        #expect(
            try lines(deny, ours).contains("444455556666 perhaps pull (depends on the value of aws:PrincipalOrgID)"))
        #expect(
            try lines(first, ours) == [
                "444455556666 pull",
                "555566667777 perhaps pull (depends on whether ecr:BatchGetImage and ecr:GetDownloadUrlForLayer are enough)",
                "555566667777 DENIED ecr:BatchCheckLayerAvailability",
            ])
    }

    @Test func `What has expired is not told together with what was deleted`() throws {
        let live = policy(Self.statement("EcrShareAllowPull", Self.account("444455556666")))
        let ended = WantedGrant(
            WantedGrant.fixture("444455556666 pull").grant, reason: "T-1", expires: CalendarDate("2026-11-01"), row: 7)
        var groups = PlanGroups()
        groups.add(entry(live, ended: [ended], of: "base/expired"))
        groups.add(entry(live, of: "base/deleted"))
        #expect(groups.losing.map(\.sharedReason) == ["expired 2026-11-01; T-1; row 7", nil])
    }

    @Test func `Losses that are only possible are counted apart`() throws {
        let members = Self.statement(
            "Org", #""*""#, condition: #""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#)
        let ours = Self.statement("EcrShareAllowPull", Self.account("444455556666"))
        var summary = PlanSummary()
        summary.count(entry(policy(members, ours)))
        #expect(summary.takenAway == "1 grant may be taken away")
        summary.count(entry(policy(ours)))
        #expect(summary.takenAway == "1 grant is taken away, and 1 more may be")
    }

    @Test func `Who keeps what everybody loses is named, account by account`() throws {
        let open = Self.statement("EcrShareAllowPull", #""*""#)
        let kept = Self.statement("Team", Self.account("444455556666"))
        let functions = Self.statement(
            "Functions", #"{"Service":"lambda.amazonaws.com"}"#, actions: Self.lambda,
            condition: #""StringLike":{"aws:sourceArn":"arn:aws:lambda:us-east-1:444455556666:function:*"}"#)
        let any = Self.statement(
            "EcrShareAllowLambdaPull", #"{"Service":"lambda.amazonaws.com"}"#, actions: Self.lambda)
        let edited = SharingRules(takeOver: true).entry(
            for: .fixture("111122223333 us-east-1 base/go"),
            live: policy([open, kept, functions, any].joined(separator: ",")), wanted: [])
        let told = try sentences(edited)
        #expect(
            told == [
                "everybody+any AWS service LOSE pull", "Lambda functions of any account LOSE lambda-only",
                #"444455556666 keeps lambda through statement "Team" and statement "Functions""#,
            ])
    }

    @Test func `What is certain of an access is told beside what is not`() throws {
        let deny = Self.statement(
            "Endpoint", #""*""#, effect: "Deny", actions: #""ecr:BatchGetImage""#,
            condition: #""StringNotEquals":{"aws:SourceVpce":"vpce-1"}"#)
        let told = try sentences(entry(policy(deny), "444455556666 push"))
        #expect(
            told == [
                """
                444455556666 gains ecr:BatchCheckLayerAvailability ecr:CompleteLayerUpload ecr:GetDownloadUrlForLayer \
                ecr:InitiateLayerUpload ecr:PutImage ecr:UploadLayerPart
                """,
                "444455556666 may gain pull and push; it depends on the value of aws:SourceVpce",
            ])
    }

    @Test func `Who certainly could pull does not gain it with a push that is possible`() throws {
        let live = policy(Self.statement("EcrShareAllowPull", Self.account("444455556666")))
        let told = try sentences(entry(live, "o-a1b2c3d4e5/r-ab12/ou-ab12-workload/* push"))
        #expect(told.contains("444455556666 MAY LOSE pull; it depends on the value of aws:PrincipalOrgPaths"))
        #expect(told.contains("444455556666 may gain push; it depends on the value of aws:PrincipalOrgPaths"))
    }

    @Test func `Pull and push are told apart where not the same becomes of them`() throws {
        let members = Self.statement(
            "Org", #""*""#, condition: #""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#)
        let outside = Self.statement(
            "Outside", #""*""#, effect: "Deny", actions: #""ecr:PutImage""#,
            condition: #""StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#)
        let given = entry(policy(members, outside), "888899990000 push")
        let organization = "which depends on the value of aws:PrincipalOrgID"
        let gains = try sentences(given)
        #expect(gains.contains("888899990000 gains pull, unless that was possible before, \(organization)"), "\(gains)")
        #expect(gains.contains { $0.hasPrefix("888899990000 may gain push;") }, "\(gains)")
        guard case .change(let change) = given else { throw Broken("\(given)") }
        let losses = try sentences(entry(change.after))
        #expect(losses.contains("888899990000 MAY LOSE pull; it depends on the value of aws:PrincipalOrgID"))
        #expect(losses.contains { $0.hasPrefix("888899990000 LOSES push, if that was possible") }, "\(losses)")
    }

    @Test func `Direct members of a path, and sessions of a role, that keep what it loses are named`() throws {
        let path = "o-a1b2c3d4e5/r-ab12/ou-ab12-workload/"
        let direct = Self.statement(
            "Direct", #""*""#, condition: #""ForAnyValue:StringEquals":{"aws:PrincipalOrgPaths":"\#(path)"}"#)
        guard case .change(let change) = entry(policy(direct), "\(path)* pull") else { throw Broken("no change") }
        let told = try sentences(entry(change.after))
        #expect(told.contains(#"organization path \#(path) keeps pull through statement "Direct""#), "\(told)")
        let session = "arn:aws:sts::444455556666:assumed-role/ci/s1"
        let own = Self.statement("Session", #"{"AWS":"\#(session)"}"#)
        let role = Self.statement("EcrShareAllowPull", #"{"AWS":"arn:aws:iam::444455556666:role/ci"}"#)
        let sessions = try sentences(entry(policy(own, role)))
        #expect(sessions.contains { $0.contains(session) && $0.contains("keeps pull") }, "\(sessions)")
    }

    @Test func `What is left of a push that goes is named, whatever the grant was`() throws {
        let uploads =
            #"["ecr:PutImage","ecr:InitiateLayerUpload","ecr:UploadLayerPart","ecr:CompleteLayerUpload"]"#
        let live = policy(
            Self.statement("EcrShareAllowPull", Self.account("444455556666")),
            Self.statement("Up", Self.account("444455556666"), actions: uploads))
        let told = try sentences(entry(live))
        #expect(told.count == 1 && told[0].contains("but keeps ecr:CompleteLayerUpload"), "\(told)")
    }

    @Test(arguments: [
        (#""*""#, #""Bool":{"aws:PrincipalIsAWSService":"true"}"#, "any AWS service"),
        (#"{"Service":"*"}"#, "", "any AWS service"),
        (#""*""#, #""StringLike":{"aws:PrincipalServiceName":"*.amazonaws.com"}"#, "any AWS service"),
        (
            #"{"Service":"lambda.amazonaws.com"}"#,
            #""StringLike":{"aws:SourceArn":"arn:aws:lambda:us-east-1:????????????:function:*"}"#,
            "the Lambda functions of any account"
        ),
        (
            #"{"Service":"lambda.amazonaws.com"}"#, #""StringLike":{"aws:SourceOrgID":"o-*"}"#,
            "the Lambda functions of the members of any organization"
        ),
        (
            #"{"Service":"codebuild.amazonaws.com"}"#, #""StringLike":{"aws:SourceAccount":"4*"}"#,
            "codebuild.amazonaws.com on behalf of any account"
        ),
        (
            #"{"Service":"codebuild.amazonaws.com"}"#, #""StringNotEquals":{"aws:SourceAccount":"444455556666"}"#,
            "codebuild.amazonaws.com on behalf of any account"
        ),
        (#"{"Service":"codebuild.amazonaws.com"}"#, #""StringEquals":{"aws:SourceAccount":"444455556666"}"#, ""),
        (
            #"{"Service":"codebuild.amazonaws.com"}"#,
            #""ArnLike":{"aws:SourceArn":"arn:aws:codebuild:*:444455556666:project/*"}"#, ""
        ),
        (#"{"Service":"lambda.amazonaws.com"}"#, #""StringEquals":{"aws:SourceOrgID":"o-a1b2c3d4e5"}"#, ""),
        (#""*""#, #""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#, ""),
    ]) func `A service that acts for accounts nobody named is warned about`(
        principal: String, condition: String, whom: String
    ) throws {
        let open = Self.statement("Open", principal, condition: condition)
        let told = warnings(entry(policy(open))).filter { $0.contains("open") }
        if whom.isEmpty {
            #expect(told.isEmpty, "\(told)")
        } else {
            #expect(told.contains { $0.contains("the repository to \(whom)") }, "\(told)")
        }
        // The registry's policy too.
        let registry = try RegistryPolicy(
            policy(open), of: Registry(account: owner, region: #require(Region("us-east-1"))))
        let beside = warnings(entry(nil, "555566667777 pull").beside(registry, wanted: []))
        #expect(beside.contains { $0.contains("the repository to \(whom)") } == !whom.isEmpty, "\(beside)")
    }

    @Test func `Who has it through what everybody has is not missing`() throws {
        let functions = Self.statement("Fn", #"{"Service":"lambda.amazonaws.com"}"#, actions: Self.lambda)
        let wanted = ["444455556666 lambda-only us-east-1", "444455556666 pull"].map { WantedGrant.fixture($0) }
        let access = try RepositoryAccess(
            of: .fixture("111122223333 us-east-1 base/go"), policy: policy(functions), sidPrefix: "EcrShare",
            adopt: Adoption(unprefixed: false), wanted: wanted)
        #expect(access.missing.map(\.access) == [.pull])
    }

    @Test func `Who may be among those that are named is perhaps granted what the matrix wants`() throws {
        let members = Self.statement(
            "Members", #""*""#, condition: #""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#)
        let functions = Self.statement(
            "Fn", #"{"Service":"lambda.amazonaws.com"}"#, actions: Self.lambda,
            condition: #""StringEquals":{"aws:SourceOrgID":"o-a1b2c3d4e5"}"#)
        let named = Self.statement("No", Self.account("555566667777"), effect: "Deny")
        let wanted = [
            "444455556666 pull", "arn:aws:iam::777788889999:role/ci pull", "555566667777 pull",
            "444455556666 lambda-only us-east-1", "o-a1b2c3d4e5/r-ab12/* pull", "888899990000 push",
        ].map { WantedGrant.fixture($0) }
        let access = try RepositoryAccess(
            of: .fixture("111122223333 us-east-1 base/go"), policy: policy(members, functions, named),
            sidPrefix: "EcrShare", adopt: Adoption(unprefixed: false), wanted: wanted)
        let perhaps = access.entries.filter { entry in
            if case .depends = entry.decision { true } else { false }
        }
        #expect(
            perhaps.map { "\($0.who) \($0.what)" } == [
                "444455556666 perhaps pull (depends on the value of aws:PrincipalOrgID)",
                "arn:aws:iam::777788889999:role/ci perhaps pull (depends on the value of aws:PrincipalOrgID)",
                "444455556666 Lambda us-east-1 perhaps lambda-only (depends on the value of aws:SourceOrgID)",
            ])
        #expect(
            Set(access.missing.map { "\($0.consumer) \($0.inWords)" }) == ["555566667777 pull", "888899990000 push"])
    }

    @Test func `A matrix calls nobody foreign whom a managed statement may let in`() throws {
        let ours = Self.statement(
            "EcrShareAllowPullOrg", #""*""#, condition: #""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#)
        let access = try RepositoryAccess(
            of: .fixture("111122223333 us-east-1 base/go"), policy: policy(ours), sidPrefix: "EcrShare",
            adopt: Adoption(unprefixed: false), wanted: [.fixture("444455556666 pull")])
        let lines = AccessReport.csv.lines(for: access).split(separator: "\n")
        #expect(
            lines.map { $0.prefix { $0 != ":" } } == [
                "111122223333,us-east-1,base/go,o-a1b2c3d4e5,pull,", "# in the matrix, perhaps granted",
            ])
    }

    @Test func `A Deny of pull and push says both`() throws {
        let access = try RepositoryAccess(
            of: .fixture("111122223333 us-east-1 base/go"),
            policy: policy(
                Self.statement(
                    "No", Self.account("444455556666"), effect: "Deny",
                    actions: "[\(ActionSet.push.names.map { "\"\($0)\"" }.joined(separator: ","))]"),
                Self.statement("All", #""*""#)),
            sidPrefix: "EcrShare", adopt: Adoption(unprefixed: false), wanted: nil)
        #expect(
            access.entries.map { "\($0.who) \($0.what)" } == ["* PUBLIC pull", "444455556666 DENIED pull and push"])
    }

    @Test(arguments: [
        (#""arn:aws:ecr:us-east-1:111122223333:repository/other""#, false),
        (#"["arn:aws:ecr:us-east-1:111122223333:repository/base/go","x"]"#, false), ("{}", false), ("\"*\"", true),
        (#"["arn:aws:ecr:us-east-1:111122223333:repository/*"]"#, true), (#""arn:aws:ecr:*""#, true),
        (#""arn:aws:ecr:us-west-2:111122223333:repository/*""#, false),
    ]) func `A statement for some Resource may be about another repository`(resource: String, isSure: Bool) throws {
        let old = Self.statement("Old", Self.account("444455556666"))
            .replacing(#"{"Sid""#, with: #"{"Resource":\#(resource),"Sid""#)
        let access = try RepositoryAccess(
            of: .fixture("111122223333 us-east-1 base/go"), policy: policy(old), sidPrefix: "EcrShare",
            adopt: Adoption(unprefixed: false), wanted: nil)
        #expect(access.entries.map(\.decision.isAllowed) == [isSure])
    }

    @Test func `Where the matrix has gone, nothing is said to be adoptable`() throws {
        let entry = SharingRules().ofPruning.entry(
            for: .fixture("111122223333 us-east-1 base/go"),
            live: policy(Self.statement("AllowPull", Self.account("444455556666"))),
            wanted: [])
        #expect(warnings(entry) == [])
    }
}
