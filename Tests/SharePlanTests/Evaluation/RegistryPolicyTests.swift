@testable import SharePlan
import AWSValues
import TestSupport
import Testing

@Suite struct RegistryPolicyTests {
    private func denied(_ statements: String...) throws -> [DeniedGrant] {
        let region = try #require(Region("us-east-1"))
        let text: Policy = #"{"Version":"2012-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
        let policy = try RegistryPolicy(text, of: Registry(account: owner, region: region))
        let name = try #require(RepositoryName("base/go"))
        return policy.deniedGrants(among: [Grant(consumer: .account(consumer), access: .pull)], on: name)
    }

    private func deny(_ resource: String, _ more: String = #""Principal":"*","Action":"ecr:*""#) -> String {
        #"{"Sid":"EcrShareNot","Effect":"Deny",\#(resource),\#(more)}"#
    }

    private static let arn = "arn:aws:ecr:us-east-1:111122223333:repository"

    @Test(arguments: [
        (#""Resource":"\#(arn)/base/*""#, 1), (#""Resource":["x","\#(arn)/*"]"#, 1), (#""Resource":"*""#, 1),
        (#""Resource":"\#(arn)/team/*""#, 0), (#""Resource":"arn:aws:ecr:eu-west-1:111122223333:repository/*""#, 0),
        (#""NotResource":"\#(arn)/base/*""#, 0), (#""NotResource":"\#(arn)/team/*""#, 1), (#""Sid2":1"#, 1),
    ]) func `A Deny counts for the repositories that it speaks of`(resource: String, count: Int) throws {
        #expect(try denied(deny(resource)).count == count)
    }

    @Test func `A Deny for others or for other actions defeats nothing`() throws {
        let all = #""Resource":"*""#
        #expect(try denied(deny(all, #""Principal":{"AWS":"777788889999"},"Action":"ecr:*""#)).isEmpty)
        #expect(try denied(deny(all, #""Principal":"*","Action":"ecr:ReplicateImage""#)).isEmpty)
        #expect(try denied(#"{"Effect":"Allow","Principal":"*","Action":"ecr:*","Resource":"*"}"#).isEmpty)
    }

    @Test func `What hangs on an unknown condition is not certain`() throws {
        let condition = #""Principal":"*","Action":"ecr:*","Condition":{"StringNotEquals":{"aws:SourceVpc":"vpc-1"}}"#
        let found = try denied(deny(#""Resource":"*""#, condition))
        #expect(found.map(\.isCertain) == [false])
        #expect(try denied(deny(#""Resource":"*""#)).map(\.isCertain) == [true])
    }

    /// What the plan of a repository with a policy comes to beside the registry's, checked as before its write.
    private func change(_ live: Policy?, _ registry: [String], _ wanted: String..., mode: MergeMode = .match) throws
        -> Change
    {
        let grants = wanted.map { WantedGrant.fixture($0) }
        let entry = SharingRules(mode: mode).entry(
            for: .fixture("111122223333 us-east-1 base/go"), live: live, wanted: grants)
        let text: Policy = #"{"Version":"2012-10-17","Statement":[\#(registry.joined(separator: ","))]}"#
        let region = try #require(Region("us-east-1"))
        let policy = try RegistryPolicy(text, of: Registry(account: owner, region: region))
        let planned = entry.beside(policy, wanted: grants, mode: mode)
        guard case .change(let change) = planned else { throw Broken("\(planned)") }
        try ChangeCheck(.share, mode, sidPrefix: "EcrShare").check(change)
        let line = PlanLine.entry(planned).bytes
        #expect(try PlanEntry(decoding: line[...]) == planned)
        // Without the registry's statements the plan would say something else than its documents do.
        if change.registryPolicy != nil {
            #expect(throws: ChangeObjection.misstatesAccess) {
                try ChangeCheck(.share, mode, sidPrefix: "EcrShare").check(
                    change.beside(registry: nil, change.access, warnings: change.warnings))
            }
        }
        return change
    }

    /// What a plan says of one change, a sentence for each clause.
    private func clauses(_ change: Change) -> [String] {
        PlanGroups.Group(change).clauses.map { "\($0.names.joined(separator: "+")) \($0.verb) \($0.access)" }
    }

    private static let pullActions =
        #"["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer","ecr:BatchCheckLayerAvailability"]"#
    private static let pushActions =
        String(pullActions.dropLast())
        + #","ecr:PutImage","ecr:InitiateLayerUpload","ecr:UploadLayerPart","ecr:CompleteLayerUpload"]"#

    private func allow(_ sid: String, _ accounts: String..., actions: String = pullActions) -> String {
        let names = accounts.map { "\"arn:aws:iam::\($0):root\"" }.joined(separator: ",")
        return #"{"Sid":"\#(sid)","Effect":"Allow","Principal":{"AWS":[\#(names)]},"Action":\#(actions)}"#
    }

    private func denied(_ action: String, _ account: String, _ more: String = "") -> String {
        #"{"Sid":"No","Effect":"Deny","Principal":{"AWS":"\#(account)"},"Action":"\#(action)","Resource":"*"\#(more)}"#
    }

    @Test func `Who cannot pull because of the registry neither keeps, gains nor loses it`() throws {
        let manifests = denied("ecr:BatchGetImage", "444455556666")
        let foreign = policy(
            allow("Cross", "444455556666"), allow("EcrShareAllowPull", "444455556666", "666677778888"))
        #expect(try clauses(change(foreign, [manifests], "666677778888 pull")) == [])
        let pushing = policy(
            allow("EcrShareAllowPullAndPush", "444455556666", "666677778888", actions: Self.pushActions))
        let narrowed = try clauses(change(pushing, [manifests], "444455556666 pull", "666677778888 pull"))
        #expect(narrowed.contains(#"666677778888 LOSES push but keeps pull through statement "EcrShareAllowPull""#))
        #expect(!narrowed.contains { $0.contains("444455556666") && $0.contains("keep") }, "\(narrowed)")
        let given = try change(nil, [denied("ecr:*", "444455556666")], "444455556666 pull")
        #expect(given.access.gained.isEmpty && given.registryPolicy != nil)
        #expect(
            given.warnings == [#"statement "No" of the registry policy denies pull to 444455556666"#])
        var summary = PlanSummary()
        summary.count(.change(given))
        #expect(summary.grantsAdded == 0)
    }

    @Test func `What the registry denies of an access does not hide the rest of it`() throws {
        let tags = denied("ecr:PutImage", "444455556666")
        #expect(
            try clauses(change(nil, [tags], "444455556666 push")) == [
                "444455556666 gains pull and ecr:CompleteLayerUpload ecr:InitiateLayerUpload ecr:UploadLayerPart"
            ])
        let pushing = policy(allow("EcrShareAllowPullAndPush", "444455556666", actions: Self.pushActions))
        #expect(
            try clauses(change(pushing, [tags])) == [
                "444455556666 LOSES pull and ecr:CompleteLayerUpload ecr:InitiateLayerUpload ecr:UploadLayerPart"
            ])
    }

    @Test func `What the registry may deny or allow is a doubt`() throws {
        let outside = #","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}"#
        let denies = [denied("ecr:*", "444455556666", outside)]
        let given = policy(allow("EcrShareAllowPull", "444455556666"))
        let doubt = "depends on the value of aws:SourceVpce"
        #expect(try clauses(change(nil, denies, "444455556666 pull")) == ["444455556666 may gain pull; it \(doubt)"])
        #expect(
            try clauses(change(given, denies)) == [
                "444455556666 LOSES pull, if that was possible before, which \(doubt)"
            ])
        let allows = allow("All", "444455556666").replacing(#""Action""#, with: #""Resource":"*","Action""#)
        #expect(
            try clauses(change(given, [allows])) == [
                "444455556666 MAY LOSE pull; it depends on whether an Allow of the registry policy is enough"
            ])
        let foreign = policy(allow("Cross", "444455556666"), allow("EcrShareAllowPull", "444455556666"))
        #expect(
            try clauses(change(foreign, denies)) == [
                #"444455556666 may keep pull through statement "Cross"; it \#(doubt)"#
            ])
    }

    @Test func `A member of an organization whom the registry denies leaves the others their gain`() throws {
        let member = denied("ecr:BatchGetImage", "444455556666")
        let change = try change(nil, [member], "o-a1b2c3d4e5 pull")
        #expect(clauses(change) == ["organization o-a1b2c3d4e5 gains pull"])
        #expect(
            change.warnings == [
                #"statement "No" of the registry policy may deny pull to o-a1b2c3d4e5; it depends on whether the request "#
                    + "comes from 444455556666"
            ])
    }

