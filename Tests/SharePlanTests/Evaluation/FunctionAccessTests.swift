import AWSValues
@testable import SharePlan
import TestSupport
import Testing

/// What a plan says of Lambda functions and other services, beside those who use a repository in person.
@Suite struct FunctionAccessTests {
    private static let pull = #"["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]"#
    private static let lambda = #"["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]"#
    private static let service = #"{"Service":"lambda.amazonaws.com"}"#

    private static func statement(
        _ sid: String, _ principal: String, effect: String = "Allow", actions: String = lambda, _ condition: String = ""
    ) -> String {
        let condition = condition.isEmpty ? "" : #","Condition":{\#(condition)}"#
        return
            #"{"Sid":"\#(sid)","Effect":"\#(effect)","Principal":\#(principal),"Action":\#(actions)\#(condition)}"#
    }

    /// Our statement for the functions of these accounts.
    private static func ours(_ accounts: String...) -> String {
        let patterns = accounts.map { #""arn:aws:lambda:us-east-1:\#($0):function:*""# }.joined(separator: ",")
        return statement("EcrShareAllowLambdaPull", service, #""StringLike":{"aws:sourceARN":[\#(patterns)]}"#)
    }

    private func sentences(_ live: Policy?, _ wanted: String..., takeOver: Bool = false) throws -> [String] {
        let entry = SharingRules(takeOver: takeOver).entry(
            for: .fixture("111122223333 us-east-1 base/go"), live: live, wanted: wanted.map { .fixture($0) })
        guard case .change(let change) = entry else { throw Broken("\(entry)") }
        try ChangeCheck(PlanSamples.header).check(change)
        return PlanGroups.Group(change).clauses.map { clause in
            "\(clause.names.joined(separator: "+")) \(clause.verb) \(clause.access)"
        }
    }

    @Test(
        arguments: ["us-*", "*", "*-east-?"],
        [
            #""ArnLike":{"aws:SourceArn":"arn:aws:lambda:REGION:444455556666:function:prod-*"}"#,
            #""ArnNotLike":{"aws:SourceArn":"arn:aws:lambda:REGION:444455556666:function:prod-*"}"#,
            #""StringLike":{"aws:SourceArn":"arn:aws:lambda:REGION:444455556666:function:prod-*"}"#,
            #""StringLike":{"aws:SourceArn":"arn:aws:lambda:REGION:444455556666:function:prod"},"#
                + #""StringEquals":{"aws:SourceVpce":"vpce-1"}"#,
        ]) func `Functions whose account stays in a list neither gain nor lose by what becomes of others`(
            region: String, condition: String
        ) throws
    {
        let condition = condition.replacing("REGION", with: region)
        for effect in ["Allow", "Deny"] {
            let foreign = Self.statement(
                "D", Self.service, effect: effect, actions: #""ecr:BatchGetImage""#, condition)
            let one = policy(foreign, Self.ours("444455556666"))
            let both = policy(foreign, Self.ours("444455556666", "555566667777"))
            let apart = policy(foreign, Self.ours("555566667777"), Self.ours("444455556666"))
            // Without a region, the functions of all are compared.
            for (before, after) in [(one, both), (both, one), (apart, both), (apart, one)] {
                let change = try EffectiveAccess.difference(
                    from: evaluator(before), to: evaluator(after), naming: GrantDifference())
                #expect((change.gained + change.lost).allSatisfy { $0.principal == "555566667777" }, "\(change)")
            }
            let told = try sentences(one, "444455556666 lambda-only us-east-1", "555566667777 lambda-only us-east-1")
            #expect(!told.contains { $0.contains("444455556666") }, "\(told)")
        }
    }

    @Test(arguments: [
        #""StringEquals":{"aws:SourceAccount":["444455556666","555566667777"]}"#,
        #""StringLike":{"aws:sourceARN":["arn:aws:lambda:*:444455556666:function:*","#
            + #""arn:aws:lambda:us-*:555566667777:function:*"]}"#,
    ]) func `Functions of other regions, which cannot use the repository, lose nothing`(condition: String) throws {
        let edited = policy(Self.statement("EcrShareAllowLambdaPull", Self.service, condition))
        let kept = #"444455556666 keeps lambda-only through statement "EcrShareAllowLambdaPull""#
        #expect(
            try sentences(edited, "444455556666 lambda-only us-east-1", takeOver: true) == [
                "555566667777 LOSES lambda-only", kept,
            ])
        let both = try sentences(
            edited, "444455556666 lambda-only us-east-1", "555566667777 lambda-only us-east-1", takeOver: true)
        #expect(
            both == [
                #"the hand-edited statement "EcrShareAllowLambdaPull" is replaced"#,
                kept.replacing("444455556666 keeps", with: "444455556666+555566667777 keep"),
            ])
        let elsewhere = policy(
            Self.statement("F", Self.service, #""StringEquals":{"aws:SourceAccount":"444455556666"}"#))
        #expect(
            try sentences(elsewhere, "444455556666 lambda-only us-east-1") == [
                #"444455556666 keeps lambda-only through statement "F" and statement "EcrShareAllowLambdaPull""#
            ])
    }

    @Test(
        arguments: [
            (#""StringEquals":{"aws:SourceAccount":"555566667777"}"#, "555566667777 keeps lambda-only"),
            (
                #""ArnLike":{"aws:SourceArn":"arn:aws:lambda:us-east-1:555566667777:function:*"}"#,
                "555566667777 keeps lambda-only"
            ),
            (
                #""ArnLike":{"aws:SourceArn":"arn:aws:lambda:us-east-1:555566667777:function:prod-*"}"#,
                "Lambda functions of 555566667777 in us-east-1 named prod-* keep lambda-only"
            ),
            ("", "Lambda functions of any account keep lambda-only"),
        ]) func `Functions that keep what everybody loses are named, and those that do not are told of`(
            condition: String, kept: String
        ) throws
    {
        let open = Self.statement("EcrShareAllowPull", #""*""#, actions: Self.pull)
        let told = try sentences(
            policy(open, Self.statement("Fn", Self.service, condition)), "444455556666 pull", takeOver: true)
        #expect(told.first == "everybody+any AWS service LOSE pull", "\(told)")
        #expect(told.contains(kept + #" through statement "Fn""#), "\(told)")
        #expect(told.contains(#"444455556666 keeps pull through statement "EcrShareAllowPull""#), "\(told)")
        #expect(told.count == 3, "\(told)")
    }

    @Test(
        arguments: [
            (
                #""*""#, #""Bool":{"aws:PrincipalIsAWSService":"true"}"#,
                ["everybody LOSES pull", #"any AWS service keeps pull through statement "S""#]
            ),
            (
                #"{"Service":"codebuild.amazonaws.com"}"#, "",
                [
                    "everybody+any AWS service LOSE pull",
                    #"service codebuild.amazonaws.com keeps pull through statement "S""#,
                ]
            ),
        ]) func `Services that keep what everybody loses are named`(
            principal: String, condition: String, expected: [String]
        ) throws
    {
        let open = Self.statement("EcrShareAllowPull", #""*""#, actions: Self.pull)
        let foreign = Self.statement("S", principal, actions: Self.pull, condition)
        #expect(try sentences(policy(open, foreign), takeOver: true) == expected)
        // Where services could not pull before, they lose nothing.
        let people = Self.statement(
            "EcrShareAllowPull", #""*""#, actions: Self.pull, #""Bool":{"aws:PrincipalIsAWSService":"false"}"#)
        #expect(try sentences(policy(people), takeOver: true) == ["everybody LOSES pull"])
    }

    @Test(
        arguments: [
            // The account's field is certain, whatever the star takes.
            ("arn:aws:lambda:*:444455556666:function:prod-*", Answer.no),
            ("arn:aws:lambda:*:444455556666:function:*", .no),
            ("arn:aws:lambda:*:444455556666:function:prod", .no),
            // A function may be named like an account and have an alias.
            ("arn:aws:lambda:*:444455556666:*", .maybe), ("arn:*:444455556666:*", .maybe),
            ("arn:aws:lambda:*:*:function:444455556666*", .maybe),
            ("arn:aws:lambda:us-east-1:*", .yes), ("*:function:*", .yes),
        ]) func `A pattern of StringLike that names an account is about no function of another one`(
            pattern: String, answer: Answer
        ) throws
    {
        for (like, expected) in [("StringLike", answer), ("StringNotLike", answer.opposite)] {
            let text = policy(
                Self.statement("F", Self.service, #""\#(like)":{"aws:SourceArn":"\#(pattern)"}"#))
            for account in ["555566667777", nil] {
                let caller = LambdaCaller(
                    account: account.map { SharePlanTests.account($0) }, region: Region("us-east-1"))
                #expect(try Answer(decide(text, .lambda(caller))) == expected, "\(like) \(account ?? "any")")
            }
        }
        let text = policy(Self.statement("F", Self.service, #""StringLike":{"aws:SourceArn":"\#(pattern)"}"#))
        #expect(try Answer(decide(text, .lambda(functions(of: consumer)))) != .no)
    }

    @Test func `Functions of an organization are told of in a region that is known, too`() throws {
        func evaluator(_ statements: String...) throws -> PolicyEvaluator {
            try PolicyEvaluator(
                of: policy(statements.joined(separator: ",")), partition: .aws, owner: owner,
                region: Region("us-east-1"))
        }
        let others = Self.statement("Others", Self.service, #""StringNotEquals":{"aws:SourceOrgID":"o-a1b2c3d4e5"}"#)
        let endpoint = Self.statement("Endpoint", Self.service, #""StringEquals":{"aws:SourceVpce":"vpce-1"}"#)
        let change = EffectiveAccess.difference(
            from: try evaluator(others), to: try evaluator(others, endpoint), naming: GrantDifference())
        #expect(change.gained.map(\.principal) == ["o-a1b2c3d4e5"])
        #expect(change.gained.first?.doubts.isEmpty == false)
    }

    @Test func `The account and the region of the repository are known`() throws {
        func answer(_ condition: String, region: String? = "us-east-1", version: String = "2012-10-17") throws -> Answer
        {
            let text = policy(
                version: version, Self.statement("S", #"{"AWS":"444455556666"}"#, actions: Self.pull, condition))
            let evaluator = try PolicyEvaluator(
                of: text, partition: .aws, owner: owner, region: region.flatMap { Region($0) })
            return Answer(evaluator.decision(for: AccessRequest(.account(consumer), action: "ecr:BatchGetImage")))
        }
        #expect(try answer(#""StringEquals":{"aws:ResourceAccount":"111122223333"}"#) == .yes)
        #expect(try answer(#""StringEquals":{"aws:ResourceAccount":"444455556666"}"#) == .no)
        #expect(try answer(#""StringNotEquals":{"aws:resourceaccount":["111122223333"]}"#) == .no)
        #expect(try answer(#""Null":{"aws:ResourceAccount":"false"}"#) == .yes)
        #expect(try answer(#""ArnLike":{"aws:ResourceAccount":"111122223333"}"#) == .maybe)
        #expect(try answer(#""StringLike":{"aws:RequestedRegion":["us-*","eu-west-1"]}"#) == .yes)
        #expect(try answer(#""StringNotEquals":{"aws:RequestedRegion":"us-east-1"}"#) == .no)
        #expect(try answer(#""StringEquals":{"aws:RequestedRegion":"us-east-1"}"#, region: nil) == .maybe)
        let own = #""StringNotEquals":{"aws:PrincipalAccount":"${AWS:ResourceAccount}"}"#
        #expect(try answer(own) == .yes)
        #expect(try answer(own.replacing("NotEquals", with: "Equals")) == .no)
        #expect(try answer(own.replacing("NotEquals", with: "Equals"), version: "2008-10-17") == .no)
        #expect(try answer(#""StringLike":{"aws:PrincipalArn":"arn:aws:iam::${aws:ResourceAccount}:*"}"#) == .no)
        #expect(try answer(#""StringEquals":{"aws:PrincipalAccount":"${aws:ResourceOrgID}"}"#) == .maybe)
    }
}
