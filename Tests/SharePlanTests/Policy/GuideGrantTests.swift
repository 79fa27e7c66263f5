import AWSValues
import SharePlan
import TestSupport
import Testing

/// The grants that people know from the vendor guides, word for word, and documents as people and tools leave them.
@Suite struct GuideGrantTests {
    private let repository = RepositoryID.fixture("111122223333 us-east-1 base/python")

    private func policy(granting grants: String...) -> Policy? {
        let wanted = grants.map { WantedGrant.fixture($0) }
        guard case .change(let change) = SharingRules().entry(for: repository, live: nil, wanted: wanted) else {
            return nil
        }
        return change.after
    }

    @Test func `Pull becomes the guide's statement`() {
        #expect(
            policy(granting: "444455556666 pull") == """
                {"Version":"2008-10-17","Statement":[{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":{"AWS":\
                ["arn:aws:iam::444455556666:root"]},"Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage",\
                "ecr:BatchCheckLayerAvailability"]}]}
                """)
    }

    @Test func `Push becomes the guide's statement and needs no pull beside it`() {
        #expect(
            policy(granting: "444455556666 pull", "444455556666 push") == """
                {"Version":"2008-10-17","Statement":[{"Sid":"EcrShareAllowPullAndPush","Effect":"Allow","Principal":\
                {"AWS":["arn:aws:iam::444455556666:root"]},"Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage",\
                "ecr:BatchCheckLayerAvailability","ecr:PutImage","ecr:InitiateLayerUpload","ecr:UploadLayerPart",\
                "ecr:CompleteLayerUpload"]}]}
                """)
    }

    @Test func `Lambda access is limited to the functions of each account and region`() {
        #expect(
            policy(granting: "555566667777 lambda-only us-east-1", "444455556666 lambda-only us-east-1") == """
                {"Version":"2008-10-17","Statement":[{"Sid":"EcrShareAllowLambdaPull","Effect":"Allow","Principal":\
                {"Service":"lambda.amazonaws.com"},"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"],\
                "Condition":{"StringLike":{"aws:sourceARN":["arn:aws:lambda:us-east-1:444455556666:function:*",\
                "arn:aws:lambda:us-east-1:555566667777:function:*"]}}}]}
                """)
    }

    @Test func `Organizations share a statement limited by their ids, paths another`() {
        let text = policy(
            granting: "o-bbbbbbbbbb pull", "o-aaaaaaaaaa pull", "o-aaaaaaaaaa/r-ab12/ou-ab12-12345678/* push")
        #expect(
            text?.contains(
                """
                {"Sid":"EcrShareAllowPullOrg","Effect":"Allow","Principal":"*","Action":["ecr:GetDownloadUrlForLayer",\
                "ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"],"Condition":{"StringEquals":\
                {"aws:PrincipalOrgID":["o-aaaaaaaaaa","o-bbbbbbbbbb"]}}}
                """) == true)
        #expect(
            text?.contains(
                """
                "Condition":{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":\
                ["o-aaaaaaaaaa/r-ab12/ou-ab12-12345678/*"]}}
                """) == true)
    }

    /// Foreign documents in the form in which ECR prints them.
    static let foreign = [
        // The guide's own statement, pasted by hand.
        #"{ "Version" : "2008-10-17", "Statement" : [ { "Sid" : "AllowPull", "Effect" : "Allow", "Principal" : { "AWS" : "arn:aws:iam::999988887777:root" }, "Action" : [ "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage", "ecr:BatchCheckLayerAvailability" ] } ] }"#,
        // ECR's console.
        #"{"Version":"2008-10-17","Statement":[{"Sid":"new statement","Effect":"Allow","Principal":"*","Action":["ecr:*"]}]}"#,
        // Lambda's own edit.
        #"{"Version":"2008-10-17","Statement":[{"Sid":"LambdaECRImageRetrievalPolicy","Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer","ecr:SetRepositoryPolicy","ecr:DeleteRepositoryPolicy","ecr:GetRepositoryPolicy"],"Condition":{"StringLike":{"aws:sourceArn":"arn:aws:lambda:us-east-1:111122223333:function:*"}}}]}"#,
        // CDK's hyphenated Sids, equal ones, none at all, an Id, and one statement without a list.
        #"{"Version":"2012-10-17","Id":"x","Statement":[{"Sid":"organization-pull","Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}},{"Sid":"organization-pull","Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"NotAction":"ecr:*"},{"Effect":"Allow","Principal":{"AWS":"AROAEXAMPLEID12345678"},"Action":"ecr:BatchGetImage"}]}"#,
        #"{"Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"ecr:ListImages"}}"#,
    ]

    @Test(arguments: foreign)
    func `A foreign document comes through a grant and its removal unchanged`(live: String) throws {
        let wanted = [WantedGrant.fixture("444455556666 pull")]
        let entry = SharingRules().entry(for: repository, live: Policy(live), wanted: wanted)
        guard case .change(let change) = entry, let after = change.after else {
            Issue.record("no change: \(entry)")
            return
        }
        let before = try PolicyDocument(parsing: Policy(live))
        let document = try PolicyDocument(parsing: after)
        #expect(Array(document.statements.dropLast()) == before.statements)
        #expect(document.otherMembers == before.otherMembers)

        guard case .unchanged = SharingRules().entry(for: repository, live: after, wanted: wanted) else {
            Issue.record("the second run would write")
            return
        }
        guard case .change(let removal) = SharingRules().entry(for: repository, live: after, wanted: []) else {
            Issue.record("nothing to remove")
            return
        }
        #expect(Policy.haveSameMeaning(removal.after, Policy(live), in: .aws))
    }

    @Test func `A policy that held only our statements is deleted when nothing is wanted`() throws {
        let live = try #require(policy(granting: "444455556666 pull"))
        guard case .change(let change) = SharingRules().entry(for: repository, live: live, wanted: []) else {
            Issue.record("no change")
            return
        }
        #expect(change.action == .delete)
        #expect(change.grants.removed.map(\.grant.consumer) == [.fixture("444455556666")])
    }
}
