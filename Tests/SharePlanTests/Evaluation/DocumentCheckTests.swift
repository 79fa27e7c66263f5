import AWSValues
@testable import SharePlan
import TestSupport
import Testing

private let region = "us-east-1"
private let pullActions = #"["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]"#
private let pushActions =
    #"["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability","ecr:PutImage","#
    + #""ecr:InitiateLayerUpload","ecr:UploadLayerPart","ecr:CompleteLayerUpload"]"#
private let other = account("777788889999")

private func pull(_ accounts: String..., sid: String = "EcrShareAllowPull", actions: String = pullActions) -> String {
    let names = accounts.map { #""arn:aws:iam::\#($0):root""# }.joined(separator: ",")
    return #"{"Sid":"\#(sid)","Effect":"Allow","Principal":{"AWS":[\#(names)]},"Action":\#(actions)}"#
}

private func lambda(_ patterns: String..., sid: String = "EcrShareAllowLambdaPull", key: String = "aws:sourceARN")
    -> String
{
    let values = patterns.map { #""\#($0)""# }.joined(separator: ",")
    return #"{"Sid":"\#(sid)","Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"#
        + #""Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"],"#
        + #""Condition":{"StringLike":{"\#(key)":[\#(values)]}}}"#
}

private func everyone(_ condition: String, sid: String = "EcrShareAllowPullOrg") -> String {
    #"{"Sid":"\#(sid)","Effect":"Allow","Principal":"*","Action":\#(pullActions),"Condition":{\#(condition)}}"#
}

private let foreign = #"{"Sid":"ours","Effect":"Allow","Principal":{"AWS":"999900001111"},"Action":"ecr:*"}"#
private let console =
    #"{"Sid":"new statement","Effect":"Deny","Principal":"*","Action":["ecr:DeleteRepository"]}"#
private let bare = #"{"Effect":"Allow","Principal":{"AWS":"AROAEXAMPLEEXAMPLE123"},"Action":"ecr:ListImages"}"#
private let lambdaOwn =
    #"{"Sid":"LambdaECRImageRetrievalPolicy","Effect":"Allow","Principal":{"Service":["lambda.amazonaws.com"]},"#
    + #""Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer","ecr:SetRepositoryPolicy","#
    + #""ecr:DeleteRepositoryPolicy","ecr:GetRepositoryPolicy"],"#
    + #""Condition":{"StringLike":{"aws:sourceArn":"arn:aws:lambda:us-east-1:111122223333:function:*"}}}"#

private func grant(_ id: AccountID, _ access: Access = .pull) -> Grant {
    Grant(consumer: .account(id), access: access, consumerRegion: access == .lambdaOnly ? Region(region) : nil)
}

private func check(
    _ live: Policy?, _ proposed: Policy?, _ wanted: [Grant], mode: MergeMode = .match, adopts: Bool = false,
    maximumSize: Int = 10_240
) throws {
    let check = DocumentCheck(
        mode: mode, sidPrefix: "EcrShare", adopts: adopts, maximumSize: maximumSize, owner: owner, partition: .aws)
    try check.check(live: live, proposed: proposed, wanted: wanted)
}

@Suite struct DocumentCheckTests {
    @Test func `A right new document is accepted`() throws {
        try check(nil, policy(pull("444455556666")), [grant(consumer)])
        try check(nil, policy(pull("444455556666", actions: pushActions)), [grant(consumer, .push)])
        let both = policy(
            pull("444455556666", "777788889999"), lambda("arn:aws:lambda:us-east-1:444455556666:function:*"))
        try check(nil, both, [grant(consumer), grant(other), grant(consumer, .lambdaOnly)])
        try check(nil, nil, [])
        // Push holds pull.
        let push = policy(pull("444455556666", actions: pushActions))
        try check(nil, push, [grant(consumer, .push), grant(consumer, .pull)])
    }

    @Test func `Meaning counts, not spelling`() throws {
        let text = policy(
            #"{"Sid":"EcrShareAllowPullOrg","Effect":"Allow","Principal":{"AWS":"444455556666"},"#
                + #""Action":["ECR:batchgetimage","ecr:BatchCheckLayerAvailability","ecr:getdownloadurlforlayer"]}"#)
        try check(nil, text, [grant(consumer)])
        try check(
            nil, policy(lambda("arn:aws:lambda:us-east-1:444455556666:function:*", key: "AWS:SourceArn")),
            [
                grant(consumer, .lambdaOnly)
            ])
    }

    @Test func `Organizations and paths are accepted`() throws {
        let id = organization("o-a1b2c3d4e5")
        let path = try #require(OrganizationPath("o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"))
        let nested = try #require(OrganizationPath("o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222/"))
        let byID = everyone(#""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#)
        let byPath = everyone(
            #""ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":["\#(path)","\#(nested)"]}"#,
            sid: "EcrShareAllowPullOrgPaths")
        try check(nil, policy(byID), [Grant(consumer: .organization(id), access: .pull)])
        let paths = [path, nested].map { Grant(consumer: .organizationPath($0), access: .pull) }
        try check(nil, policy(byPath), paths)
        try check(nil, policy(byID, byPath), paths + [Grant(consumer: .organization(id), access: .pull)])
        try check(
            nil, policy(byID, pull("444455556666")),
            [
                Grant(consumer: .organization(id), access: .pull), grant(consumer),
            ])
    }

    @Test(arguments: [nil, "us-east-1"])
    func `Functions of an organization are accepted`(region: String?) throws {
        let source = region.map { #","StringLike":{"aws:SourceArn":"arn:aws:lambda:\#($0):*:function:*"}"# } ?? ""
        let text = policy(
            #"{"Sid":"EcrShareAllowLambdaPull","Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"#
                + #""Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"],"#
                + #""Condition":{"StringEquals":{"aws:SourceOrgID":"o-a1b2c3d4e5"}\#(source)}}"#)
        let grant = Grant(
            consumer: .organization(organization("o-a1b2c3d4e5")), access: .lambdaOnly,
            consumerRegion: Region("us-east-1"))
        try check(nil, text, [grant])
        #expect(throws: DocumentViolation.self) { try check(nil, text, []) }
    }

    @Test func `Roles are accepted, and covered by their account`() throws {
        let arn = role(in: consumer)
        let named =
            #"{"Sid":"EcrShareAllowPullAndPush","Effect":"Allow","Principal":{"AWS":"\#(arn)"},"Action":\#(pushActions)}"#
        let wanted = Grant(consumer: .principal(arn), access: .push)
        try check(nil, policy(named), [wanted])
        try check(nil, policy(pull("444455556666"), named), [wanted, grant(consumer)])
        #expect(throws: DocumentViolation.self) { try check(nil, policy(named), [grant(consumer, .push)]) }
    }

    @Test func `Foreign statements stay and managed ones come and go`() throws {
        let live = policy(version: "2012-10-17", foreign, console, pull("777788889999"), bare, lambdaOwn)
        let after = policy(version: "2012-10-17", foreign, console, bare, lambdaOwn, pull("444455556666"))
        try check(live, after, [grant(consumer)])
        try check(live, policy(version: "2012-10-17", foreign, console, bare, lambdaOwn), [])
        try check(policy(pull("777788889999")), nil, [])
        // Equal foreign statements are legal.
        try check(policy(bare, bare), policy(bare, pull("444455556666"), bare), [grant(consumer)])
    }

    @Test(arguments: [
        ("dropped", policy(console, pull("444455556666"))),
        ("reordered", policy(console, foreign, pull("444455556666"))),
        ("changed", policy(foreign.replacing("ecr:*", with: "ecr:Get*"), console, pull("444455556666"))),
        (
            "respelled",
            policy(
                foreign.replacing("999900001111\"", with: "arn:aws:iam::999900001111:root\""), console,
                pull("444455556666"))
        ),
        ("added", policy(foreign, console, bare, pull("444455556666"))),
        ("doubled", policy(foreign, foreign, console, pull("444455556666"))),
        ("Version", policy(version: "2012-10-17", foreign, console, pull("444455556666"))),
        ("Id", policy(foreign, console, pull("444455556666")).replacing("{\"Version", with: "{\"Id\":\"x\",\"Version")),
        ("no foreign", policy(pull("444455556666"))),
        ("emptied", policy()),
        ("deleted", nil),
        ("not JSON", "{"),
        ("no document", "[]"),
    ])
    func `A write that touches what is not ours is refused`(name: String, proposed: Policy?) throws {
        let live = policy(foreign, console)
        try check(live, policy(foreign, console, pull("444455556666")), [grant(consumer)])
        #expect(throws: DocumentViolation.self) { try check(live, proposed, [grant(consumer)]) }
    }

    @Test(arguments: [
        ("nobody", nil),
        ("another", policy(pull("777788889999"))),
        ("one more", policy(pull("444455556666", "777788889999"))),
        ("the owner too", policy(pull("444455556666", "111122223333"))),
        (
            "too few actions",
            policy(pull("444455556666", actions: #"["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]"#))
        ),
        ("push", policy(pull("444455556666", actions: pushActions))),
        ("a wildcard action", policy(pull("444455556666", actions: #""ecr:*""#))),
        (
            "another action",
            policy(
                pull(
                    "444455556666",
                    actions:
                        #"["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability","ecr:DeleteRepository"]"#
                ))
        ),
        ("NotAction", policy(pull("444455556666").replacing(#""Action""#, with: #""NotAction""#))),
        ("NotPrincipal", policy(pull("777788889999").replacing(#""Principal""#, with: #""NotPrincipal""#))),
        ("Deny", policy(pull("444455556666").replacing("Allow\",\"P", with: "Deny\",\"P"))),
        (
            "a Deny beside",
            policy(
                pull("444455556666"),
                pull("777788889999", sid: "EcrShareAllowPullAndPush").replacing("Allow\",\"P", with: "Deny\",\"P"))
        ),
        (
            "a condition",
            policy(
                pull("444455556666").replacing("]}", with: #"],"Condition":{"StringEquals":{"aws:SourceVpce":"v"}}}"#))
        ),
        ("Resource", policy(pull("444455556666").replacing("]}", with: #"],"Resource":"*"}"#))),
        ("one role only", policy(pull("444455556666").replacing(":root", with: ":role/build"))),
        ("another partition", policy(pull("444455556666").replacing("arn:aws:", with: "arn:aws-cn:"))),
        ("everybody", policy(pull("444455556666").replacing("arn:aws:iam::444455556666:root", with: "*"))),
        ("everybody beside", policy(pull("444455556666"), everyone(""))),
        (
            "one organization unasked",
            policy(pull("444455556666"), everyone(#""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#))
        ),
        ("any organization", policy(pull("444455556666"), everyone(#""StringLike":{"aws:PrincipalOrgID":"o-*"}"#))),
        (
            "IfExists",
            policy(pull("444455556666"), everyone(#""StringEqualsIfExists":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#))
        ),
        (
            "any path",
            policy(
                pull("444455556666"), everyone(#""ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-*/r-ab12/*"}"#))
        ),
        (
            "all values",
            policy(
                pull("444455556666"),
                everyone(#""ForAllValues:StringLike":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/r-ab12/*"}"#))
        ),
        ("Lambda unasked", policy(pull("444455556666"), lambda("arn:aws:lambda:us-east-1:444455556666:function:*"))),
        ("Lambda without limits", policy(pull("444455556666"), lambda("*"))),
        ("two equal Sids", policy(pull("444455556666"), pull("444455556666"))),
        ("a Sid with a blank", policy(pull("444455556666", sid: "EcrShare Allow"))),
        ("a Sid with an umlaut", policy(pull("444455556666", sid: "EcrShareÄ"))),
        ("Version 2012-10-17", policy(version: "2012-10-17", pull("444455556666"))),
        ("no Version", Policy(#"{"Statement":[\#(pull("444455556666"))]}"#)),
    ])
    func `A new document that grants something else is refused`(name: String, proposed: Policy?) {
        #expect(throws: DocumentViolation.self) { try check(nil, proposed, [grant(consumer)]) }
    }

    @Test(arguments: [
        "arn:aws:lambda:*:444455556666:function:*", "arn:aws:lambda:us-east-1:*:function:*",
        "arn:aws:lambda:eu-west-1:444455556666:function:*", "arn:aws:lambda:us-east-1:777788889999:function:*",
        "arn:aws:lambda:us-east-1:444455556666:function:a*", "arn:aws:lambda:us-east-1:444455556666:*",
        "arn:aws-cn:lambda:us-east-1:444455556666:function:*", "arn:aws:lambda:us-east-?:444455556666:function:*", "*",
    ])
    func `A widened or narrowed function pattern is refused`(pattern: String) {
        let right = "arn:aws:lambda:us-east-1:444455556666:function:*"
        #expect(throws: Never.self) { try check(nil, policy(lambda(right)), [grant(consumer, .lambdaOnly)]) }
        for text in [policy(lambda(pattern)), policy(lambda(right), lambda(pattern, sid: "EcrShareAllowPullAndPush"))]
        where pattern != right {
            #expect(throws: DocumentViolation.self) { try check(nil, text, [grant(consumer, .lambdaOnly)]) }
        }
    }

    @Test func `The violation names what is wrong`() {
        #expect(
            throws: DocumentViolation.excess(
                .account(other),
                actions: ["ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage", "ecr:BatchCheckLayerAvailability"])
        ) {
            try check(nil, policy(pull("444455556666", "777788889999")), [grant(consumer)])
        }
        #expect(throws: DocumentViolation.foreignStatementMoved(StatementReference(index: 0, sid: "ours"))) {
            try check(policy(foreign, console), policy(console, foreign), [])
        }
        #expect(throws: DocumentViolation.repeatedSid(StatementReference(index: 1, sid: "EcrShareAllowPull"))) {
            try check(nil, policy(pull("444455556666"), pull("444455556666")), [grant(consumer)])
        }
        #expect(throws: DocumentViolation.publicStatement(StatementReference(index: 0, sid: "EcrShareAllowPullOrg"))) {
            try check(nil, policy(everyone("")), [])
        }
    }

    @Test func `Size counts in bytes`() throws {
        let text = policy(pull("444455556666"))
        try check(nil, text, [grant(consumer)], maximumSize: text.text.utf8.count)
        #expect(throws: DocumentViolation.tooLarge(size: text.text.utf8.count, limit: text.text.utf8.count - 1)) {
            try check(nil, text, [grant(consumer)], maximumSize: text.text.utf8.count - 1)
        }
    }

    @Test func `Adding keeps what was granted`() throws {
        let live = policy(foreign, pull("777788889999"))
        try check(live, policy(foreign, pull("444455556666", "777788889999")), [grant(consumer)], mode: .add)
        #expect(throws: DocumentViolation.self) {
            try check(live, policy(foreign, pull("444455556666")), [grant(consumer)], mode: .add)
        }
        #expect(throws: DocumentViolation.self) { try check(live, live, [grant(consumer)], mode: .add) }
    }

    @Test func `Removing takes what is listed and nothing else`() throws {
        let live = policy(foreign, pull("444455556666", "777788889999"))
        try check(live, policy(foreign, pull("777788889999")), [grant(consumer)], mode: .remove)
        #expect(throws: DocumentViolation.self) { try check(live, live, [grant(consumer)], mode: .remove) }
        #expect(throws: DocumentViolation.self) {
            try check(live, policy(foreign), [grant(consumer)], mode: .remove)
        }
        // A role that is also allowed through its account stays so.
        let roles = pull("444455556666", sid: "EcrShareAllowPullAndPush").replacing(":root", with: ":role/build")
        let wanted = Grant(consumer: .principal(role(in: consumer)), access: .pull)
        try check(
            policy(pull("444455556666"), roles), policy(pull("444455556666")), [wanted], mode: .remove)
    }

    @Test func `Removing push may leave pull, removing pull leaves nothing`() throws {
        let live = policy(pull("444455556666", actions: pushActions))
        try check(live, policy(pull("444455556666")), [grant(consumer, .push)], mode: .remove)
        try check(live, nil, [grant(consumer, .push)], mode: .remove)
        try check(live, nil, [grant(consumer, .pull)], mode: .remove)
        #expect(throws: DocumentViolation.self) { try check(live, live, [grant(consumer, .pull)], mode: .remove) }
    }

    @Test func `A managed statement edited by hand is kept or brought into form`() throws {
        let edited = pull("777788889999", actions: #"["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]"#)
        let live = policy(edited)
        let added = pull("444455556666", sid: "EcrShareAllowPullAndPush")
        try check(live, policy(edited, added), [grant(consumer)], mode: .add)
        try check(live, policy(pull("444455556666", "777788889999")), [grant(consumer)], mode: .add)
        try check(live, policy(pull("444455556666")), [grant(consumer)], mode: .match)
        #expect(throws: DocumentViolation.self) { try check(live, policy(edited, added), [grant(consumer)]) }
    }

    @Test func `A guide's statement may be adopted, and its grants stay unless the matrix decides about them`() throws {
        let pasted = pull("444455556666", sid: "AllowPull")
        let pastedLambda = lambda("arn:aws:lambda:us-east-1:444455556666:function:*", sid: "AllowLambdaPull")
        let live = policy(foreign, pasted, pastedLambda, console)
        let after = policy(
            foreign, console, pull("444455556666"), lambda("arn:aws:lambda:us-east-1:444455556666:function:*"))
        let wanted = [grant(consumer), grant(consumer, .lambdaOnly)]
        try check(live, after, wanted, adopts: true)
        #expect(throws: DocumentViolation.self) { try check(live, after, wanted) }
        #expect(throws: DocumentViolation.self) {
            try check(live, policy(foreign, console, pull("444455556666")), wanted, adopts: true)
        }
        try check(live, policy(foreign, console), [], adopts: true)
        #expect(throws: DocumentViolation.self) {
            try check(live, policy(foreign, console), [], mode: .add, adopts: true)
        }
        // Not the guide's shape: Lambda's own statement.
        #expect(throws: DocumentViolation.self) {
            try check(policy(lambdaOwn), policy(pull("444455556666")), [grant(consumer)], adopts: true)
        }
    }

    @Test func `An unreadable live policy is never overwritten`() {
        #expect(throws: DocumentViolation.self) { try check("{", policy(pull("444455556666")), [grant(consumer)]) }
        #expect(throws: DocumentViolation.self) { try check("", nil, []) }
    }

    @Test func `Hundreds of accounts are checked one by one`() throws {
        let ids = (0..<300).map { account("2000000\(10_000 + $0)") }
        var wanted = ids.map { grant($0) }
        func document(_ ids: some Sequence<AccountID>) -> Policy {
            let names = ids.map { #""\#($0)""# }.joined(separator: ",")
            return policy(
                #"{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":[\#(names)]},"Action":\#(pullActions)}"#
            )
        }
        try check(nil, document(ids), wanted)
        for missing in stride(from: 0, to: 300, by: 37) {
            let text = document(ids.enumerated().filter { $0.offset != missing }.map(\.element))
            #expect(throws: DocumentViolation.self) { try check(nil, text, wanted) }
        }
        wanted.removeLast()
        #expect(throws: DocumentViolation.self) { try check(nil, document(ids), wanted) }
    }
}
