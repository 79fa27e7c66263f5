@testable import SharePlan
import AWSValues
import TestSupport
import Testing

@Suite struct EffectiveAccessTests {
    private let pull = #"["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]"#
    private let push =
        #"["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability","ecr:PutImage","ecr:InitiateLayerUpload","ecr:UploadLayerPart","ecr:CompleteLayerUpload"]"#

    private func allow(_ sid: String, _ accounts: String..., actions: String? = nil, condition: String = "") -> String {
        let names = accounts.map { "\"\($0)\"" }.joined(separator: ",")
        let condition = condition.isEmpty ? "" : #","Condition":{\#(condition)}"#
        let principal = accounts == ["*"] ? #""*""# : #"{"AWS":[\#(names)]}"#
        return
            #"{"Sid":"\#(sid)","Effect":"Allow","Principal":\#(principal),"Action":\#(actions ?? pull)\#(condition)}"#
    }

    /// `gains`, `LOSES`, `keeps`, and with `perhaps` what depends on something.
    private func lines(_ before: Policy?, _ after: Policy?, _ grants: String...) throws -> [String] {
        let change = try EffectiveAccess.difference(
            from: evaluator(before), to: evaluator(after),
            naming: GrantDifference(removed: grants.map { WantedGrant.fixture($0) }))
        func lines(_ verb: String, _ entries: [AccessChange.Entry]) -> [String] {
            entries.map { entry in
                let extent =
                    switch entry.extent {
                    case .access(let access): access.rawValue
                    case .other(let actions): actions.joined(separator: "+")
                    }
                let who = [entry.principal, entry.region].compactMap(\.self).joined(separator: " ")
                let through = entry.through.joined(separator: ",")
                let doubts =
                    entry.doubts.isEmpty ? "" : " perhaps: \(entry.doubts.joined(separator: ", "))"
                return "\(who) \(verb) \(extent) through \(through)\(doubts)"
            }
        }
        return lines("LOSES", change.lost) + lines("gains", change.gained) + lines("keeps", change.kept)
    }

