import AWSValues
import SharePlan
import TestSupport
import Testing

/// What `access` prints for policies of which it is easy to say nothing, or too much.
@Suite struct AccessKindsTests {
    private static let pull = #"["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]"#

    /// A statement for pull: `effect principal {condition}`, where X is an account and `*` everybody.
    private static func statement(_ effect: String, _ principal: String, _ condition: String = "") -> String {
        let principal = principal == "*" ? #""*""# : principal
        let condition = condition.isEmpty ? "" : #","Condition":{\#(condition)}"#
        return #"{"Effect":"\#(effect)","Principal":\#(principal),"Action":\#(pull)\#(condition)}"#
    }

    private static func allow(_ principal: String, _ condition: String = "") -> String {
        statement("Allow", principal, condition)
    }

    private static func deny(_ principal: String, _ condition: String = "") -> String {
        statement("Deny", principal, condition)
    }

    private func lines(_ text: String, _ report: AccessReport = .text(width: nil)) throws -> [String] {
        let repository = RepositoryID.fixture("111122223333 us-east-1 base/a")
        let access = try RepositoryAccess(
            of: repository, policy: Policy(text.replacing("ACCT", with: "200000000003")), sidPrefix: "EcrShare",
            adopt: .nothing,
            wanted: nil)
        return report.lines(for: access).split(separator: "\n").map { line in
            let cells = line.split(separator: "  ", omittingEmptySubsequences: true)
            return cells.map { String($0.drop { $0 == " " }) }.filter { !$0.hasPrefix("statement ") }.joined(
                separator: " | ")
        }
    }

    private static let account = #"{"AWS":"arn:aws:iam::ACCT:root"}"#
    private static let lambda = #"{"Service":"lambda.amazonaws.com"}"#
    private static let identity = "200000000003 | perhaps pull (depends on which principal makes the request)"
    private static let anyMember = "o-* PUBLIC (members of any organization)"

