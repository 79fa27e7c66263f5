import OrderedCollections
import OrderedJSON
import SharePlan
import TestSupport
import Testing

@Suite struct PolicyConflictTests {
    private static let pull =
        #""Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]"#

    private static func policy(_ statements: String...) -> Policy {
        #"{"Version":"2008-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
    }

    private static let foreign =
        #"{"Sid":"new statement","Effect":"Allow","Principal":{"AWS":"777788889999"},"Action":"ecr:BatchGetImage"}"#
    private static let managed =
        #"{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":"444455556666"},\#(pull)}"#
    private static let lambda =
        #"{"Sid":"LambdaECRImageRetrievalPolicy","Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"#
        + #""Action":["ecr:BatchGetImage","ecr:SetRepositoryPolicy"]}"#

    @Test func `The three sides are shown statement by statement, with who wrote what differs`() {
        let change = Change(
            repository: .fixture("111122223333 us-east-1 base/go"), before: Self.policy(Self.foreign),
            after: Self.policy(Self.foreign, Self.managed), grants: GrantDifference())
        // ECR prints an id as a root ARN: that is the same statement.
        let printed = Self.foreign.replacing("\"777788889999\"", with: #"["arn:aws:iam::777788889999:root"]"#)
        let conflict = PolicyConflict(change, live: Self.policy(printed, Self.lambda), sidPrefix: "EcrShare")
        #expect(
            conflict.lines == [
                "planned from: 1 statement, wanted: 2 statements, found: 2 statements",
                "from  wanted  found",
                "  x     x      x    \"new statement\"",
                "  -     x      -    \"EcrShareAllowPull\" (by its Sid from ecr-share): \(Self.managed)",
                "  -     -      x    \"LambdaECRImageRetrievalPolicy\" (by its Sid from AWS Lambda itself, for an image "
                    + "function): \(Self.lambda)",
            ])
    }

    @Test(arguments: [nil, "no policy at all", "{}"]) func `Whatever is live is shown`(live: Policy?) {
        let change = Change(
            repository: .fixture("111122223333 us-east-1 base/go"), before: nil, after: Self.policy(Self.managed),
            grants: GrantDifference())
        let lines = PolicyConflict(change, live: live, sidPrefix: "EcrShare").lines
        #expect(lines[0].hasSuffix("found: " + (live.map { "text that is not a policy, \($0)" } ?? "no policy")))
        #expect(lines.contains { $0.hasPrefix("  -     x      -    \"EcrShareAllowPull\"") })
    }

    @Test func `Equal statements are counted`() {
        let change = Change(
            repository: .fixture("111122223333 us-east-1 base/go"), before: Self.policy(Self.foreign, Self.foreign),
            after: Self.policy(Self.foreign, Self.foreign), grants: GrantDifference())
        let lines = PolicyConflict(change, live: Self.policy(Self.foreign), sidPrefix: "EcrShare").lines
        #expect(lines.count == 4 && lines[3].hasPrefix("  x     x      -    \"new statement\""))
    }

    @Test(
        arguments: [
            ("EcrShareAllowPull", .ourselves), ("SharedAllowPullAndPush", .otherPrefix("Shared")), ("AllowPull", nil),
            ("TeamAllowPullOrgPaths", .otherPrefix("Team")), ("AllowLambdaSLR", .sam), ("new statement", .console),
            ("PrivateReadOnly", .terraformModule), ("LambdaECRImageRetrievalPolicy", .lambdaTemplate), ("", nil),
            ("mine", nil),
        ] as [(String, StatementWriter?)])
    func `A Sid tells who probably wrote the statement`(sid: String, writer: StatementWriter?) {
        let statement = PolicyStatement(["Sid": .string(sid), "Action": "ecr:BatchGetImage"])
        #expect(StatementWriter(of: statement, sidPrefix: "EcrShare") == writer)
    }

    @Test func `A statement without a Sid tells nothing`() {
        #expect(StatementWriter(of: PolicyStatement([:]), sidPrefix: "EcrShare") == nil)
    }
}
