import AWSValues
import SharePlan
import TestSupport
import Testing

/// Managed statements that somebody changed: reported with the difference, and replaced only on request.
@Suite struct HandEditedStatementTests {
    private static let repository = RepositoryID.fixture("111122223333 us-east-1 base/python")
    private static let pull = """
        "Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":["ecr:GetDownloadUrlForLayer",\
        "ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]
        """

    static let edits: [(statement: String, reason: String)] = [
        (pull + #","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}"#, "has a condition on aws:SourceVpc"),
        (
            pull.replacing("\"ecr:BatchGetImage\"", with: "\"ecr:BatchGetImage\",\"ecr:DescribeImages\""),
            "has ecr:DescribeImages beside the actions of pull"
        ),
        (
            pull.replacing("\"ecr:BatchGetImage\",", with: ""),
            "lacks ecr:BatchGetImage of the actions of pull"
        ),
        (pull.replacing("Allow", with: "Deny"), "denies instead of allowing"),
        (pull.replacing("Principal", with: "NotPrincipal"), "has the element NotPrincipal"),
        (pull.replacing("{\"AWS\":\"444455556666\"}", with: "\"*\""), "allows everybody"),
        (pull.replacing("444455556666", with: "arn:aws:sts::444455556666:assumed-role/a/b"), "names the principal"),
    ]

    @Test(arguments: edits)
    func `An edited managed statement is a problem that names the difference`(statement: String, reason: String) {
        let live: Policy = #"{"Version":"2008-10-17","Statement":[{"Sid":"EcrShareAllowPull",\#(statement)}]}"#
        let wanted = [WantedGrant.fixture("444455556666 pull")]
        guard case .problem(let problem) = SharingRules().entry(for: Self.repository, live: live, wanted: wanted) else {
            Issue.record("not reported")
            return
        }
        #expect(problem.code == "hand-edited")
        #expect(problem.message.contains(reason), "\(problem.message)")

        let rules = SharingRules(takeOver: true)
        guard case .change(let change) = rules.entry(for: Self.repository, live: live, wanted: wanted) else {
            Issue.record("not taken over")
            return
        }
        #expect(change.warnings.contains { $0.contains("edited by hand") })
    }

    @Test func `A deleted role is left out of a managed statement, with a warning`() {
        let live: Policy =
            #"{"Statement":[{"Sid":"EcrShareAllowPull",\#(Self.pull.replacing("\"444455556666\"", with: "[\"444455556666\",\"AROAEXAMPLEID12345678\"]"))}]}"#
        let entry = SharingRules().entry(
            for: Self.repository, live: live, wanted: [.fixture("444455556666 pull")])
        guard case .change(let change) = entry else {
            Issue.record("no change")
            return
        }
        #expect(change.after?.contains("AROA") == false)
        #expect(change.grants.isEmpty)
        #expect(change.warnings.contains { $0.contains("AROAEXAMPLEID12345678") })
    }

    @Test(arguments: ["", "[]", "{}", #"{"Statement":"x"}"#, #"{"Statement":["x"]}"#, #"{"Statement":[]"#])
    func `A policy that cannot be read is a problem, never an empty policy`(live: String) {
        let entry = SharingRules().entry(
            for: Self.repository, live: Policy(live), wanted: [.fixture("444455556666 pull")])
        guard case .problem(let problem) = entry else {
            Issue.record("planned: \(entry)")
            return
        }
        #expect(problem.code == "unreadable-policy")
    }

    /// Guardrails and reviewers count grants: what a replaced statement granted must be among those taken away.
    @Test(arguments: [
        (pull + #","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}"#, ["444455556666 pull"]),
        (
            pull.replacing("\"444455556666\"", with: "[\"444455556666\",\"888899990000\"]")
                .replacing("\"ecr:BatchGetImage\"", with: "\"ecr:*\""),
            ["444455556666 push", "888899990000 push"]
        ),
        (pull.replacing("Allow", with: "Deny"), []),
    ]) func `Taking a statement over takes away what it granted`(statement: String, lost: [String]) throws {
        let live: Policy = #"{"Version":"2008-10-17","Statement":[{"Sid":"EcrShareAllowPull",\#(statement)}]}"#
        let rules = SharingRules(takeOver: true)
        let entry = rules.entry(for: Self.repository, live: live, wanted: [.fixture("555566667777 pull")])
        guard case .change(let change) = entry else {
            Issue.record("\(entry)")
            return
        }
        #expect(change.grants.removed.map { "\($0.grant.consumer) \($0.grant.access.rawValue)" } == lost)
        let header = PlanHeader(
            id: "x", createdAt: "2026-11-24T21:03:59Z", operation: .share, mode: .match, sidPrefix: "EcrShare",
            matrix: nil)
        try ChangeCheck(header).check(change)
    }
}