    @Test(
        arguments: [
            // Some identities of an account that is named.
            ([allow(account, #""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::ACCT:role/eks-*"}"#)], [identity]),
            (
                [
                    allow(
                        account,
                        #""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::ACCT:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*"}"#
                    )
                ],
                [identity]
            ),
            ([allow(account, #""ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::ACCT:role/team/*"}"#)], [identity]),
            (
                [
                    allow(
                        #"{"AWS":["ACCT","200000000004"]}"#,
                        #""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/eks-*"}"#)
                ],
                [identity, identity.replacing("0003", with: "0004")]
            ),
            (
                [
                    allow(
                        "*",
                        #""StringEquals":{"aws:PrincipalAccount":"ACCT"},"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::ACCT:role/ci-*"}"#
                    )
                ],
                [identity]
            ),
            (
                [
                    allow(
                        "*",
                        #""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"},"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/ci-*"}"#
                    )
                ],
                ["o-a1b2c3d4e5 | perhaps pull (depends on which principal makes the request)"]
            ),
            ([allow("*", #""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::ACCT:role/*"}"#)], [identity]),
            ([allow("*", #""ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::ACCT:root"}"#)], [identity]),
            (
                [allow(account), deny("*", #""StringNotLike":{"aws:PrincipalArn":"arn:aws:iam::ACCT:*"}"#)],
                ["* (everybody else) | DENIED pull", identity]
            ),
            // Somebody whom only a condition names, together with something that only a request determines.
            (
                [allow("*", #""StringEquals":{"aws:PrincipalAccount":"ACCT","aws:SourceVpce":"vpce-1"}"#)],
                ["200000000003 | perhaps pull (depends on the value of aws:SourceVpce)"]
            ),
            (
                [
                    allow(
                        "*",
                        #""ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::ACCT:role/a"},"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}"#
                    )
                ],
                ["arn:aws:iam::200000000003:role/a | perhaps pull (depends on the value of aws:SourceIp)"]
            ),
            (
                [
                    allow("*", #""StringEquals":{"aws:SourceVpce":"vpce-1"}"#),
                    deny("*", #""StringNotEquals":{"aws:PrincipalAccount":"ACCT"}"#),
                ],
                [
                    "* (everybody else) | DENIED pull",
                    "200000000003 | perhaps pull (depends on the value of aws:SourceVpce)",
                ]
            ),
            (
                [allow("*", #""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5","aws:PrincipalAccount":"ACCT"}"#)],
                ["200000000003 | perhaps pull (depends on the value of aws:PrincipalOrgID)"]
            ),
            (
                [allow("*", #""StringLike":{"aws:PrincipalAccount":"2000*"}"#)],
                ["* PUBLIC | perhaps pull (depends on the value of aws:PrincipalAccount)"]
            ),
            ([allow("*", #""StringEquals":{"aws:PrincipalAccount":"ACCT"}"#)], ["200000000003 | pull"]),
            (
                [allow("*", #""StringNotEquals":{"aws:PrincipalAccount":"ACCT"}"#)],
                ["* PUBLIC | pull", "200000000003 | not pull"]
            ),
            // Members of whatever organization.
            ([allow("*", #""StringLike":{"aws:PrincipalOrgID":"o-*"}"#)], [anyMember + " | pull"]),
            ([allow("*", #""StringLike":{"aws:PrincipalOrgID":"*"}"#)], [anyMember + " | pull"]),
            ([allow("*", #""Null":{"aws:PrincipalOrgID":"false"}"#)], [anyMember + " | pull"]),
            ([allow("*", #""ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"*"}"#)], [anyMember + " | pull"]),
            ([allow("*", #""ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-*/*"}"#)], [anyMember + " | pull"]),
            (
                [allow("*", #""ForAnyValue:StringNotLike":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/*"}"#)],
                [anyMember + " | pull", "o-a1b2c3d4e5 | not pull"]
            ),
            ([allow("*"), deny("*", #""Null":{"aws:PrincipalOrgID":"true"}"#)], [anyMember + " | pull"]),
            (
                [allow("*", #""StringLike":{"aws:PrincipalOrgID":"o-a1b2c3d4*"}"#)],
                [anyMember + " | perhaps pull (depends on the value of aws:PrincipalOrgID)"]
            ),
            (
                [allow("*", #""ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/*"}"#)],
                ["o-a1b2c3d4e5 | pull"]
            ),
            (
                [
                    allow(
                        "*",
                        #""ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/r-ab12/*/ou-ab12-22222222/*"}"#
                    )
                ],
                ["o-a1b2c3d4e5 | perhaps pull (depends on the value of aws:PrincipalOrgPaths)"]
            ),
            (
                [allow("*", #""StringLike":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/*"}"#)],
                [
                    "o-a1b2c3d4e5 | perhaps pull (depends on the condition operator StringLike without ForAnyValue or ForAllValues on aws:PrincipalOrgPaths)"
                ]
            ),
            // A Deny gives nothing.
            (
                [deny(#"{"AWS":"arn:aws:sts::ACCT:assumed-role/ci/s1"}"#)],
                ["arn:aws:sts::200000000003:assumed-role/ci/s1 | DENIED pull"]
            ),
            (
                [deny(#"{"Federated":"cognito-identity.amazonaws.com"}"#)],
                ["cognito-identity.amazonaws.com (unknown) | DENIED pull"]
            ),
            (
                [deny("*", #""ArnNotLike":{"aws:SourceArn":"arn:aws:codebuild:us-east-1:ACCT:project/p"}"#)],
                ["* (everybody else) | DENIED pull"]
            ),
            ([deny("*", #""Null":{"aws:SourceArn":"true"}"#)], ["* (everybody else) | DENIED pull"]),
            (
                [
                    #"{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:user/ann"},"Action":"ecr:PutImage"}"#
                ],
                ["* (everybody else) | DENIED ecr:PutImage"]
            ),
            // Services.
            (
                [
                    allow(
                        #"{"Service":"codebuild.amazonaws.com"}"#,
                        #""StringEquals":{"aws:SourceArn":"arn:aws:codebuild:us-east-1:ACCT:project/p"}"#)
                ],
                ["codebuild.amazonaws.com | perhaps pull (depends on the value of aws:SourceArn)"]
            ),
            ([allow("*", #""Bool":{"aws:PrincipalIsAWSService":"true"}"#)], ["* (any AWS service) | pull"]),
            (
                [allow("*", #""StringEquals":{"aws:SourceAccount":"ACCT"}"#)],
                [
                    "200000000003 Lambda | lambda-only", "200000000003 Lambda | ecr:BatchCheckLayerAvailability",
                    "* (any AWS service) | perhaps pull (depends on the value of aws:SourceAccount)",
                ]
            ),
            (
                [
                    allow(
                        lambda,
                        #""StringNotEquals":{"aws:SourceOrgID":"o-a1b2c3d4e5"},"StringLike":{"aws:SourceArn":"arn:aws:lambda:us-east-1:ACCT:function:*"}"#
                    )
                ],
                [
                    "200000000003 Lambda us-east-1 | perhaps lambda-only (depends on the value of aws:SourceOrgID)",
                    "200000000003 Lambda us-east-1 | perhaps ecr:BatchCheckLayerAvailability (depends on the value of aws:SourceOrgID)",
                ]
            ),
            (
                [allow(lambda, #""ArnNotLike":{"aws:SourceArn":"arn:aws:lambda:us-east-1:ACCT:function:*"}"#)],
                [
                    "* Lambda | lambda-only", "* Lambda | ecr:BatchCheckLayerAvailability",
                    "200000000003 Lambda us-east-1 | not lambda-only",
                ]
            ),
            (
                [allow(lambda, #""StringLike":{"aws:SourceOrgID":"o-*"}"#)],
                ["o-* Lambda | lambda-only", "o-* Lambda | ecr:BatchCheckLayerAvailability"]
            ),
            // Wildcards in actions that a Deny or NotAction takes a part of.
            (
                [
                    #"{"Effect":"Allow","Principal":"*","Action":"ecr:Put*"}"#,
                    #"{"Effect":"Deny","Principal":"*","Action":"ecr:PutImage"}"#,
                ],
                [
                    "* (everybody else) | DENIED ecr:PutImage",
                    "* PUBLIC | ecr:PutImageScanningConfiguration ecr:PutImageTagMutability ecr:PutLifecyclePolicy",
                ]
            ),
            (
                [
                    #"{"Effect":"Allow","Principal":{"AWS":"ACCT"},"NotAction":["ecr:*Image*","ecr:*Layer*","ecr:*Repo*","ecr:*Life*"]}"#,
                    #"{"Effect":"Allow","Principal":{"AWS":"200000000004"},"Action":"ecr:*"}"#,
                ],
                [
                    "200000000003 | ecr:ListTagsForResource ecr:TagResource ecr:UntagResource",
                    "200000000004 | push", "200000000004 | ecr:*",
                ]
            ),
        ] as [([String], [String])])
    func `Nobody is overlooked, and a Deny is no access`(statements: [String], expected: [String]) throws {
        let text = policy(version: "2012-10-17", statements.joined(separator: ","))
        #expect(try Array(lines(text.text).dropFirst()) == expected)
    }

    @Test func `Every form tells of the members of any organization`() throws {
        let text = policy(Self.allow("*", #""StringLike":{"aws:PrincipalOrgID":"o-*"}"#))
        let json = try lines(text.text, .json)
        #expect(json.count == 1)
        #expect(json.first?.contains(#""principal":"o-*","principalKind":"any-organization""#) == true)
        #expect(
            try lines(text.text, .csv) == [
                "# foreign: 111122223333,us-east-1,base/a: o-* PUBLIC (members of any organization): pull, statement 1"
            ])
        let repository = RepositoryID.fixture("111122223333 us-east-1 base/a")
        let access = try RepositoryAccess(
            of: repository, policy: text, sidPrefix: "EcrShare", adopt: .nothing, wanted: nil)
        var page = HTMLAccessRenderer(title: "test", sidPrefix: "EcrShare")
        page.add(HTMLAccessRow(access, policy: text, sidPrefix: "EcrShare"))
        let html = page.takeOutput() + page.finish()
        #expect(html.contains("Open to everyone"))
        #expect(html.contains("o-* PUBLIC (members of any organization): pull"))
    }

    @Test func `A part of what the matrix grants is in the matrix`() throws {
        let text = policy(
            #"{"Sid":"EcrShareAllowPullAndPush","Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability","ecr:PutImage","ecr:InitiateLayerUpload","ecr:UploadLayerPart","ecr:CompleteLayerUpload"]}"#,
            #"{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:role/build"},"Action":\#(Self.pull)}"#
        )
        let wanted = ["444455556666 push", "arn:aws:iam::444455556666:role/build pull"].map { WantedGrant.fixture($0) }
        let access = try RepositoryAccess(
            of: .fixture("111122223333 us-east-1 base/a"), policy: text, sidPrefix: "EcrShare", adopt: .nothing,
            wanted: wanted)
        #expect(access.entries.count == 2)
        #expect(access.entries.allSatisfy { access.isInMatrix($0) == true })
        #expect(access.foreign.isEmpty)
    }

    @Test func `Machine forms have a line for nobody, for what is missing and for what was not read`() throws {
        let repository = RepositoryID.fixture("111122223333 us-east-1 base/a")
        let place = "111122223333,us-east-1,base/a"
        func access(_ wanted: [String]) throws -> RepositoryAccess {
            try RepositoryAccess(
                of: repository, policy: nil, sidPrefix: "EcrShare", adopt: .nothing,
                wanted: wanted.map { WantedGrant.fixture($0) })
        }
        #expect(AccessReport.csv.lines(for: try access([])) == "# nobody: \(place)\n")
        #expect(
            AccessReport.csv.lines(for: try access(["444455556666 pull"]))
                == "# in the matrix, not granted: \(place): 444455556666: pull\n")
        let subject = #""repository":{"account":"111122223333","region":"us-east-1","name":"base/a"}"#
        #expect(AccessReport.json.lines(for: try access([])) == #"{"kind":"nobody",\#(subject)}"# + "\n")
        #expect(
            AccessReport.json.lines(for: try access(["444455556666 lambda-only us-east-1"]))
                == #"{"kind":"missing",\#(subject),"principal":"444455556666","principalKind":"lambda","#
                + #""consumerRegion":"us-east-1","access":"lambda-only"}"# + "\n")
        let problem = Problem(repository: repository, code: "Denied", message: "no")
        #expect(
            AccessReport.json.lines(unread: problem)
                == #"{"kind":"problem",\#(subject),"code":"Denied","message":"no"}"# + "\n")
        #expect(AccessReport.csv.lines(unread: problem) == "# not read: \(place): Denied: no\n")
        #expect(AccessReport.text(width: nil).lines(unread: problem) == "")
    }

    @Test func `On a terminal no line of the text is longer than it where words allow that`() throws {
        let text = policy(
            #"{"Sid":"a statement with a long name","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:role/build"},"Action":["ecr:DescribeImages","ecr:ListImages","ecr:DescribeRepositories","ecr:GetLifecyclePolicy"]}"#
        )
        let access = try RepositoryAccess(
            of: .fixture("111122223333 us-east-1 base/a"), policy: text, sidPrefix: "EcrShare", adopt: .nothing,
            wanted: nil)
        let whole = AccessReport.text(width: nil).lines(for: access).split(separator: "\n")
        let narrow = AccessReport.text(width: 80).lines(for: access).split(separator: "\n")
        #expect(whole.count == 2)
        #expect(narrow.count > 2 && narrow.allSatisfy { $0.count <= 80 })
        #expect(
            narrow.joined(separator: " ").split(separator: " ") == whole.joined(separator: " ").split(separator: " "))
        #expect(AccessReport.text(width: 200).lines(for: access) == AccessReport.text(width: nil).lines(for: access))
    }
}
