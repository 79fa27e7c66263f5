import AWSValues
import SharePlan
import TestSupport
import Testing

@Suite struct GrantAuditTests {
    private func lines(_ text: Policy?) throws -> [String] {
        try GrantAudit(of: text, partition: .aws, owner: owner).entries.map { entry in
            let extent =
                switch entry.extent {
                case .access(let access): access.rawValue
                case .other(let actions): actions.joined(separator: "+")
                }
            let place = [entry.principal, entry.region, entry.function].compactMap(\.self).joined(separator: " ")
            let from = entry.statements.map { $0.sid ?? "#\($0.index)" }.joined(separator: ",")
            return "\(entry.kind) \(place): \(extent) \(Answer(entry.decision)) by \(from)"
        }
    }

    private let pull = #"["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]"#

    @Test func `No policy gives nothing`() throws {
        #expect(try lines(nil).isEmpty)
        #expect(try lines(policy()).isEmpty)
    }

    @Test func `Everybody is listed with what the policy gives`() throws {
        let text = policy(
            #"{"Sid":"P","Effect":"Allow","Principal":{"AWS":["444455556666","arn:aws:iam::777788889999:role/build"]},"Action":\#(pull)}"#,
            #"{"Sid":"Q","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::777788889999:user/ci"},"Action":"ecr:*"}"#,
            #"{"Sid":"L","Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer","ecr:SetRepositoryPolicy"],"Condition":{"StringLike":{"aws:sourceARN":["arn:aws:lambda:us-east-1:444455556666:function:*","arn:aws:lambda:*:777788889999:function:my-*"]}}}"#,
            #"{"Sid":"O","Effect":"Allow","Principal":"*","Action":\#(pull),"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}"#,
            #"{"Sid":"U","Effect":"Allow","Principal":"*","Action":"ecr:PutImage","Condition":{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/r-ab12/*"}}}"#,
            #"{"Sid":"S","Effect":"Allow","Principal":{"Service":"codebuild.amazonaws.com"},"Action":\#(pull)}"#,
            #"{"Sid":"D","Effect":"Allow","Principal":{"AWS":"AROAEXAMPLE"},"Action":\#(pull)}"#)
        #expect(
            try lines(text) == [
                "organization o-a1b2c3d4e5: pull yes by O",
                "path o-a1b2c3d4e5/r-ab12/*: pull yes by O",
                "path o-a1b2c3d4e5/r-ab12/*: ecr:PutImage yes by U",
                "account 444455556666: pull yes by P",
                "role arn:aws:iam::777788889999:role/build: pull yes by P",
                "user arn:aws:iam::777788889999:user/ci: push yes by Q",
                "user arn:aws:iam::777788889999:user/ci: ecr:* yes by Q",
                "lambda 444455556666 us-east-1: lambda-only yes by L",
                "lambda 444455556666 us-east-1: ecr:SetRepositoryPolicy yes by L",
                "lambda 777788889999 my-*: lambda-only yes by L",
                "lambda 777788889999 my-*: ecr:SetRepositoryPolicy yes by L",
                "service codebuild.amazonaws.com: pull yes by S",
                "deleted AROAEXAMPLE: pull no by D",
            ])
    }

    @Test func `What is open to the world says so`() throws {
        #expect(
            try lines(policy(#"{"Effect":"Allow","Principal":"*","Action":\#(pull)}"#)) == ["public *: pull yes by #0"])
        let vpc = #""Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}"#
        #expect(
            try lines(policy(#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":\#(pull),\#(vpc)}"#))
                == ["public *: pull maybe by #0"])
        let limited = #""Condition":{"StringEquals":{"aws:PrincipalAccount":"444455556666"}}"#
        #expect(
            try lines(policy(#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":\#(pull),\#(limited)}"#))
                == ["account 444455556666: pull yes by #0"])
    }

    @Test func `A Deny shows`() throws {
        let allow = #"{"Sid":"P","Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":\#(pull)}"#
        let deny = #"{"Sid":"D","Effect":"Deny","Principal":{"AWS":"444455556666"},"Action":"ecr:BatchGetImage"}"#
        #expect(
            try lines(policy(allow, deny)) == [
                "account 444455556666: ecr:BatchCheckLayerAvailability+ecr:GetDownloadUrlForLayer yes by P",
                "account 444455556666: ecr:BatchGetImage denied by D",
            ])
        // One for everybody is reported for those who lose something by it, and for the public.
        let delete =
            #"{"Sid":"X","Effect":"Deny","Principal":"*","Action":["ecr:DeleteRepository","ecr:BatchGetImage"]}"#
        #expect(
            try lines(policy(allow, delete)) == [
                "public *: ecr:BatchGetImage+ecr:DeleteRepository denied by X",
                "account 444455556666: ecr:BatchCheckLayerAvailability+ecr:GetDownloadUrlForLayer yes by P",
                "account 444455556666: ecr:BatchGetImage denied by X",
            ])
        let net =
            #"{"Sid":"N","Effect":"Deny","Principal":"*","Action":"ecr:*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}"#
        #expect(
            try lines(policy(allow, net)).contains("account 444455556666: pull maybe by P,N"))
    }

    @Test func `Unknown principals are marked`() throws {
        let text = policy(
            #"{"Effect":"Allow","Principal":{"CanonicalUser":"79a5","Federated":"x"},"Action":\#(pull)}"#)
        #expect(
            try lines(text).filter { $0.hasPrefix("unknown") } == [
                "unknown 79a5: pull maybe by #0", "unknown x: pull maybe by #0",
            ])
    }
}

@Suite struct DeniedGrantTests {
    private func denied(_ deny: String, _ grants: Grant...) throws -> [DeniedGrant] {
        try evaluator(policy(allowAll, deny)).deniedGrants(among: grants, sidPrefix: "EcrShare")
    }

