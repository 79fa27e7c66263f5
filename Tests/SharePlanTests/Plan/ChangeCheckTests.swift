import AWSValues
import SharePlan
import TestSupport
import Testing

@Suite struct ChangeCheckTests {
    private static let repository = RepositoryID.fixture("111122223333 us-east-1 base/go")
    private static let foreign =
        #"{"Sid":"new statement","Effect":"Allow","Principal":{"AWS":"777788889999"},"Action":"ecr:BatchGetImage"}"#
    private static let guide =
        #"{"Sid":"AllowPull","Effect":"Allow","Principal":{"AWS":"666677778888"},"Action":["ecr:GetDownloadUrlForLayer","#
        + #""ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"]}"#

    private static func policy(_ statements: String...) -> Policy {
        #"{"Version":"2008-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
    }

    private static func header(_ operation: PlanHeader.Operation = .share, _ mode: MergeMode = .match) -> PlanHeader {
        PlanHeader(
            id: "20261124T210359Z-3f9a1c", createdAt: "2026-11-24T21:03:59Z", operation: operation, mode: mode,
            sidPrefix: "EcrShare", matrix: nil, undoes: operation == .rollback ? "x" : nil)
    }

    private static func change(_ rules: SharingRules, live: Policy?, _ wanted: String...) throws -> Change {
        let entry = rules.entry(for: repository, live: live, wanted: wanted.map { .fixture($0) })
        guard case .change(let change) = entry else { throw NoChange(entry: entry) }
        return change
    }

    struct NoChange: Error {
        let entry: PlanEntry
    }

    private static let lives: [Policy?] = [
        nil, policy(foreign), policy(guide), policy(guide, foreign),
        policy(guide.replacing("\"AllowPull\"", with: "\"EcrShareAllowPull\""), foreign),
    ]

    @Test(arguments: [MergeMode.match, .add], lives)
    func `Whatever the rules plan may be sent, and so may its undoing`(mode: MergeMode, live: Policy?) throws {
        for adopt in [false, true] {
            let change = try Self.change(
                SharingRules(mode: mode, adopt: adopt), live: live, "444455556666 push", "o-a1b2c3d4e5 pull")
            #expect(throws: Never.self) { try ChangeCheck(Self.header(.share, mode)).check(change) }
            let undoing = RollbackRules(sidPrefix: "EcrShare").entry(undoing: change, live: change.after)
            guard case .change(let undo) = undoing else { throw NoChange(entry: undoing) }
            #expect(throws: Never.self) { try ChangeCheck(Self.header(.rollback)).check(undo, undoing: change) }
        }
    }

    @Test(arguments: [
        nil, "{", policy(), policy(guide), policy(foreign, guide),
        policy(foreign.replacing("777788889999", with: "123412341234")),
        policy(foreign, #"{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage"}"#),
        policy(
            foreign,
            #"{"Sid":"EcrShareAllowPullOrg","Effect":"Deny","Principal":{"AWS":"4"},"Action":"ecr:BatchGetImage"}"#),
    ]) func `Another document than the planned one is refused`(after: Policy?) throws {
        let planned = try Self.change(SharingRules(), live: Self.policy(Self.foreign), "444455556666 pull")
        let change = Change(repository: Self.repository, before: planned.before, after: after, grants: planned.grants)
        for operation in [PlanHeader.Operation.share, .rollback] {
            #expect(throws: ChangeObjection.self) { try ChangeCheck(Self.header(operation)).check(change) }
        }
    }

    @Test func `A document that grants what the plan does not say is refused`() throws {
        let planned = try Self.change(SharingRules(), live: nil, "444455556666 pull", "555566667777 pull")
        for grants in [
            GrantDifference(), GrantDifference(added: Array(planned.grants.added.dropLast())),
            GrantDifference(added: planned.grants.added, removed: [.fixture("666677778888 pull")]),
        ] {
            let change = Change(repository: Self.repository, before: nil, after: planned.after, grants: grants)
            #expect(throws: ChangeObjection.self) { try ChangeCheck(Self.header()).check(change) }
        }
    }

    @Test func `A plan that only adds takes nothing away`() throws {
        let live = try Self.change(SharingRules(), live: nil, "444455556666 pull").after
        let change = try Self.change(SharingRules(), live: live, "555566667777 pull")
        #expect(throws: Never.self) { try ChangeCheck(Self.header()).check(change) }
        #expect(throws: ChangeObjection.self) { try ChangeCheck(Self.header(.share, .add)).check(change) }
        #expect(throws: ChangeObjection.self) { try ChangeCheck(Self.header(.share, .remove)).check(change) }
    }

    @Test func `What a run replaced may be restored only as it was, and never open`() throws {
        let open = #"{"Sid":"EcrShareAllowPull","Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage"}"#
        let edited = open.replacing("\"*\"", with: #"{"AWS":"444455556666"}"#)
        for (statement, isRestored) in [(edited, true), (open, false)] {
            let change = try Self.change(
                SharingRules(takeOver: true), live: Self.policy(Self.foreign, statement), "444455556666 pull")
            let entry = RollbackRules(sidPrefix: "EcrShare").entry(undoing: change, live: change.after)
            let check = ChangeCheck(Self.header(.rollback))
            guard isRestored else {
                guard case .problem(let problem) = entry else { throw NoChange(entry: entry) }
                #expect(problem.code == "not-restorable", "what cannot be done is not planned")
                let undo = Change(
                    repository: Self.repository, before: change.after, after: change.before,
                    grants: GrantDifference(removed: change.grants.added))
                #expect(throws: ChangeObjection.self) { try check.check(undo, undoing: change) }
                continue
            }
            guard case .change(let undo) = entry else { throw NoChange(entry: entry) }
            #expect(throws: Never.self) { try check.check(undo, undoing: change) }
            #expect(throws: ChangeObjection.self, "nobody knows what was undone") { try check.check(undo) }
        }
    }

    @Test func `Ids of deleted principals are named with the foreign statement that has them`() {
        let statements = ["gone", "", "EcrShareAllowPull"].map { sid in
            #"{"Sid":"\#(sid)","Effect":"Allow","Principal":{"AWS":["AIDAEXAMPLE","444455556666"]},"Action":"ecr:*"}"#
        }
        let policy: Policy = #"{"Version":"2008-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
        let change = Change(
            repository: .fixture("111122223333 us-east-1 base/a"), before: policy, after: policy,
            grants: GrantDifference())
        #expect(
            change.foreignDeletedPrincipals(sidPrefix: "EcrShare")
                == [#"AIDAEXAMPLE in the foreign statement "gone""#, "AIDAEXAMPLE in the foreign statement 2"])
    }
}
