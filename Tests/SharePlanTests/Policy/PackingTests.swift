import AWSValues
import OrderedJSON
import SharePlan
import TestSupport
import Testing

/// Many accounts in one document of at most 10,240 characters.
@Suite struct PackingTests {
    private let repository = RepositoryID.fixture("111122223333 us-east-1 base/python")

    private func entry(accounts: Int, rules: SharingRules = SharingRules()) -> PlanEntry {
        let wanted = (0..<accounts).compactMap { AccountID(String(100_000_000_000 + $0)) }
            .map { WantedGrant(Grant(consumer: .account($0), access: .pull)) }
        return rules.entry(for: repository, live: nil, wanted: wanted)
    }

    @Test(arguments: [1, 280, 295, 296, 297, 400, 600, 650])
    func `Accounts are root ARNs while they fit, then bare ids for as many as needed`(count: Int) throws {
        guard case .change(let change) = entry(accounts: count), let after = change.after else {
            Issue.record("refused")
            return
        }
        #expect(change.size <= SharingRules.defaultMaximumPolicySize)
        let bare = after.text.split(separator: "\"").count { AccountID($0) != nil }
        let roomForOneMore = SharingRules.defaultMaximumPolicySize - change.size
        #expect(bare == 0 || roomForOneMore < 18, "\(bare) bare ids with \(roomForOneMore) characters to spare")
        guard case .unchanged = SharingRules().entry(for: repository, live: after, wanted: change.grants.added) else {
            Issue.record("not settled")
            return
        }
    }

    @Test func `What does not fit is refused with the count, the size and what would fit`() {
        guard case .problem(let problem) = entry(accounts: 1_200) else {
            Issue.record("not refused")
            return
        }
        #expect(problem.code == "policy-too-large")
        for part in ["1200 grants", "18199", "10000", "10240", "organization"] {
            #expect(problem.message.contains(part), "\(part) is missing in: \(problem.message)")
        }
    }

    @Test func `The margin holds for a policy that ECR has printed with root ARNs`() throws {
        guard case .change(let change) = entry(accounts: 400), let sent = change.after else {
            Issue.record("refused")
            return
        }
        let printed = try JSONValue(parsing: sent).pretty.replacing(/"(\d{12})"/) { "\"arn:aws:iam::\($0.1):root\"" }
        let wanted = (0..<620).compactMap { AccountID(String(100_000_000_000 + $0)) }
            .map { WantedGrant(Grant(consumer: .account($0), access: .pull)) }
        for (rules, isTooLarge) in [(SharingRules(), true), (SharingRules(maximumPolicySize: 10_240), false)] {
            let entry = rules.entry(for: repository, live: Policy(printed), wanted: wanted)
            if case .problem(let problem) = entry {
                #expect(isTooLarge && problem.code == "policy-too-large", "\(problem.message)")
            } else if case .change(let change) = entry {
                #expect(change.size <= rules.maximumPolicySize, "\(change.size)")
            } else {
                Issue.record("\(entry)")
            }
        }
    }

    @Test func `Taking access away is not refused, however large the policy is`() throws {
        let large = SharingRules(maximumPolicySize: 10_240)
        guard case .change(let change) = entry(accounts: 660, rules: large), let after = change.after else {
            Issue.record("refused")
            return
        }
        let fewer = Array(change.grants.added.dropFirst())
        guard case .change = SharingRules(maximumPolicySize: 5_000).entry(for: repository, live: after, wanted: fewer)
        else {
            Issue.record("refused to shrink")
            return
        }
    }
}
