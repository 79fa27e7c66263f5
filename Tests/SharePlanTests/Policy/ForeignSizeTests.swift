import AWSValues
import OrderedJSON
@testable import SharePlan
import TestSupport
import Testing

/// Foreign statements that ECR printed longer than they were sent.
@Suite struct ForeignSizeTests {
    private static let repository = RepositoryID.fixture("111122223333 us-east-1 base/go")
    private static let consumers = [WantedGrant.fixture("444455556666 pull"), .fixture("555566667777 pull")]

    private static func ids(_ count: Int) -> [String] { (0..<count).map { String(200_000_000_000 + $0) } }

    /// As ECR prints it: root ARNs.
    private static func foreign(_ count: Int, sid: String = "team") -> String {
        let arns = ids(count).map { #""arn:aws:iam::\#($0):root""# }.joined(separator: ",")
        return #"{"Sid":"\#(sid)","Effect":"Allow","Principal":{"AWS":[\#(arns)]},"Action":"ecr:BatchGetImage"}"#
    }

    private static func live(_ count: Int) throws -> Policy {
        let alone: Policy = #"{"Version":"2008-10-17","Statement":[\#(foreign(count))]}"#
        guard let after = try SharingRules(maximumPolicySize: 10_240).change(on: repository, alone, consumers)?.after
        else { throw Broken("nothing to do") }
        return Policy(
            try JSONValue(parsing: after).pretty.replacing(/"(\d{12})"/) { "\"arn:aws:iam::\($0.1):root\"" })
    }

    @Test(arguments: [10, 300, 400, 600], [MergeMode.match, .remove])
    func `Taking access away is never refused because ECR prints foreign account ids long`(
        count: Int, mode: MergeMode
    ) throws {
        let live = try Self.live(count)
        let wanted = mode == .remove ? Self.consumers : []
        for limit in [1_000, 10_000, 10_240] {
            let change = try #require(
                try SharingRules(mode: mode, maximumPolicySize: limit).change(on: Self.repository, live, wanted))
            #expect(change.size <= 10_240 && change.grants.removed.count == 2)
            let alone: Policy = #"{"Version":"2008-10-17","Statement":[\#(Self.foreign(count))]}"#
            #expect(Policy.haveSameMeaning(change.after, alone, in: .aws))
            try ChangeCheck(PlanSamples.header).check(change)
        }
    }

    @Test func `Grants fit beside a foreign statement that was sent with account ids`() throws {
        let live: Policy = #"{"Version":"2008-10-17","Statement":[\#(Self.foreign(500))]}"#
        let change = try #require(try SharingRules().change(on: Self.repository, live, Self.consumers))
        #expect(change.size <= SharingRules.defaultMaximumPolicySize)
        try ChangeCheck(PlanSamples.header).check(change)
        #expect(try SharingRules().change(on: Self.repository, change.after, Self.consumers) == nil)
        // What fits as it is stays as it is.
        let small: Policy = #"{"Version":"2008-10-17","Statement":[\#(Self.foreign(100))]}"#
        let kept = try #require(try SharingRules().change(on: Self.repository, small, Self.consumers))
        #expect(kept.after?.contains(Self.foreign(100)) == true)
    }