    @Test func `Who could pull already does not gain, and who still can does not lose`() throws {
        let foreign = allow("Team", "444455556666")
        let ours = allow("EcrShareAllowPull", "444455556666", "777788889999")
        #expect(
            try lines(policy(foreign), policy(foreign, ours), "444455556666 pull", "777788889999 pull") == [
                "777788889999 gains pull through EcrShareAllowPull",
                "444455556666 keeps pull through Team,EcrShareAllowPull",
            ])
        #expect(
            try lines(policy(foreign, ours), policy(foreign), "444455556666 pull", "777788889999 pull") == [
                "777788889999 LOSES pull through EcrShareAllowPull", "444455556666 keeps pull through Team",
            ])
        #expect(try lines(policy(ours), policy(ours)).isEmpty)
        #expect(try lines(nil, nil).isEmpty)
    }

    @Test func `push covers pull`() throws {
        let pulls = allow("EcrShareAllowPull", "444455556666")
        let pushes = allow("EcrShareAllowPullAndPush", "444455556666", actions: push)
        #expect(
            try lines(policy(pulls), policy(pushes), "444455556666 push") == [
                "444455556666 gains push through EcrShareAllowPullAndPush",
                "444455556666 keeps pull through EcrShareAllowPullAndPush",
            ])
        #expect(
            try lines(policy(pushes), policy(pulls), "444455556666 push") == [
                "444455556666 LOSES push through EcrShareAllowPullAndPush",
                "444455556666 keeps pull through EcrShareAllowPull",
            ])
        #expect(
            try lines(policy(pushes), nil, "444455556666 push") == [
                "444455556666 LOSES push through EcrShareAllowPullAndPush"
            ])
    }

    @Test func `What a hand-edited statement gave counts, whoever had it`() throws {
        let edited = allow(
            "EcrShareAllowPullOrg", "*",
            actions:
                #"["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability","ecr:DescribeImages"]"#,
            condition: #""StringEquals":{"aws:PrincipalOrgID":["o-a1b2c3d4e5","o-b1b2c3d4e5"]}"#)
        let rebuilt = allow(
            "EcrShareAllowPullOrg", "*", condition: #""StringEquals":{"aws:PrincipalOrgID":["o-a1b2c3d4e5"]}"#)
        #expect(
            try lines(policy(edited), policy(rebuilt), "o-a1b2c3d4e5 pull") == [
                "o-a1b2c3d4e5 LOSES ecr:DescribeImages through EcrShareAllowPullOrg",
                "o-b1b2c3d4e5 LOSES pull through EcrShareAllowPullOrg",
                "o-b1b2c3d4e5 LOSES ecr:DescribeImages through EcrShareAllowPullOrg",
                "o-a1b2c3d4e5 keeps pull through EcrShareAllowPullOrg",
            ])
        let everyone = allow("EcrShareAllowPull", "*")
        #expect(
            try lines(policy(everyone), policy(allow("EcrShareAllowPull", "444455556666")), "444455556666 pull") == [
                "* LOSES pull through EcrShareAllowPull", "* LOSES pull through EcrShareAllowPull",
                "444455556666 keeps pull through EcrShareAllowPull",
            ])
        let functions =
            #"{"Sid":"EcrShareAllowLambdaPull","Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"],"Condition":{"StringLike":{"aws:sourceARN":"arn:aws:lambda:*:777788889999:function:*"}}}"#
        #expect(
            try lines(policy(functions), nil) == [
                "777788889999 LOSES lambda-only through EcrShareAllowLambdaPull"
            ])
    }

    @Test func `What only a request tells is perhaps`() throws {
        let ours = allow("EcrShareAllowPull", "444455556666")
        let vpc = allow("Vpc", "444455556666", condition: #""StringEquals":{"aws:SourceVpce":"vpce-1"}"#)
        #expect(
            try lines(policy(vpc, ours), policy(vpc), "444455556666 pull") == [
                "444455556666 LOSES pull through Vpc,EcrShareAllowPull perhaps: the value of aws:SourceVpce"
            ])
        #expect(
            try lines(policy(vpc), policy(vpc, ours), "444455556666 pull") == [
                "444455556666 gains pull through Vpc,EcrShareAllowPull perhaps: the value of aws:SourceVpce"
            ])
        // A member of an organization may pull as one, if the account is a member.
        let members = allow("Org", "*", condition: #""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#)
        #expect(
            try lines(policy(members, ours), policy(members), "444455556666 pull") == [
                "444455556666 LOSES pull through Org,EcrShareAllowPull perhaps: the value of aws:PrincipalOrgID"
            ])
        // Two of the three actions are enough to pull.
        let two = allow("Two", "444455556666", actions: #"["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]"#)
        #expect(
            try lines(policy(two, ours), policy(two), "444455556666 pull") == [
                "444455556666 LOSES pull through Two,EcrShareAllowPull perhaps: whether ecr:BatchGetImage and ecr:GetDownloadUrlForLayer are enough"
            ])
    }

    @Test func `Who may still pull with what is left only may lose it`() throws {
        let ours = allow("EcrShareAllowPull", "444455556666")
        let two = #"["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]"#
        func lost(_ foreign: String) throws -> AccessChange.Entry {
            let change = try EffectiveAccess.difference(
                from: evaluator(policy(foreign, ours)), to: evaluator(policy(foreign)),
                naming: GrantDifference(removed: [WantedGrant.fixture("444455556666 pull")]))
            return try #require(change.lost.first)
        }
        let enough = "whether ecr:BatchGetImage and ecr:GetDownloadUrlForLayer are enough"
        let plain = try lost(allow("Two", "444455556666", actions: two))
        #expect(plain.afterwards == .depends && plain.doubts == [enough])
        let members = allow(
            "Two", "*", actions: two, condition: #""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#)
        let member = try lost(members)
        #expect(member.afterwards == .depends)
        #expect(Set(member.doubts) == [enough, "the value of aws:PrincipalOrgID"])
    }

    @Test func `Roles, sessions and functions that keep what their account loses are told`() throws {
        let role = allow("Role", "arn:aws:iam::444455556666:role/ci")
        let session = allow("Session", "arn:aws:sts::444455556666:assumed-role/cd/build")
        let other = allow("Other", "arn:aws:iam::777788889999:role/ci")
        let ours = allow("EcrShareAllowPull", "444455556666")
        let foreign = policy(role, session, other)
        #expect(
            try lines(policy(role, session, other, ours), foreign, "444455556666 pull") == [
                "444455556666 LOSES pull through EcrShareAllowPull",
                "arn:aws:iam::444455556666:role/ci keeps pull through Role",
                "arn:aws:sts::444455556666:assumed-role/cd/build keeps pull through Session",
            ])
    }

    @Test func `A Deny keeps a grant from being a gain`() throws {
        let deny = #"{"Sid":"No","Effect":"Deny","Principal":{"AWS":"444455556666"},"Action":"ecr:*"}"#
        let ours = allow("EcrShareAllowPull", "444455556666", "777788889999")
        #expect(
            try lines(policy(deny), policy(deny, ours), "444455556666 pull", "777788889999 pull") == [
                "777788889999 gains pull through EcrShareAllowPull"
            ])
    }

    private func deny(_ condition: String, actions: String = #""ecr:*""#) -> String {
        #"{"Sid":"No","Effect":"Deny","Principal":"*","Action":\#(actions),"Condition":{\#(condition)}}"#
    }

    private func members(_ organization: String) -> String {
        allow("EcrShareAllowPullOrg", "*", condition: #""StringEquals":{"aws:PrincipalOrgID":"\#(organization)"}"#)
    }

    @Test func `A Deny of what clients ask for first leaves pull possible, as a missing Allow does`() throws {
        let first = deny(
            #""StringEquals":{"aws:PrincipalAccount":"444455556666"}"#, actions: #""ecr:BatchCheckLayerAvailability""#)
        #expect(
            try lines(policy(first), policy(first, allow("EcrShareAllowPull", "444455556666")), "444455556666 pull")
                == [
                    "444455556666 gains pull through EcrShareAllowPull perhaps: whether ecr:BatchGetImage and ecr:GetDownloadUrlForLayer are enough"
                ])
    }

    @Test func `Members who are named are told when their organization loses what they keep`() throws {
        let foreign = allow("Team", "444455556666")
        #expect(
            try lines(policy(foreign, members("o-a1b2c3d4e5")), policy(foreign), "o-a1b2c3d4e5 pull") == [
                "o-a1b2c3d4e5 LOSES pull through EcrShareAllowPullOrg", "444455556666 keeps pull through Team",
            ])
    }

    @Test(
        arguments: [
            #""StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#,
            #""StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#,
            #""ForAllValues:StringNotLike":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/*"}"#,
        ]) func `Who can pull as a member before and after neither loses nor gains`(condition: String) throws
    {
        let before = policy(deny(condition), allow("EcrShareAllowPull", "444455556666"))
        let after = policy(deny(condition), members("o-a1b2c3d4e5"))
        #expect(
            try lines(before, after).filter { !$0.contains("keeps") } == [
                "o-a1b2c3d4e5 gains pull through EcrShareAllowPullOrg"
            ])
    }

    @Test func `Only those who could before may lose, and only those who can after may gain`() throws {
        // Outside the organization nothing denies, so that the account may lose there and cannot gain anywhere.
        let paths = deny(#""ForAnyValue:StringNotLike":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/*"}"#)
        let lost = try lines(
            policy(paths, allow("EcrShareAllowPull", "444455556666")), policy(paths, members("o-a1b2c3d4e5")))
        #expect(lost.filter { $0.contains("444455556666") && $0.contains("LOSES") }.count == 1)
        #expect(!lost.contains { $0.contains("444455556666") && $0.contains("gains") }, "\(lost)")
        // Of the account only one role could, and it keeps.
        let role = "arn:aws:iam::444455556666:role/ci"
        let others = deny(#""ArnNotEquals":{"aws:PrincipalArn":"\#(role)"}"#)
        #expect(
            try lines(
                policy(others, allow("EcrShareAllowPull", "444455556666")),
                policy(others, allow("EcrShareAllowPull", role)), "444455556666 pull", "\(role) pull") == [
                    "\(role) keeps pull through EcrShareAllowPull"
                ])
    }

    @Test func `The owner account needs no statement, so only a Deny matters to it`() throws {
        let ours = allow("EcrShareAllowPull", "111122223333", "444455556666")
        #expect(
            try lines(policy(ours), nil, "111122223333 pull", "444455556666 pull") == [
                "444455556666 LOSES pull through EcrShareAllowPull", "111122223333 keeps pull through ",
            ])
        #expect(
            try lines(nil, policy(ours), "111122223333 pull", "444455556666 pull").filter { $0.contains("gains") } == [
                "444455556666 gains pull through EcrShareAllowPull"
            ])
        let denies = #"{"Sid":"No","Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":\#(pull)}"#
        #expect(try lines(nil, policy(denies)).first?.hasPrefix("111122223333 LOSES ") == true)
    }

    @Test func `What remains of an access that goes is told`() throws {
        let uploads = #"["ecr:PutImage","ecr:InitiateLayerUpload","ecr:UploadLayerPart","ecr:CompleteLayerUpload"]"#
        let foreign = allow("Uploads", "444455556666", actions: uploads)
        #expect(
            try lines(
                policy(foreign, allow("EcrShareAllowPullAndPush", "444455556666", actions: push)), policy(foreign),
                "444455556666 push") == [
                    "444455556666 LOSES push through Uploads,EcrShareAllowPullAndPush",
                    "444455556666 keeps ecr:CompleteLayerUpload+ecr:InitiateLayerUpload+ecr:PutImage+ecr:UploadLayerPart through Uploads",
                ])
    }

    @Test func `A moment that has passed decides, and one to come does not`() throws {
        func decision(_ test: String, _ moment: String) throws -> Answer {
            let until = allow(
                "Until", "444455556666", condition: #""\#(test)":{"aws:CurrentTime":"\#(moment)"}"#)
            let evaluator = try PolicyEvaluator(
                of: policy(until), partition: .aws, owner: owner, today: CalendarDate("2026-11-27"))
            return Answer(
                evaluator.decision(for: AccessRequest(.account(consumer), action: "ecr:BatchGetImage")))
        }
        #expect(try decision("DateLessThan", "2020-01-01T00:00:00Z") == .no)
        #expect(try decision("DateGreaterThan", "2020-01-01T00:00:00Z") == .yes)
        #expect(try decision("DateLessThan", "2026-11-27T12:00:00Z") == .maybe)
        #expect(try decision("DateGreaterThan", "2027-01-01") == .maybe)
        // The first moment of the day has come.
        #expect(try decision("DateLessThan", "2026-11-27T00:00:00Z") == .no)
        #expect(try decision("DateGreaterThanEquals", "2026-11-27") == .yes)
        #expect(try decision("DateLessThanEquals", "2026-11-27") == .maybe)
        // The day that is over here goes on elsewhere.
        #expect(try decision("DateLessThan", "2026-11-26T23:00:00-11:00") == .maybe)
        #expect(try decision("DateLessThan", "soon") == .maybe)
        let until = allow(
            "Until", "444455556666", condition: #""DateLessThan":{"aws:CurrentTime":"2027-01-01T00:00:00Z"}"#)
        #expect(
            try lines(policy(until), nil) == [
                "444455556666 LOSES pull through Until perhaps: the value of aws:CurrentTime (DateLessThan 2027-01-01T00:00:00Z)"
            ])
    }
}
