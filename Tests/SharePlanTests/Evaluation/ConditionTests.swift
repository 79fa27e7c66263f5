import AWSValues
import SharePlan
import Testing

/// Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html,
/// …/reference_policies_condition-keys.html and …/reference_policies_condition-single-vs-multi-valued-context-keys.html
@Suite struct ConditionTests {
    private func answer(
        _ condition: String, _ requester: AccessRequest.Requester = .account(consumer),
        in membership: OrganizationMembership = .unknown, version: String = "2008-10-17",
        context: [String: [String]] = [:]
    ) throws -> Answer {
        let text = policy(
            version: version, #"{"Effect":"Allow","Principal":"*","Action":"*","Condition":{\#(condition)}}"#)
        return Answer(try decide(text, requester, in: membership, context: context))
    }

    @Test(arguments: [
        (#""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#, Answer.yes, Answer.no, Answer.no, Answer.maybe),
        (#""StringEquals":{"AWS:principalorgid":["o-zzzzzzzzzz","o-a1b2c3d4e5"]}"#, .yes, .no, .no, .maybe),
        // No organization is called so.
        (#""StringEquals":{"aws:PrincipalOrgID":"o-*"}"#, .no, .no, .no, .no),
        (#""StringLike":{"aws:PrincipalOrgID":"o-*"}"#, .yes, .yes, .no, .maybe),
        (#""StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#, .no, .yes, .yes, .maybe),
        (#""StringEqualsIfExists":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#, .yes, .no, .yes, .maybe),
        (#""StringEqualsIgnoreCase":{"aws:PrincipalOrgID":"O-A1B2C3D4E5"}"#, .yes, .no, .no, .maybe),
        (#""StringNotEqualsIgnoreCase":{"aws:PrincipalOrgID":"O-A1B2C3D4E5"}"#, .no, .yes, .yes, .maybe),
        (#""StringNotLike":{"aws:PrincipalOrgID":"o-a*"}"#, .no, .yes, .yes, .maybe),
        (#""Null":{"aws:PrincipalOrgID":"false"}"#, .yes, .yes, .no, .maybe),
        (#""Null":{"aws:PrincipalOrgID":true}"#, .no, .no, .yes, .maybe),
        (#""Null":{"aws:PrincipalOrgID":"perhaps"}"#, .maybe, .maybe, .maybe, .maybe),
        (#""NullIfExists":{"aws:PrincipalOrgID":"true"}"#, .maybe, .maybe, .maybe, .maybe),
        (#""ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#, .yes, .no, .yes, .maybe),
        (#""ForAnyValue:StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#, .yes, .no, .no, .maybe),
        (#""ForAnyValue:StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#, .no, .yes, .no, .maybe),
        (#""ForAllValues:StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#, .no, .yes, .yes, .maybe),
        (#""stringequals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#, .maybe, .maybe, .maybe, .maybe),
        (#""StringEquals":{"aws:PrincipalOrgID":[]}"#, .maybe, .maybe, .maybe, .maybe),
        (#""StringEquals":{"aws:PrincipalOrgID":{"a":1}}"#, .maybe, .maybe, .maybe, .maybe),
        (
            #""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5","AWS:PRINCIPALORGID":"o-a1b2c3d4e5"}"#, .maybe, .no,
            .no, .maybe
        ),
        (
            #""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"},"Bool":{"aws:SecureTransport":"true"}"#, .yes, .no,
            .no, .maybe
        ),
        (
            #""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"},"Bool":{"aws:SecureTransport":false}"#, .no, .no,
            .no, .no
        ),
    ])
    func `Organization membership decides, when it is known`(
        condition: String, member: Answer, other: Answer, single: Answer, unknown: Answer
    ) throws {
        #expect(try answer(condition, in: .member(organization("o-a1b2c3d4e5"), path: nil)) == member)
        #expect(try answer(condition, in: .member(organization("o-bbbbbbbbbb"), path: nil)) == other)
        #expect(try answer(condition, in: .none) == single)
        #expect(try answer(condition, in: .unknown) == unknown)
    }

    @Test(arguments: [
        (
            #"ForAnyValue:StringLike"#, "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*", Answer.yes, Answer.yes, Answer.no,
            Answer.no
        ),
        (#"ForAnyValue:StringEquals"#, "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/", .yes, .no, .no, .no),
        (#"ForAnyValue:StringLike"#, "o-a1b2c3d4e5/r-ab12/ou-ab12-22222222/*", .no, .no, .no, .no),
        (#"ForAnyValue:StringLike"#, "o-a1b2c3d4e5/*", .yes, .yes, .yes, .no),
        (#"ForAnyValue:StringLike"#, "o-*/r-ab12/*", .yes, .yes, .maybe, .no),
        (#"StringLike"#, "o-a1b2c3d4e5/*", .maybe, .maybe, .maybe, .no),
    ])
    func `A path covers the accounts below it`(
        name: String, value: String, direct: Answer, below: Answer, whole: Answer, single: Answer
    ) throws {
        let condition = #""\#(name)":{"aws:PrincipalOrgPaths":"\#(value)"}"#
        let id = organization("o-a1b2c3d4e5")
        let unit = "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"
        #expect(try answer(condition, .member(of: id, path: unit)) == direct)
        #expect(try answer(condition, .member(of: id, path: unit + "*")) == below)
        #expect(try answer(condition, .member(of: id, path: nil)) == whole)
        #expect(try answer(condition, in: .none) == single)
    }

    @Test(arguments: [
        (#""StringLike":{"aws:sourceARN":"arn:aws:lambda:us-east-1:444455556666:function:*"}"#, Answer.yes, Answer.yes),
        (#""ArnLike":{"aws:SourceArn":"arn:aws:lambda:us-east-1:444455556666:function:*"}"#, .yes, .yes),
        (#""ArnEquals":{"aws:SourceArn":"arn:aws:lambda:*:444455556666:function:*"}"#, .yes, .yes),
        (#""StringLike":{"aws:SourceArn":"arn:aws:lambda:us-east-1:4444*"}"#, .yes, .yes),
        (#""ArnLike":{"aws:SourceArn":"arn:aws:lambda:us-east-1:4444*"}"#, .maybe, .maybe),
        (#""ArnLike":{"aws:SourceArn":"arn:aws:lambda:*:function:*"}"#, .no, .no),
        (#""StringLike":{"aws:SourceArn":"arn:aws:lambda:*:function:*"}"#, .yes, .yes),
        (#""StringLike":{"aws:SourceArn":"arn:aws:lambda:us-east-1:444455556666:function:resi*"}"#, .no, .yes),
        (#""StringLike":{"aws:SourceArn":"arn:aws:lambda:us-east-1:444455556666:function:??????"}"#, .no, .yes),
        (#""StringEquals":{"aws:SourceArn":"arn:aws:lambda:us-east-1:444455556666:function:resize"}"#, .no, .yes),
        (#""StringEquals":{"aws:SourceArn":"arn:aws:lambda:us-east-1:444455556666:function:*"}"#, .no, .no),
        (#""StringLike":{"aws:SourceArn":"arn:aws:lambda:eu-west-1:444455556666:function:*"}"#, .no, .no),
        (#""StringLike":{"aws:SourceArn":"arn:aws-cn:lambda:us-east-1:444455556666:function:*"}"#, .no, .no),
        (#""StringEquals":{"aws:SourceAccount":"444455556666"}"#, .yes, .yes),
        (#""StringEquals":{"aws:SourceAccount":444455556666}"#, .yes, .yes),
        (#""StringNotEquals":{"aws:SourceAccount":"444455556666"}"#, .no, .no),
        (#""StringEquals":{"aws:SourceOrgID":"o-a1b2c3d4e5"}"#, .maybe, .maybe),
        (#""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#, .no, .no),
        (#""StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#, .yes, .yes),
        (#""Bool":{"aws:PrincipalIsAWSService":"true"}"#, .yes, .yes),
        (#""BoolIfExists":{"aws:PrincipalIsAWSService":"False"}"#, .no, .no),
        (#""StringEquals":{"aws:PrincipalServiceName":"lambda.amazonaws.com"}"#, .yes, .yes),
        (#""StringLike":{"aws:SourceArn":"${aws:x}"}"#, .no, .no),
    ])
    func `Lambda is known by its functions`(condition: String, all: Answer, one: Answer) throws {
        #expect(try answer(condition, .lambda(functions(of: consumer))) == all)
        let resize = LambdaCaller(account: consumer, region: Region("us-east-1"), function: "resize")
        #expect(try answer(condition, .lambda(resize)) == one)
    }

    @Test(arguments: [
        (#""StringEquals":{"aws:PrincipalAccount":"444455556666"}"#, Answer.yes, Answer.yes, Answer.no),
        (#""StringNotEquals":{"aws:PrincipalAccount":"444455556666"}"#, .no, .no, .yes),
        (#""StringLike":{"aws:PrincipalAccount":"4444*"}"#, .yes, .yes, .maybe),
        (#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/*"}"#, .maybe, .yes, .no),
        (#""ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/build"}"#, .no, .yes, .no),
        (#""ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/build"}"#, .maybe, .no, .yes),
        (#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/build"}"#, .maybe, .yes, .maybe),
        (#""Null":{"aws:SourceArn":"true"}"#, .yes, .yes, .yes),
        (#""StringLike":{"aws:SourceArn":"*"}"#, .no, .no, .no),
        (#""IpAddress":{"aws:SourceIp":"10.0.0.0/8"}"#, .maybe, .maybe, .maybe),
        (#""StringEquals":{"aws:SourceVpce":"vpce-1"}"#, .maybe, .maybe, .maybe),
        (#""StringEqualsIfExists":{"aws:PrincipalTag/team":"data"}"#, .maybe, .maybe, .maybe),
        (#""Bool":{"aws:SecureTransport":"true"}"#, .yes, .yes, .yes),
        (#""Bool":{"aws:PrincipalIsAWSService":"false"}"#, .yes, .yes, .yes),
    ])
    func `Identities are known by account and ARN`(
        condition: String, account: Answer, role: Answer, stranger: Answer
    ) throws {
        #expect(try answer(condition, .account(consumer)) == account)
        #expect(try answer(condition, .principal(SharePlanTests.role(in: consumer))) == role)
        #expect(try answer(condition, .stranger) == stranger)
    }

    @Test func `A variable is one from Version 2012-10-17 on`() throws {
        let condition = #""StringNotEquals":{"aws:PrincipalAccount":"${aws:SourceAccount}"}"#
        #expect(try answer(condition, version: "2008-10-17") == .yes)
        #expect(try answer(condition, version: "2012-10-17") == .maybe)
        let either = #""StringEquals":{"aws:PrincipalAccount":["${aws:username}","444455556666"]}"#
        #expect(try answer(either, version: "2012-10-17") == .yes)
    }

    @Test func `What the caller knows decides`() throws {
        let condition = #""StringEquals":{"aws:PrincipalTag/team":"data"}"#
        #expect(try answer(condition, context: ["AWS:principaltag/Team": ["data"]]) == .yes)
        #expect(try answer(condition, context: ["aws:PrincipalTag/team": []]) == .no)
    }

    @Test func `A Deny under an unknown condition is a doubt with its reason`() throws {
        let text = policy(
            allowAll,
            #"{"Sid":"Net","Effect":"Deny","Principal":"*","Action":"*","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}}"#
        )
        #expect(
            try decide(text, .account(consumer))
                == .depends(on: [.conditionKey("aws:SourceVpce")], by: [StatementReference(index: 1, sid: "Net")]))
    }

    @Test func `A Deny of plain HTTP hits nobody`() throws {
        let text = policy(
            allowAll,
            #"{"Effect":"Deny","Principal":"*","Action":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}"#)
        #expect(try decide(text, .account(consumer)).isAllowed)
    }
}
