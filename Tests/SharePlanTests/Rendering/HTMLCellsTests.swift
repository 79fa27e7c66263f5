import SharePlan
import TestSupport
import Testing

/// The heat map never claims more or less than the evaluator says of each consumer.
@Suite struct HTMLCellsTests {
    @Test func `Whom a Deny leaves out is not drawn as denied, and whom an Allow leaves out not as granted`() throws {
        let notInside = #"{"StringNotEquals":{"aws:PrincipalOrgID":"o-inside0000"}}"#
        let organization = "o-inside0000"
        let denied = SamplePlan.policy(
            pull: ["444455556666"], organization: organization,
            foreign: [statement("D", "Deny", #""*""#, #""ecr:*""#, notInside)])
        let cells = try cells(before: nil, after: denied, added: ["444455556666 pull", "\(organization) pull"])
        #expect(cells[organization] == "added pull")
        let allowed = statement("A", "Allow", #""*""#, Self.pull, notInside)
        let open = try self.cells(
            before: SamplePlan.policy(foreign: [allowed]),
            after: SamplePlan.policy(pull: ["444455556666"], foreign: [allowed]), added: ["444455556666 pull"])
        #expect(open[organization] == nil)
        #expect(open["*"] == "foreign pull")
    }

    @Test func `Who gets nothing since a foreign statement denies it is denied, neither kept nor added`() throws {
        for (principal, condition) in [
            (#"{"AWS":"arn:aws:iam::555566667777:root"}"#, nil),
            (#""*""#, #"{"StringNotEquals":{"aws:PrincipalAccount":["444455556666","111122223333"]}}"#),
        ] as [(String, String?)] {
            let deny = statement("D", "Deny", principal, #""ecr:*""#, condition)
            let cells = try cells(
                before: SamplePlan.policy(pull: ["444455556666"], foreign: [deny]),
                after: SamplePlan.policy(pull: ["444455556666", "555566667777"], foreign: [deny]),
                added: ["555566667777 pull"])
            #expect(cells["555566667777"] == "denied")
            #expect(cells["444455556666"] == "kept pull")
        }
    }

    @Test func `Who is denied a part keeps the rest, and a Deny is no grant`() throws {
        let deny = statement(
            "D", "Deny", #"{"AWS":"arn:aws:iam::444455556666:root"}"#, #""ecr:PutImage""#, nil)
        let policy = SamplePlan.policy(push: ["444455556666"], foreign: [deny])
        #expect(try access(policy)["444455556666"]?.contains("denied") == false)
        #expect(try access(policy)["444455556666"]?.hasPrefix("kept") == true)
        let doubtful = statement(
            "D", "Deny", #""*""#, #""ecr:*""#, #"{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}"#)
        #expect(
            try access(SamplePlan.policy(pull: ["444455556666"], foreign: [doubtful]))["444455556666"]
                == "kept pull perhaps")
        let gained = try cells(
            before: SamplePlan.policy(foreign: [doubtful]),
            after: SamplePlan.policy(pull: ["444455556666"], foreign: [doubtful]), added: ["444455556666 pull"])
        #expect(gained["444455556666"] == "added pull perhaps")
    }

    @Test func `A date that has passed on the day of the plan is decided`() throws {
        for (date, expected) in [("DateGreaterThan", "foreign pull"), ("DateLessThan", nil)] as [(String, String?)] {
            let open = statement(
                "Dated", "Allow", #""*""#, Self.pull, #"{"\#(date)":{"aws:CurrentTime":"2020-01-01T00:00:00Z"}}"#)
            let cells = try cells(
                before: SamplePlan.policy(foreign: [open]),
                after: SamplePlan.policy(pull: ["444455556666"], foreign: [open]), added: ["444455556666 pull"])
            #expect(cells["*"] == expected)
        }
    }

    @Test func `Words of conditions are no consumers, and everybody's functions are not everybody`() throws {
        let cells = try access(
            SamplePlan.policy(foreign: [
                statement("N", "Allow", #""*""#, Self.pull, #"{"Null":{"aws:PrincipalOrgID":"false"}}"#),
                statement(
                    "V", "Allow", #""*""#, Self.pull,
                    #"{"StringEquals":{"aws:PrincipalOrgID":"${aws:ResourceOrgID}"}}"#),
                statement("L", "Allow", #"{"Service":"lambda.amazonaws.com"}"#, #""ecr:BatchGetImage""#, nil),
            ]))
        #expect(cells["false"] == nil && cells["${aws:ResourceOrgID}"] == nil)
        #expect(cells["o-*"]?.contains("foreign") == true)
        #expect(cells["*"]?.contains("lambda") != true)
    }

    @Test func `A row that was not started shows what is there, through whose statement`() throws {
        let live = statement("their own", "Allow", #"{"AWS":"arn:aws:iam::444455556666:root"}"#, Self.pull, nil)
        let entry = SamplePlan.change(
            "111122223333 us-east-1 base/go", before: SamplePlan.policy(foreign: [live]),
            after: SamplePlan.policy(pull: ["444455556666", "555566667777"]), added: ["555566667777 pull"])
        let plan = SamplePlan(name: "adopting", header: SamplePlan.header(), entries: [entry])
        let run = RunReport(header: plan.header, summary: PlanSummary(), phase: .finished(.interrupted))
        let cells = try cells(plan, run)
        #expect(cells["444455556666"] == "foreign pull")
        #expect(cells["555566667777"] == "added pull")
        #expect(try self.cells(plan)["444455556666"] == "kept pull")
    }

    private static let pull =
        #"["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]"#

    private func statement(
        _ sid: String, _ effect: String, _ principal: String, _ action: String, _ condition: String?
    ) -> String {
        #"{"Sid":"\#(sid)","Effect":"\#(effect)","Principal":\#(principal),"Action":\#(action)"#
            + (condition.map { #","Condition":\#($0)"# } ?? "") + "}"
    }

    private func cells(before: Policy?, after: Policy?, added: [String] = []) throws -> [String: String] {
        let entry = SamplePlan.change("111122223333 us-east-1 base/go", before: before, after: after, added: added)
        return try cells(SamplePlan(name: "cells", header: SamplePlan.header(), entries: [entry]))
    }

    private func cells(_ plan: SamplePlan, _ run: RunReport? = nil) throws -> [String: String] {
        var renderer = HTMLPlanRenderer(header: plan.header, run: run)
        return try PageData(page: renderer.render(plan.entries, digest: plan.digest)).cells("base/go")
    }

    private func access(_ policy: Policy) throws -> [String: String] {
        let access = try RepositoryAccess(
            of: .fixture("111122223333 us-east-1 base/go"), policy: policy, sidPrefix: "EcrShare", adopt: .nothing,
            wanted: nil)
        var page = HTMLAccessRenderer(title: "test", sidPrefix: "EcrShare")
        page.add(HTMLAccessRow(access, policy: policy, sidPrefix: "EcrShare"))
        return try PageData(page: page.takeOutput() + page.finish()).cells("base/go")
    }
}
