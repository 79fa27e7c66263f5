import AWSValues
@testable import SharePlan
import TestSupport
import Testing

/// What a replaced hand-edited statement let somebody do is reported and counted, whoever it is.
@Suite struct TakeOverTests {
    private static let repository = RepositoryID.fixture("111122223333 us-east-1 base/go")
    private static let pull =
        #"["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]"#

    /// Hand-edited managed statements, and how a report names who loses by their going.
    static let edits: [(statement: String, loses: [String])] = [
        (
            #""Principal":"*","Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability","#
                + #""ecr:DescribeImages"],"Condition":{"StringEquals":{"aws:PrincipalOrgID":["o-a1b2c3d4e5","o-b1b2c3d4e5"]}}"#,
            ["organization o-b1b2c3d4e5 LOSES pull", "organization o-a1b2c3d4e5 LOSES ecr:DescribeImages"]
        ),
        (
            #""Principal":{"Service":"lambda.amazonaws.com"},"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"],"#
                + #""Condition":{"StringLike":{"aws:sourceARN":["arn:aws:lambda:us-east-1:555566667777:function:*","#
                + #""arn:aws:lambda:us-east-1:666677778888:function:prod-*","arn:aws:lambda:*:777788889999:function:*"]}}"#,
            ["555566667777", "666677778888", "777788889999"]
        ),
        (
            #""Principal":{"Service":"codebuild.amazonaws.com"},"Action":"ecr:*""#,
            ["service codebuild.amazonaws.com LOSES"]
        ),
        (
            #""Principal":{"AWS":"arn:aws:sts::444455556666:assumed-role/ci/s1"},"Action":\#(pull)"#,
            ["arn:aws:sts::444455556666:assumed-role/ci/s1 MAY LOSE pull"]
        ),
        (
            #""Principal":{"Federated":"cognito-identity.amazonaws.com"},"Action":\#(pull)"#,
            ["cognito-identity.amazonaws.com MAY LOSE pull"]
        ),
        (#""Principal":"*","Action":\#(pull)"#, ["everybody", "any AWS service"]),
        (#""NotPrincipal":{"AWS":"444455556666"},"Action":\#(pull)"#, [""]),
        (#""Principal":{"AWS":"888899990000"},"Action":"ecr:ListImages""#, ["888899990000 LOSES ecr:ListImages"]),
        (
            #""Principal":{"AWS":"888899990000"},"Action":\#(pull),"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#,
            ["888899990000 MAY LOSE pull"]
        ),
    ]

    private static func change(_ statement: String, effect: String = "Allow", _ wanted: String...) throws -> Change {
        let live: Policy =
            #"{"Version":"2008-10-17","Statement":[{"Sid":"EcrShareAllowPullOrg","Effect":"\#(effect)",\#(statement)}]}"#
        let entry = SharingRules(takeOver: true).entry(
            for: repository, live: live, wanted: wanted.map { .fixture($0) })
        guard case .change(let change) = entry else { throw Broken("\(entry)") }
        try ChangeCheck(PlanSamples.header).check(change)
        return change
    }

    /// The change in each form for people, and as a line of a plan.
    private static func forms(_ change: Change) -> [String] {
        var renderers: [any PlanRenderer] = [
            TextPlanRenderer(header: PlanSamples.header, options: TextOptions(width: 1_000)),
            MarkdownPlanRenderer(header: PlanSamples.header, options: MarkdownOptions(limit: 65_536)),
            HTMLPlanRenderer(header: PlanSamples.header),
            AWSCLIPlanRenderer(header: PlanSamples.header),
        ]
        let entry = PlanEntry.change(change)
        return renderers.indices.map { index in
            renderers[index].add(entry)
            return renderers[index].takeOutput()
                + renderers[index].finish(summary: PlanSummary([entry]), digest: String(repeating: "a", count: 64))
        }
    }

    private static func isRefused(_ change: Change) -> Bool {
        var check = PlanCheck(PlanLimits(maximumRevocations: .count(0), allowsRevocations: false))
        check.count(.change(change))
        do { try check.verify(digest: "") } catch { return error.reasons.count == 2 }
        return false
    }

    @Test(arguments: edits)
    func `Whoever loses by a take-over is named in every form and counted`(
        statement: String, loses: [String]
    ) throws {
        let change = try Self.change(statement, "o-a1b2c3d4e5 pull", "999900001111 pull")
        #expect(Self.isRefused(change))
        #expect(PlanSummary([.change(change)]).grantsRemoved >= loses.count)
        for form in Self.forms(change) {
            let plain = form.filter { $0 != "`" && $0 != "*" }.lowercased()
            for name in loses {
                #expect(
                    plain.contains(name.filter { $0 != "*" }.lowercased()), "\(name) is not in \(form.suffix(3_000))")
            }
            #expect(!form.contains("nobody gains or loses"))
        }
        let line = PlanLine.entry(.change(change)).bytes
        #expect(try PlanEntry(decoding: line[...]) == .change(change))
    }

    @Test func `Who had it by the replaced statement does not gain it`() throws {
        let change = try Self.change(Self.edits[0].statement, "o-a1b2c3d4e5 pull", "o-c1b2c3d4e5 pull")
        #expect(change.grants.added.map(\.grant.consumer.description) == ["o-c1b2c3d4e5"])
        #expect(change.grants.removed.map(\.grant.consumer.description) == ["o-b1b2c3d4e5"])
        // Under a condition it was not the same: both are reported.
        let conditional = try Self.change(Self.edits[8].statement, "888899990000 pull")
        #expect(conditional.grants.added.map(\.grant.consumer.description) == ["888899990000"])
        #expect(Self.isRefused(conditional))
    }

    @Test func `A Deny that goes is reported, counted and never called a change of nothing`() throws {
        let change = try Self.change(
            #""Principal":{"AWS":"888899990000"},"Action":"ecr:*""#, effect: "Deny", "444455556666 pull")
        #expect(Self.isRefused(change))
        #expect(change.replaced == [ReplacedStatement(sid: "EcrShareAllowPullOrg", denies: true)])
        for form in Self.forms(change) { #expect(form.contains("those that it denied may gain access")) }
    }

    @Test func `A plan that hides what it replaces is not executed`() throws {
        let change = try Self.change(Self.edits[2].statement, "444455556666 pull")
        let hidden = Change(
            repository: change.repository, before: change.before, after: change.after, grants: change.grants,
            access: change.access, warnings: change.warnings)
        #expect(throws: ChangeObjection.self) { try ChangeCheck(PlanSamples.header).check(hidden) }
    }
}