    private let pull = Grant(consumer: .account(consumer), access: .pull)
    private let push = Grant(consumer: .account(consumer), access: .push)
    private let functions = Grant(
        consumer: .account(consumer), access: .lambdaOnly, consumerRegion: Region("us-east-1"))

    @Test(arguments: [
        (#""Principal":"*","Action":"ecr:*""#, [true, true, true]),
        (#""Principal":"*","Action":"ecr:PutImage""#, [nil, true, nil]),
        (#""Principal":"*","Action":"ecr:DeleteRepository""#, [nil, nil, nil]),
        (#""Principal":{"AWS":"444455556666"},"Action":"ecr:*""#, [true, true, nil]),
        (#""Principal":{"AWS":"777788889999"},"Action":"ecr:*""#, [nil, nil, nil]),
        (#""Principal":{"AWS":"arn:aws:iam::444455556666:role/x"},"Action":"ecr:*""#, [false, false, nil]),
        (#""Principal":{"AWS":"AROAEXAMPLE"},"Action":"ecr:*""#, [nil, nil, nil]),
        (#""NotPrincipal":{"AWS":"444455556666"},"Action":"ecr:*""#, [false, false, true]),
        (#""Principal":"*","NotAction":"ecr:PutImage""#, [true, true, true]),
        (
            #""Principal":"*","Action":"ecr:*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}"#,
            [false, false, true]
        ),
        (#""Principal":"*","Action":"ecr:*","Condition":{"Bool":{"aws:SecureTransport":"false"}}"#, [nil, nil, nil]),
        // A federated user of the account has another ARN.
        (
            #""Principal":"*","Action":"ecr:*","Condition":{"StringNotLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:*"}}"#,
            [false, false, true]
        ),
        (
            #""Principal":"*","Action":"ecr:*","Condition":{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#,
            [false, false, false]
        ),
    ])
    func `A foreign Deny is found and weighed`(elements: String, certain: [Bool?]) throws {
        let deny = #"{"Sid":"no","Effect":"Deny",\#(elements)}"#
        for (grant, expected) in zip([pull, push, functions], certain) {
            let found = try denied(deny, grant)
            #expect(found.first?.isCertain == expected)
            #expect(found.allSatisfy { $0.grant == grant && $0.statement == StatementReference(index: 1, sid: "no") })
        }
    }

    @Test func `A managed Deny is not foreign`() throws {
        #expect(
            try denied(#"{"Sid":"EcrShareAllowPullAndPush","Effect":"Deny","Principal":"*","Action":"*"}"#, pull)
                .isEmpty)
        #expect(try denied(#"{"Sid":"ecrshareNo","Effect":"Deny","Principal":"*","Action":"*"}"#, pull).count == 1)
    }

    @Test func `A statement that cannot be read may deny`() throws {
        #expect(try denied(#"{"Effect":"deny","Principal":"*","Action":"*"}"#, pull).first?.isCertain == false)
    }
}

@Suite struct StatementWarningTests {
    @Test func `A warning says which part of a grant a foreign Deny hits`() throws {
        let deny =
            #"{"Sid":"no","Effect":"Deny","Principal":"*","Action":"ecr:*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}"#
        let push = #"{"Sid":"tags","Effect":"Deny","Principal":"*","Action":"ecr:PutImage"}"#
        let wanted = [
            "444455556666 pull", "444455556666 lambda-only us-east-1", "777788889999 push", "888899990000 pull",
        ].map { WantedGrant.fixture($0) }
        let entry = SharingRules().entry(
            for: .fixture("111122223333 us-east-1 base/a"), live: policy(deny, push), wanted: wanted)
        guard case .change(let change) = entry else {
            Issue.record("\(entry)")
            return
        }
        let doubt = "; it depends on the value of aws:PrincipalOrgID"
        #expect(
            change.warnings.filter { $0.contains("the foreign Deny") } == [
                #"the foreign Deny in statement "no" denies lambda-only to 444455556666"#,
                #"the foreign Deny in statement "no" may deny pull to 444455556666, 888899990000"# + doubt,
                #"the foreign Deny in statement "no" may deny pull and push to 777788889999"# + doubt,
                #"the foreign Deny in statement "tags" denies push (not pull) to 777788889999"#,
            ])
        let all = #"{"Sid":"all","Effect":"Deny","Principal":"*","Action":"ecr:*"}"#
        guard
            case .change(let whole) = SharingRules().entry(
                for: .fixture("111122223333 us-east-1 base/a"), live: policy(all), wanted: Array(wanted.prefix(2)))
        else { return }
        #expect(
            whole.warnings.filter { $0.contains("the foreign Deny") }
                == [#"the foreign Deny in statement "all" denies lambda to 444455556666"#])
    }
}