    @Test func `An Allow of the registry for what is to be removed is a warning, also where nothing changes`() throws {
        let region = try #require(Region("us-east-1"))
        let allows = allow("All", "444455556666").replacing(#""Action""#, with: #""Resource":"*","Action""#)
        let registry = try RegistryPolicy(
            #"{"Version":"2012-10-17","Statement":[\#(allows)]}"#, of: Registry(account: owner, region: region)
        )
        let removed = [WantedGrant.fixture("444455556666 pull")]
        let entry = SharingRules(mode: .remove).entry(
            for: .fixture("111122223333 us-east-1 base/go"), live: policy(allow("EcrShareAllowPull", "777788889999")),
            wanted: removed)
        guard case .unchanged(let unchanged) = entry.beside(registry, wanted: removed, mode: .remove) else {
            throw Broken("\(entry)")
        }
        #expect(
            unchanged.warnings == [
                #"statement "All" of the registry policy may still allow what is removed from 444455556666; it depends on "#
                    + "whether an Allow of the registry policy is enough"
            ])
    }

    private func access(_ live: Policy?, _ statements: String...) throws -> [String] {
        let region = try #require(Region("us-east-1"))
        let repository = RepositoryID(
            registry: Registry(account: owner, region: region), name: try #require(RepositoryName("base/go")))
        let text: Policy = #"{"Version":"2012-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
        let access = try RepositoryAccess(
            of: repository, policy: live, registry: RegistryPolicy(text, of: repository.registry),
            sidPrefix: "EcrShare", adopt: Adoption(unprefixed: false), wanted: [])
        return AccessReport.text(width: nil).lines(for: access).split(separator: "\n").dropFirst().map { line in
            line.split(separator: " ").joined(separator: " ")
        }
    }

    @Test func `Who has what takes the registry policy in`() throws {
        let pull = #""ecr:BatchGetImage","ecr:GetDownloadUrlForLayer","ecr:BatchCheckLayerAvailability""#
        let live: Policy =
            #"{"Version":"2012-10-17","Statement":[{"Sid":"Team","Effect":"Allow","Principal":{"AWS":"\#(consumer)"},"#
            + #""Action":[\#(pull)]}]}"#
        let denied = try access(live, deny(#""Resource":"*""#))
        #expect(denied.contains { $0.hasPrefix("\(consumer) DENIED pull") && $0.contains("of the registry policy") })
        #expect(!denied.contains { $0.hasPrefix("\(consumer) pull") })
        // AWS does not say that an Allow of the registry is enough.
        let allow =
            #"{"Sid":"All","Effect":"Allow","Principal":{"AWS":"\#(consumer)"},"Action":[\#(pull)],"Resource":"*"}"#
        let allowed = try access(nil, allow)
        #expect(
            allowed == [
                "\(consumer) perhaps pull (depends on whether an Allow of the registry policy is enough) "
                    + "statement \"All\" of the registry policy"
            ])
        let replication =
            #"{"Sid":"R","Effect":"Allow","Principal":{"AWS":"\#(consumer)"},"#
            + #""Action":["ecr:CreateRepository","ecr:ReplicateImage"],"Resource":"*"}"#
        #expect(try access(nil, replication) == [])
    }

    @Test func `A registry's Allow by which somebody keeps what he loses is a warning, and so is one for everybody`()
        throws
    {
        let region = try #require(Region("us-east-1"))
        let repository = RepositoryID(
            registry: Registry(account: owner, region: region), name: try #require(RepositoryName("base/go")))
        func registry(_ principal: String) throws -> RegistryPolicy {
            try RegistryPolicy(
                #"{"Version":"2012-10-17","Statement":[{"Sid":"All","Effect":"Allow","Principal":"#
                    + #"\#(principal),"Action":"ecr:*","Resource":"*"}]}"#, of: repository.registry)
        }
        let wanted = [WantedGrant(Grant(consumer: .account(consumer), access: .pull))]
        guard case .change(let given) = SharingRules().entry(for: repository, live: nil, wanted: wanted) else {
            Issue.record("no change")
            return
        }
        let taking = SharingRules().entry(for: repository, live: given.after, wanted: [])
        guard case .change(let kept) = try taking.beside(registry(#"{"AWS":"\#(consumer)"}"#), wanted: []),
            case .change(let open) = try taking.beside(registry(#""*""#), wanted: [])
        else {
            Issue.record("no change")
            return
        }
        #expect(
            kept.warnings == [
                "statement \"All\" of the registry policy may still allow what is removed from \(consumer); it depends on "
                    + "whether an Allow of the registry policy is enough"
            ])
        #expect(open.warnings.contains { $0.contains("may open the repository to everyone with AWS credentials") })
        try ChangeCheck(.share, .match, sidPrefix: "EcrShare").check(open)
    }
}