    @Test func `Size is reported and limited in characters, whatever bytes they take`() throws {
        let emoji = String(repeating: "😀", count: 7_800)
        let live: Policy =
            #"{"Version":"2008-10-17","Statement":[{"Sid":"\#(emoji)","Effect":"Allow","Principal":{"AWS":"222233334444"},"#
            + #""Action":"ecr:BatchGetImage"}]}"#
        let change = try #require(try SharingRules().change(on: Self.repository, live, Self.consumers))
        #expect(change.size == change.after?.text.unicodeScalars.count && change.size < 8_500)
        try ChangeCheck(PlanSamples.header).check(change)
        let many = Self.ids(400).compactMap { AccountID($0) }.map {
            WantedGrant(Grant(consumer: .account($0), access: .pull))
        }
        guard case .problem(let problem) = SharingRules().entry(for: Self.repository, live: live, wanted: many) else {
            return #expect(Bool(false), "not refused")
        }
        #expect(
            problem.message.hasPrefix("400 grants beside 1 foreign statement need at least 14091"), "\(problem.message)"
        )
    }

    /// An account id for its root ARN, in a principal, and nothing else.
    @Test func `The judge accepts that spelling of a foreign statement and no other`() throws {
        let judge = DocumentCheck(mode: .match, sidPrefix: "EcrShare", owner: Self.repository.account, partition: .aws)
        let text: Policy = #"{"Version":"2008-10-17","Statement":[STATEMENT]}"#
        func check(_ before: String, _ after: String) -> Bool {
            let (live, proposed) = (text.replacing("STATEMENT", with: before), text.replacing("STATEMENT", with: after))
            do { try judge.check(live: live, proposed: proposed, wanted: []) } catch { return false }
            return true
        }
        let arn =
            #"{"Sid":"x","Effect":"Deny","Principal":{"AWS":["arn:aws:iam::222233334444:root","arn:aws:iam::5:root"]}}"#
        let id = arn.replacing("arn:aws:iam::222233334444:root", with: "222233334444")
        #expect(check(arn, id) && check(arn, arn) && check(id, id))
        #expect(
            check(
                #"{"Principal":{"AWS":"arn:aws:iam::222233334444:root"}}"#, #"{"Principal":{"AWS":"222233334444"}}"#))
        for (before, after) in [
            (id, arn), (arn, id.replacing("222233334444", with: "222233334445")),
            (arn, arn.replacing("arn:aws:iam::5:root", with: "5")), (arn, id.replacing("Deny", with: "Allow")),
            (arn, id.replacing(",\"arn:aws:iam::5:root\"", with: "")),
            (arn.replacing("arn:aws:", with: "arn:aws-cn:"), id.replacing("arn:aws:", with: "arn:aws-cn:")),
            (arn.replacing("Principal", with: "NotPrincipal"), id.replacing("Principal", with: "NotPrincipal")),
            (arn.replacing("AWS", with: "Other"), id.replacing("AWS", with: "Other")),
            (
                #"{"Principal":{"AWS":["arn:aws:iam::222233334444:root"]}}"#, #"{"Principal":{"AWS":"222233334444"}}"#
            ),
        ] { #expect(!check(before, after), "\(before) → \(after)") }
    }

    @Test func `A foreign statement that ECR refuses today is named`() throws {
        let statement =
            #"{"Sid":"old","Effect":"Allow","Principal":{"AWS":"222233334444"},"Action":["ecr:getauthorizationToken"]}"#
        for (statement, word) in [
            (statement, "ecr:getauthorizationToken"),
            (statement.replacing("ecr:getauthorizationToken\"]", with: "ecr:*\"],\"Resource\":\"*\""), "Resource"),
        ] {
            let live: Policy = #"{"Version":"2008-10-17","Statement":[\#(statement)]}"#
            let change = try #require(try SharingRules().change(on: Self.repository, live, Self.consumers))
            #expect(change.warnings.contains { $0.contains("\"old\" has") && $0.contains(word) }, "\(change.warnings)")
        }
    }

    @Test(arguments: ["[]", "[[]]", "{}", "null", "\"\""])
    func `A foreign statement for nobody is neither adopted nor a broken promise`(names: String) throws {
        let live: Policy =
            #"{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":\#(names)},"#
            + #""Action":["ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]}]}"#
        let change = try #require(try SharingRules(adopt: true).change(on: Self.repository, live, Self.consumers))
        #expect(!change.warnings.contains { $0.contains("adopt") }, "\(change.warnings)")
    }

    @Test func `Who keeps access after a removal is named with the statement`() throws {
        let guide =
            #"{"Sid":"AllowPull","Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":["ecr:GetDownloadUrlForLayer","#
            + #""ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]}"#
        let live: Policy = #"{"Version":"2008-10-17","Statement":[\#(guide)]}"#
        let entry = SharingRules(mode: .remove).entry(for: Self.repository, live: live, wanted: Self.consumers)
        guard case .unchanged(let unchanged) = entry else { return #expect(Bool(false), "\(entry)") }
        #expect(unchanged.warnings.contains(#"statement "AllowPull" still allows what is removed from 444455556666"#))
    }

    @Test func `A plan may drop a foreign statement only where it says that it adopts it`() throws {
        let guide =
            #"{"Sid":"AllowPull","Effect":"Allow","Principal":{"AWS":"666677778888"},"Action":["ecr:GetDownloadUrlForLayer","#
            + #""ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]}"#
        let live: Policy = #"{"Version":"2008-10-17","Statement":[\#(guide)]}"#
        let adopting = try #require(try SharingRules(adopt: true).change(on: Self.repository, live, Self.consumers))
        try ChangeCheck(PlanSamples.header).check(adopting)
        let silent = Change(
            repository: adopting.repository, before: adopting.before, after: adopting.after, grants: adopting.grants)
        #expect(throws: ChangeObjection.self) { try ChangeCheck(PlanSamples.header).check(silent) }
    }
}
